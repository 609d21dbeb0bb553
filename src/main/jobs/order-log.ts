import type { LogEntry, OrderLogPage } from '../../contract/order-log.ts';
import { NOT_SENT_REASONS, ROW_STATES } from '../../contract/outcome.ts';
import { JOB_STATES, PAUSE_REASONS } from '../../contract/job.ts';
import type { Bilingual } from '../../contract/text.ts';
import { JOB_WORDS, PAUSE_WORDS, REASON_WORDS, STATE_WORDS } from '../../contract/words.ts';
import type { LogFact, OrderFacts } from './journal/order-log.ts';

/** How a call ended, for a person. */
const HOW: Readonly<Record<string, Bilingual>> = {
  answered: { zh: '供应商已答复', en: 'the vendor answered' },
  rejected: { zh: '被拒绝，确定没有执行', en: 'it was rejected and surely not acted on' },
  batch_failed: { zh: '整批未执行', en: 'its whole batch was not acted on' },
  unknown: { zh: '没有可信的答复', en: 'no trustworthy answer came' },
  crash: { zh: '程序在答复之前中断', en: 'the program ended before the answer' },
};

const both = (first: Bilingual, next: Bilingual | null): Bilingual =>
  next === null ? first : { zh: `${first.zh}：${next.zh}`, en: `${first.en}: ${next.en}` };

/** A page of an order's log in words. Nothing of a customer and no value that was written stands in it. */
export function orderLogPage({ total, complete, facts }: OrderFacts): OrderLogPage {
  const entries = facts.map((fact): LogEntry => {
    const { atMs, kind, jobId, line, accountLabel } = fact;
    return { atMs, kind, jobId, line, accountLabel, text: wordsOf(fact) };
  });
  return { total, complete, entries };
}

function wordsOf(fact: LogFact): Bilingual {
  const { data } = fact;
  switch (fact.kind) {
    case 'imported':
      return importedWords(data);
    case 'seen':
      return data['read'] === true
        ? { zh: '已读取现值', en: 'its present value was read' }
        : { zh: '现值读取失败', en: 'its present value could not be read' };
    case 'sent': {
      const n = String(data['attempts']);
      return {
        zh: `已发送（共 ${n} 次，此为最后一次）`,
        en: `sent (the last of ${n} ${n === '1' ? 'call' : 'calls'})`,
      };
    }
    case 'answered': {
      const how = HOW[String(data['how'])] ?? { zh: '调用结束', en: 'the call ended' };
      const id = data['requestId'];
      return typeof id !== 'string' ? how : { zh: `${how.zh}（请求编号 ${id}）`, en: `${how.en} (request ${id})` };
    }
    case 'read_again':
      return { zh: '向供应商查证过', en: 'it was read at the vendor, to verify' };
    case 'outcome':
      return outcomeWords(fact);
    case 'decided': {
      const state = ROW_STATES.find((one) => one === data['as']);
      const word = state === undefined ? null : STATE_WORDS[state].words;
      return both({ zh: '由您判定', en: 'decided by a person' }, word);
    }
    case 'edited':
      return data['dropped'] === true
        ? { zh: '修改已撤回', en: 'the edit was dropped' }
        : { zh: '由您修改', en: 'edited by a person' };
    case 'moved':
      return { zh: `由后续任务 ${String(data['to'])} 接手`, en: `taken over by follow-up job ${String(data['to'])}` };
    case 'job':
      return jobWords(data);
  }
}

function importedWords(data: LogFact['data']): Bilingual {
  const parent = String(data['parent']);
  if (data['as'] === 'undo') return { zh: `用于撤销任务 ${parent}`, en: `made to undo job ${parent}` };
  if (data['parent'] !== null) return { zh: `任务 ${parent} 的后续`, en: `made as a follow-up of job ${parent}` };
  const name = String(data['name']);
  if (data['source'] === 'file') return { zh: `从文件读入：${name}`, en: `read in from the file ${name}` };
  return data['source'] === 'paste'
    ? { zh: '粘贴读入', en: 'read in from a paste' }
    : { zh: '练习数据', en: 'made as practice data' };
}

function outcomeWords({ data, failure, note }: LogFact): Bilingual {
  const state = ROW_STATES.find((one) => one === data['state']) ?? 'unknown';
  const reason = NOT_SENT_REASONS.find((one) => one === data['reason']);
  const code = failure === null ? '' : ` (${failure.code})`;
  const said = failure === null ? note : { zh: failure.reading.zh + code, en: failure.reading.en + code };
  const { words } = STATE_WORDS[state];
  return both(words, said ?? (reason === undefined ? null : REASON_WORDS[reason]));
}

function jobWords(data: LogFact['data']): Bilingual {
  switch (data['event']) {
    case 'state': {
      const state = JOB_STATES.find((one) => one === data['state']);
      const reason = PAUSE_REASONS.find((one) => one === data['reason']);
      const word = state === undefined ? { zh: '改变', en: 'changed' } : JOB_WORDS[state];
      return both(
        { zh: `任务${word.zh}`, en: `the job: ${word.en}` },
        reason === undefined ? null : PAUSE_WORDS[reason],
      );
    }
    case 'seen':
      return { zh: '开始读取任务的现值', en: "the job's present values were being read" };
    case 'allowed':
      return { zh: '您让搁置的行照样发送', en: 'a person had rows sent that had been kept back' };
    case 'confirmed':
      return { zh: '您确认了不能撤回', en: 'a person confirmed that there is no way back' };
    default:
      return { zh: '任务有变动', en: 'something happened to the job' };
  }
}

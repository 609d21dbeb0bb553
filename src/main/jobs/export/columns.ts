import type { NotSentReason } from '../../../contract/outcome.ts';
import type { Bilingual, Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import { STATE_WORDS } from '../../../contract/words.ts';
import { shanghaiTime } from '../../vendors/shared/time.ts';
import type { JournalRow } from '../types.ts';
import { ADDED_COLUMNS } from './cells.ts';
import type { AddedColumn } from './cells.ts';

interface Words {
  readonly reading: Bilingual;
  readonly remedy: Bilingual;
}

const UNKNOWN_WORDS: Words = {
  reading: { zh: '已经发出，没有得到可信的答复', en: 'Sent, and no trustworthy answer came.' },
  remedy: {
    zh: '请先核实（verify）或到平台后台查看，不要直接重发',
    en: 'Verify it, or look at the vendor’s own site; do not send it again before.',
  },
};

const REASON_WORDS: Record<NotSentReason, Words> = {
  pending: {
    reading: { zh: '等待发送', en: 'Waits for its turn.' },
    remedy: { zh: '继续任务即可发送', en: 'Resume the job.' },
  },
  set_aside: {
    reading: { zh: '检查未通过', en: 'Refused by a check.' },
    remedy: { zh: '请按说明改正后重新导入', en: 'Mend it as the reading says and import it again.' },
  },
  nothing_to_do: {
    reading: { zh: '平台上已经是要改成的样子', en: 'It was already as wanted.' },
    remedy: { zh: '无需处理', en: 'Nothing to do.' },
  },
  changed_since_preview: {
    reading: { zh: '预览之后内容被改过', en: 'It has been changed since the preview.' },
    remedy: { zh: '请核对现在的内容，确认后再发送', en: 'Look at its present value, confirm, and send it again.' },
  },
  state_forbids: {
    reading: { zh: '订单现在的状态不允许这样修改', en: 'The order is in a state that does not allow the change.' },
    remedy: {
      zh: '请核对订单；仍要发送的，可以放回后再发送',
      en: 'Check the order; if it is to be sent all the same, put it back and send it.',
    },
  },
  unreadable: {
    reading: { zh: '写入前读不到现在的内容', en: 'Its present value could not be read before the write.' },
    remedy: {
      zh: '请核对订单；确认可以直接写入后再发送',
      en: 'Check the order; confirm that it may be written unread, and send it again.',
    },
  },
  too_late: {
    reading: { zh: '轮到发送时已过时限', en: 'Its time had run out before its turn.' },
    remedy: { zh: '请按供应商的规则处理这个订单', en: "Deal with the order by the vendor's rules." },
  },
  in_doubt_elsewhere: {
    reading: { zh: '同一订单在另一任务中结果不明', en: 'The same order is in doubt in another job.' },
    remedy: { zh: '请先核实那个任务，再发送', en: 'Verify that job first, then send it.' },
  },
  rejected: {
    reading: { zh: '确定没有被平台执行', en: 'Surely not acted on.' },
    remedy: { zh: '可以重新发送', en: 'It may be sent again.' },
  },
  cancelled: {
    reading: { zh: '任务已取消', en: 'The job was cancelled.' },
    remedy: { zh: '如仍需要，请重新导入', en: 'Import it again if it is still wanted.' },
  },
  not_reached: {
    reading: { zh: '任务结束前没有轮到', en: 'The job ended before its turn.' },
    remedy: { zh: '如仍需要，请重新发送', en: 'Send it again if it is still wanted.' },
  },
};

const NOTHING: Bilingual = { zh: '', en: '' };

/** Code, reading and remedy of a row: the vendor's failure first, then the check's problem, then the reason or doubt in our words. */
function explained(row: JournalRow): Words & { readonly code: string } {
  if (row.failure !== null) return { code: row.failure.code, reading: row.failure.reading, remedy: row.failure.remedy };
  if (row.state === 'not_sent') {
    const words = REASON_WORDS[row.reason ?? 'pending'];
    return {
      code: row.problem?.code ?? row.reason ?? '',
      reading: row.problem?.message ?? words.reading,
      remedy: words.remedy,
    };
  }
  if (row.state === 'unknown')
    return { code: '', reading: row.note ?? UNKNOWN_WORDS.reading, remedy: UNKNOWN_WORDS.remedy };
  return { code: '', reading: NOTHING, remedy: NOTHING };
}

/** What the export adds to a row's cells, in the order of `ADDED_COLUMNS`; `width` is the header's. */
export function addedCells(row: JournalRow, width: number, language: Language): readonly string[] {
  const words = explained(row);
  const time = row.settledAtMs ?? row.sentAtMs;
  const cells: Record<AddedColumn, string> = {
    outcome: say(STATE_WORDS[row.state].words, language),
    code: words.code,
    reading: say(words.reading, language),
    remedy: say(words.remedy, language),
    requestId: row.requestId ?? row.failure?.requestId ?? '',
    time: time === null ? '' : shanghaiTime(time),
    attempts: String(row.attempts),
    orderSent: row.attempts > 0 ? row.order : '',
    note: row.note === null ? '' : say(row.note, language),
    line: String(row.line),
    surplus: row.cells.length > width ? JSON.stringify(row.cells.slice(width)) : '',
  };
  return ADDED_COLUMNS.map((column) => cells[column]);
}

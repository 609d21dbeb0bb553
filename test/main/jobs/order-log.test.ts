import { describe, expect, it } from 'vitest';
import type { LogFact } from '../../../src/main/jobs/journal/order-log.ts';
import { orderLogPage } from '../../../src/main/jobs/order-log.ts';
import { failure } from '../../support/journal.ts';

const FACT: Omit<LogFact, 'kind' | 'data'> = {
  atMs: 9,
  jobId: 3,
  rowNo: 2,
  line: 4,
  accountLabel: 'Shop 1',
  failure: null,
  note: null,
};
const NOTE = { zh: '原因', en: 'why' };

/** The words of one fact in both languages. */
function wordsOf(kind: LogFact['kind'], data: LogFact['data'], rest: Partial<LogFact> = {}): unknown {
  const page = orderLogPage({ total: 1, complete: true, facts: [{ ...FACT, kind, data, ...rest }] });
  const text = page.entries[0]?.text;
  return [text?.zh, text?.en];
}

type Case = readonly [string, LogFact['data'], string, string];
const checked = (kind: LogFact['kind'], cases: readonly Case[]): void =>
  it.each(cases)(`${kind}: %s`, (_what, data, zh, en) => expect(wordsOf(kind, data)).toEqual([zh, en]));

describe('a page of an order’s log', () => {
  it('has of each fact when, where and what, and no value that was written', () => {
    const facts: LogFact[] = [
      { ...FACT, kind: 'read_again', data: { secret: 'x' } },
      { ...FACT, line: null, kind: 'job', data: { event: 'seen' } },
    ];
    expect(orderLogPage({ total: 7, complete: false, facts })).toEqual({
      total: 7,
      complete: false,
      entries: [
        {
          atMs: 9,
          kind: 'read_again',
          jobId: 3,
          line: 4,
          accountLabel: 'Shop 1',
          text: { zh: '向供应商查证过', en: 'it was read at the vendor, to verify' },
        },
        {
          atMs: 9,
          kind: 'job',
          jobId: 3,
          line: null,
          accountLabel: 'Shop 1',
          text: { zh: '开始读取任务的现值', en: "the job's present values were being read" },
        },
      ],
    });
  });
});

describe('the words of what happened to an order', () => {
  const from = (source: string, parent: number | null = null, as: string | null = null): LogFact['data'] => ({
    source,
    name: 'may.csv',
    parent,
    as,
  });
  checked('imported', [
    ['a file', from('file'), '从文件读入：may.csv', 'read in from the file may.csv'],
    ['a paste', from('paste'), '粘贴读入', 'read in from a paste'],
    ['practice', from('generated'), '练习数据', 'made as practice data'],
    ['a reverse job', from('file', 8, 'undo'), '用于撤销任务 8', 'made to undo job 8'],
    ['a follow-up', from('paste', 8, 'follow_up'), '任务 8 的后续', 'made as a follow-up of job 8'],
  ]);
  checked('seen', [
    ['read', { read: true }, '已读取现值', 'its present value was read'],
    ['not read', { read: false }, '现值读取失败', 'its present value could not be read'],
  ]);
  checked('sent', [
    ['once', { attempts: 1 }, '已发送（共 1 次，此为最后一次）', 'sent (the last of 1 call)'],
    ['twice', { attempts: 2 }, '已发送（共 2 次，此为最后一次）', 'sent (the last of 2 calls)'],
  ]);
  checked('answered', [
    ['answered', { how: 'answered', requestId: null }, '供应商已答复', 'the vendor answered'],
    [
      'with a request id',
      { how: 'answered', requestId: 'R7' },
      '供应商已答复（请求编号 R7）',
      'the vendor answered (request R7)',
    ],
    ['rejected', { how: 'rejected' }, '被拒绝，确定没有执行', 'it was rejected and surely not acted on'],
    ['its batch failed', { how: 'batch_failed' }, '整批未执行', 'its whole batch was not acted on'],
    ['without an answer', { how: 'unknown' }, '没有可信的答复', 'no trustworthy answer came'],
    ['a crash', { how: 'crash' }, '程序在答复之前中断', 'the program ended before the answer'],
    ['something else', { how: 'other' }, '调用结束', 'the call ended'],
  ]);
  checked('decided', [
    ['it happened', { as: 'succeeded' }, '由您判定：成功', 'decided by a person: succeeded'],
    ['it did not', { as: 'failed' }, '由您判定：失败', 'decided by a person: failed'],
    ['another word', { as: 'other' }, '由您判定', 'decided by a person'],
  ]);
  checked('edited', [
    ['edited', { fields: 'note' }, '由您修改', 'edited by a person'],
    ['taken back', { fields: '', dropped: true }, '修改已撤回', 'the edit was dropped'],
  ]);
  checked('moved', [['to a follow-up', { to: 12 }, '由后续任务 12 接手', 'taken over by follow-up job 12']]);
  checked('outcome', [
    ['a state', { state: 'succeeded', reason: null }, '成功', 'succeeded'],
    ['a reason', { state: 'not_sent', reason: 'cancelled' }, '未发送：已取消', 'not sent: cancelled'],
    ['a state of another version', { state: 'odd', reason: 'odd' }, '未知', 'unknown'],
  ]);
  checked('job', [
    ['a state', { event: 'state', state: 'finished', reason: null }, '任务已完成', 'the job: finished'],
    [
      'a pause',
      { event: 'state', state: 'paused', reason: 'disk_full' },
      '任务已暂停：磁盘已满',
      'the job: paused: the disk is full',
    ],
    ['a state of another version', { event: 'state', state: 'odd', reason: null }, '任务改变', 'the job: changed'],
    ['allowed', { event: 'allowed' }, '您让搁置的行照样发送', 'a person had rows sent that had been kept back'],
    ['confirmed', { event: 'confirmed' }, '您确认了不能撤回', 'a person confirmed that there is no way back'],
    ['another event', { event: 'odd' }, '任务有变动', 'something happened to the job'],
  ]);

  it('outcome: names the failure with its code, before any note or reason', () => {
    const data = { state: 'not_sent', reason: 'rejected' };
    expect(wordsOf('outcome', data, { failure: failure('E7'), note: NOTE })).toEqual([
      '未发送：含义 E7 (E7)',
      'not sent: reading E7 (E7)',
    ]);
    expect(wordsOf('outcome', data, { note: NOTE })).toEqual(['未发送：原因', 'not sent: why']);
    expect(wordsOf('outcome', { state: 'unknown', reason: null }, { note: NOTE })).toEqual([
      '未知：原因',
      'unknown: why',
    ]);
  });
});

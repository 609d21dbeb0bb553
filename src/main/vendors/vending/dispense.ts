import type { Bilingual } from '../../../contract/text.ts';
import { checkFields, trimmed } from '../shared/check.ts';
import { explain, findEntry } from '../shared/errors.ts';
import type {
  BeforeFacts,
  BeforeWrite,
  Checked,
  LookupRow,
  Reply,
  RowReading,
  Settings,
  UpdateOperation,
  UpdateReading,
  UpdateRow,
  Values,
  Verdict,
  VerifyFacts,
} from '../types.ts';
import {
  NO_ANSWER,
  RETURNED,
  deliveryOf,
  deliveryState,
  dispenseFailed,
  dispenseTimedOut,
  isWaiting,
  shownWord,
  stateOf,
  type Delivery,
} from './delivery.ts';
import { ALREADY_DELIVERED, ERRORS, ORDER_UNPAID, UNPAID_WORDS } from './errors.ts';
import { COLUMNS, DISPENSE_FIELDS } from './fields.ts';
import { machineProblems, machineWarning } from './machine.ts';
import { answerOf, type Doubtful } from './read.ts';
import { signedRequest } from './sign.ts';
import { EXPIRED, shown } from './update.ts';
import { DELIVERY_TIMEOUT_MS, MACHINE_LOCK_S } from './window.ts';

/** Fixed by the document of the call. */
const METHOD = 'device.delivery.put';
/** For the platform's own clockwork and the way there and back, beyond its 120 s. */
const GRACE_MS = 10_000;
/** From a command's answer to the first reading: a machine takes about a second (the document says 500–1000 ms). */
const FIRST_MS = 2_000;
/** From the command on; the platform has long marked it by then. */
const MOST_MS = 300_000;
/** Words of an order that may be dispensed (vending.md 2.6). */
const PAID: ReadonlySet<string> = new Set(['SUCCESS', 'PICKUPCODE']);

function open(zh: string, en: string, againMs?: number): Verdict {
  return { outcome: 'unknown', why: { zh, en }, ...(againMs === undefined ? {} : { again: { afterMs: againMs } }) };
}

/** Readings lie further apart the longer a dispense takes: most end within seconds. */
function nextReadingMs(sinceMs: number): number {
  return Math.round(Math.min(Math.max(sinceMs / 2, FIRST_MS), 20_000));
}

/** One row: order and record by their digits, the machine number checked for a spreadsheet's damage. */
function checkRow(values: Values): Checked<UpdateRow> {
  const machineNo = trimmed(values['machine_no'] ?? '');
  const checked = checkFields(DISPENSE_FIELDS, {
    ...values,
    machine_no: machineNo,
    record_id: trimmed(values['record_id'] ?? ''),
  });
  const problems = machineProblems(machineNo, checked.ok ? [] : checked.problems);
  if (!checked.ok || problems.length > 0) return { ok: false, problems };
  const { order_id: order = '', ...rest } = checked.value;
  return { ok: true, value: { order, values: rest }, warnings: machineWarning(machineNo) };
}

/** What an accepted command or its query says by now; `open` has no verdict yet. */
function readingOf(delivery: Delivery): RowReading {
  switch (stateOf(delivery)) {
    case 'done':
      return { outcome: 'succeeded', note: { zh: `出货：${delivery.status}`, en: `Dispense: ${delivery.status}` } };
    case 'failed':
      return { outcome: 'failed', failure: dispenseFailed(delivery.failReason) };
    case 'timeout':
      return { outcome: 'failed', failure: dispenseTimedOut(delivery.failReason) };
    case 'returned':
      return { outcome: 'failed', failure: RETURNED };
    case 'open':
      return {
        outcome: 'unknown',
        why: {
          zh: `指令已被接受，机器还没有反馈（${delivery.status}）`,
          en: `The command was accepted; the machine has not answered yet (${delivery.status})`,
        },
      };
    case 'strange':
      return {
        outcome: 'unknown',
        why: {
          zh: `指令已被接受，但出货状态“${delivery.status}”不在文档里`,
          en: `The command was accepted, but the documents do not list its status "${delivery.status}"`,
        },
      };
  }
}

/** An accepted command: its number is what it is followed by, whatever its first status says. */
function accepted(delivery: Delivery | undefined): RowReading {
  if (delivery === undefined || (delivery.id === '' && delivery.status === '')) {
    return {
      outcome: 'unknown',
      why: {
        zh: '鼎商说 ok，但没有给出出货事件 id',
        en: 'DingShang says "ok" but gave no number of the dispense',
      },
    };
  }
  const reading = readingOf(delivery);
  return delivery.id === '' ? reading : { ...reading, track: { delivery_id: delivery.id } };
}

/**
 * A refused command. "Already delivered" may be our own earlier call, so that a query decides. The page's failure sample prints code 0 beside
 * its words (vending.md 2.2), which then name the trouble.
 */
function refused(answer: Extract<ReturnType<typeof answerOf>, { kind: 'failed' }>): RowReading {
  const { failure } = answer;
  if (failure.code === ALREADY_DELIVERED) {
    return {
      outcome: 'unknown',
      why: {
        zh: '鼎商说订单已经出货：可能是前一次发送已经成功；要查询后才知道',
        en: 'DingShang says that the order has been delivered: an earlier call may have succeeded; a query will tell',
      },
      failure,
    };
  }
  if (failure.code !== '0' || !UNPAID_WORDS.test(failure.message) || findEntry(ERRORS, ORDER_UNPAID) === undefined) {
    return { outcome: 'failed', failure };
  }
  const { code: _code, ...unpaid } = explain(ERRORS, ORDER_UNPAID, failure.message);
  return { outcome: 'failed', failure: { ...unpaid, code: failure.code } };
}

function doubtful({ why, failure }: Doubtful): RowReading {
  return { outcome: 'unknown', why, ...(failure === undefined ? {} : { failure }) };
}

/** Reads the answer of a command. Accepted is not yet dispensed: the row is in doubt until the dispense is read to its end. */
export function readDispense(reply: Reply): UpdateReading {
  const answer = answerOf(reply);
  switch (answer.kind) {
    case 'ok':
      return { kind: 'answered', rows: [accepted(deliveryOf(answer.data))] };
    case 'failed':
      return { kind: 'answered', rows: [refused(answer)] };
    case 'doubtful':
      return { kind: 'answered', rows: [doubtful(answer)] };
    case 'rejected':
    case 'unreadable':
      return answer;
  }
}

/**
 * A command whose number is known: what its query says; 120 s after the command the documents call it timed out. They count from its answer, as a
 * stamp may be older than the command, by another reading of the vendor's clock or by a machine that slept.
 */
function judgeTracked({ found, sinceEndMs: sinceMs }: VerifyFacts): Verdict {
  const isOver = sinceMs >= DELIVERY_TIMEOUT_MS + GRACE_MS;
  if (found === null) {
    const again = isOver ? undefined : nextReadingMs(sinceMs);
    return open('鼎商查不到这次出货', 'DingShang knows no such dispense', again);
  }
  const { values } = found;
  const status = values['status'] ?? '';
  const failReason = values['fail_reason'] ?? '';
  const delivery: Delivery = { id: '', status, deliveredAt: '', pickupAt: '', failReason };
  const state = stateOf(delivery);
  if (state === 'open' && isOver) return { outcome: 'failed', failure: NO_ANSWER };
  const reading = readingOf(delivery);
  switch (reading.outcome) {
    case 'succeeded':
      return { outcome: 'succeeded', note: { zh: `查询到：${status}`, en: `The query shows: ${status}` } };
    case 'failed':
      return reading;
    case 'unknown':
      return {
        outcome: 'unknown',
        why: reading.why,
        ...(isOver ? {} : { again: { afterMs: nextReadingMs(sinceMs) } }),
      };
  }
}

function recordOf(row: UpdateRow, found: LookupRow | null): Values | undefined {
  return found?.lists?.['records']?.find((record) => record['record_id'] === row.values['record_id']);
}

/**
 * A command whose answer never came: only the order's record can tell. A record that still waits is no proof that the command was not taken, so
 * that it stays in doubt until a person decides.
 */
function judgeByRecord({ row, found, sinceEndMs: sinceMs }: VerifyFacts): Verdict {
  const word = recordOf(row, found)?.['status'] ?? '';
  if (word === '') return open('查不到这条记录的状态', "The record's status could not be found");
  const now = shownWord(word);
  const again = sinceMs >= DELIVERY_TIMEOUT_MS + GRACE_MS ? undefined : nextReadingMs(sinceMs);
  switch (deliveryState(word)) {
    case 'done':
      return { outcome: 'succeeded', note: { zh: `查询到：${now.zh}`, en: `The query shows: ${now.en}` } };
    case 'failed':
      return { outcome: 'failed', failure: dispenseFailed('') };
    case 'timeout':
      return { outcome: 'failed', failure: dispenseTimedOut('') };
    case 'returned':
      return { outcome: 'failed', failure: RETURNED };
    case 'open':
      if (!isWaiting(word)) return open(`记录现在是 ${now.zh}`, `The record is now ${now.en}`, again);
      return open(
        `没有收到答复，记录现在是 ${now.zh}：指令可能没有被接受；请到机器旁核实后再决定`,
        `No answer came and the record is now ${now.en}: the command may not have been taken; look at the machine, then decide`,
        again,
      );
    case 'strange':
      return open(`记录现在是 ${now.zh}，文档里没有`, `The record is now ${now.en}, which the documents do not list`);
  }
}

function lookupOf(row: UpdateRow, track?: Values | null): { readonly operation: string; readonly params: Values } {
  const machine = { machine_no: row.values['machine_no'] ?? '' };
  const id = track?.['delivery_id'] ?? '';
  return id === ''
    ? { operation: 'order-query', params: { order_id: row.order, ...machine } }
    : { operation: 'delivery-query', params: { delivery_id: id, ...machine } };
}

/** Why a record may not be dispensed as things stand at the vendor; null when it may. */
export function whyNotDispensed(row: UpdateRow, found: LookupRow): Bilingual | null {
  const word = found.values['status'] ?? '';
  const order = shown(word);
  if (!PAID.has(word)) {
    return {
      zh: `订单现在是 ${order.zh}；只有已支付（SUCCESS）和取货码（PICKUPCODE）订单可以出货`,
      en: `The order is ${order.en}; only paid (SUCCESS) and pickup code (PICKUPCODE) orders may be dispensed`,
    };
  }
  const record = recordOf(row, found);
  if (record === undefined) {
    return {
      zh: `订单里没有记录 ${row.values['record_id'] ?? ''}`,
      en: `The order has no record ${row.values['record_id'] ?? ''}`,
    };
  }
  const status = record['status'] ?? '';
  if (status === '' || isWaiting(status)) return null;
  const now = shownWord(status);
  return {
    zh: `这条记录现在是 ${now.zh}，不再等待出货`,
    en: `The record is ${now.en} and no longer waits to be dispensed`,
  };
}

/** The order's and the record's present words; what is dispensed already, or may not be, is not sent. */
function judgeBefore({ row, found }: BeforeFacts): BeforeWrite {
  const oldValues = {
    status: found.values['status'] ?? '',
    record_status: recordOf(row, found)?.['status'] ?? '',
  };
  const why = whyNotDispensed(row, found);
  return why === null ? { kind: 'write', oldValues } : { kind: 'forbidden', oldValues, why };
}

function lockMs(settings: Settings): number {
  const seconds = Number(settings['lockSeconds'] ?? '');
  return (Number.isSafeInteger(seconds) && seconds > 0 ? seconds : MACHINE_LOCK_S) * 1000;
}

/** Dispenses one record of a paid order (vending.md 2.5, 2.6). It moves goods, so nothing ever repeats it by itself. */
export const dispense: UpdateOperation = {
  id: 'dispense',
  kind: 'update',
  names: { zh: '出货', en: 'Dispense' },
  params: [],
  rowFields: DISPENSE_FIELDS,
  batchSize: 1,
  repeatable: 'never',
  warnings: [
    {
      zh: '出货会让机器真的推出商品，没有办法收回；控制台不会自己再发一次',
      en: 'A dispense moves goods out of a machine and cannot be taken back; the console never sends it again by itself',
    },
    {
      zh: '只有已支付（SUCCESS）和取货码（PICKUPCODE）订单可以出货；默认一个指令只出一件商品',
      en: 'Only paid (SUCCESS) and pickup code (PICKUPCODE) orders may be dispensed; by default one command dispenses one item',
    },
    {
      zh: '指令被接受还不是出货成功：控制台会一直查询到机器有结果；机器 120 秒没有反馈，平台算出货超时',
      en: 'An accepted command is no success yet: the console reads it until the machine has a result; without one the platform gives it up after 120 s',
    },
    {
      zh: '同一台机器两次出货之间要等上一次有结果，或过了账户设置里的秒数（默认 45）',
      en: "Two dispenses of one machine wait for the first one's result, or for the seconds of the account's settings (45 by default)",
    },
  ],
  checkParams: () => ({ ok: true, value: {}, warnings: [] }),
  checkRow,
  request(rows, _params, context) {
    const [row, ...more] = rows;
    if (row === undefined || more.length > 0) throw new RangeError('one record a call');
    const { machine_no = '', record_id = '' } = row.values;
    return signedRequest(
      'POST',
      '/deliveries',
      { machine_no, method: METHOD, order_id: row.order, record_id },
      context,
    );
  },
  read: (reply) => readDispense(reply),
  verify: {
    lookup: lookupOf,
    matches: (row, found, track) =>
      track?.['delivery_id'] === undefined
        ? found.values['order_id'] === row.order
        : found.values['delivery_id'] === track['delivery_id'],
    judge: (facts) => (facts.track?.['delivery_id'] === undefined ? judgeByRecord(facts) : judgeTracked(facts)),
  },
  readBefore: {
    byDefault: true,
    // Goods that have moved cannot be taken back, so nothing but a reading of a paid order and a waiting record lets a command go.
    required: true,
    columns: COLUMNS.flatMap((column) => {
      if (column.id === 'status') return [{ ...column, names: { zh: '订单状态', en: 'Order status' } }];
      return column.id === 'records.status' ? [{ ...column, id: 'record_status' }] : [];
    }),
    lookup: (row) => lookupOf(row),
    matches: (row, found) => found.values['order_id'] === row.order,
    judge: judgeBefore,
    judgeFailure: ({ code, reading }) =>
      EXPIRED.has(code) ? { kind: 'forbidden', oldValues: {}, why: reading } : null,
  },
  rowKey: ['record_id'],
  follow: { firstMs: FIRST_MS, mostMs: MOST_MS },
  // The records of an order go one after the other, as long as one of them is in doubt.
  exclusive: (row, settings) => [
    { key: `machine ${row.values['machine_no'] ?? ''}`, ms: lockMs(settings) },
    { key: `order ${row.order}`, ms: MOST_MS },
  ],
};

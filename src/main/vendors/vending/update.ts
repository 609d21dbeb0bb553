import type { Bilingual } from '../../../contract/text.ts';
import { checkFields, problemOf, trimmed } from '../shared/check.ts';
import { ownFailure } from '../shared/errors.ts';
import { shanghaiMs, shanghaiTime } from '../shared/time.ts';
import type { BeforeFacts, BeforeWrite, Checked, DeadlinePlan, Problem, Settings, UpdateOperation } from '../types.ts';
import type { UpdateRow, Values, Verdict, VerifyFacts } from '../types.ts';
import { REMEDIES } from './errors.ts';
import { COLUMNS, ROW_FIELDS, SETTINGS, UPDATE_PARAMS } from './fields.ts';
import { machineProblems, machineWarning } from './machine.ts';
import { readOrderUpdate } from './read.ts';
import { signedRequest } from './sign.ts';
import { ORDER_TTL_MIN, dispenseWindow, endOf } from './window.ts';
import { ORDER_WORDS, STATUSES } from './words.ts';

/** Where the job keeps the account's `orderTtlMin`, for its verification. */
const TTL = 'orderTtlMin';

function rowField(id: string): { readonly id: string; readonly names: Bilingual } {
  return ROW_FIELDS.find((field) => field.id === id) ?? { id, names: { zh: id, en: id } };
}

function ttlOf(values: Values | Settings): number {
  const minutes = Number(values[TTL] ?? '');
  return Number.isSafeInteger(minutes) && minutes > 0 ? minutes : ORDER_TTL_MIN;
}

/** The shared status, and the account's order life so that the verification knows it. */
function checkParams(params: Values, settings: Settings): Checked<Values> {
  const checked = checkFields(UPDATE_PARAMS, params);
  const ttl = checkFields(
    SETTINGS.filter(({ id }) => id === TTL),
    settings,
  );
  if (!ttl.ok) return ttl;
  return checked.ok ? { ...checked, value: { ...checked.value, ...ttl.value } } : checked;
}

/** Warnings of a machine number that is not 8 digits, and of the time until which a paid order must have arrived. */
function warningsOf(values: Values, settings: Settings): readonly Problem[] {
  const warnings: Problem[] = [...machineWarning(values['machine_no'] ?? '')];
  const createdAtMs = shanghaiMs(values['created_at'] ?? '');
  if (values['status'] === '1' && createdAtMs !== undefined) {
    const until = shanghaiTime(createdAtMs + ttlOf(settings) * 60_000);
    warnings.push(
      problemOf('vending.deadline', rowField('created_at'), {
        zh: `“支付成功”要在 ${until} 之前送到；过后平台让订单失效、退回库存，不再出货`,
        en: `"paid" must arrive before ${until}; after that the platform expires the order, restocks it and dispenses nothing`,
      }),
    );
  }
  return warnings;
}

/** One row: its own status before the shared one, digits-only order id, machine number checked for a spreadsheet's damage. */
function checkRow(values: Values, params: Values, settings: Settings): Checked<UpdateRow> {
  const machineNo = trimmed(values['machine_no'] ?? '');
  const ownStatus = trimmed(values['status'] ?? '');
  const status = ownStatus === '' ? (params['status'] ?? '') : ownStatus;
  const checked = checkFields(ROW_FIELDS, { ...values, machine_no: machineNo, status });
  const problems: Problem[] = checked.ok ? [] : [...checked.problems];
  if (status === '') {
    problems.push(
      problemOf('vending.no_status', rowField('status'), {
        zh: '这一行没有状态，也没有给整批选一个',
        en: 'this row has none, and none was chosen for the whole job',
      }),
    );
  }
  const all = machineProblems(machineNo, problems);
  if (!checked.ok || all.length > 0) return { ok: false, problems: all };
  const { order_id: order = '', ...rest } = checked.value;
  return { ok: true, value: { order, values: rest }, warnings: warningsOf(rest, settings) };
}

/** An order's word as it came, with its meaning where the documents give one. */
export function shown(word: string): Bilingual {
  const names = Object.hasOwn(ORDER_WORDS, word) ? ORDER_WORDS[word] : undefined;
  return names ? { zh: `${word}（${names.zh}）`, en: `${word} (${names.en})` } : { zh: word, en: word };
}

function open(zh: string, en: string): Verdict {
  return { outcome: 'unknown', why: { zh, en } };
}

/** An order that is still unpaid: not applied while it is surely young enough to be sent again, else open (design, Verifying). */
function judgeUnpaid(facts: VerifyFacts): Verdict {
  const createdAtMs = shanghaiMs(facts.row.values['created_at'] ?? '');
  if (createdAtMs === undefined) {
    return open(
      '订单还是未支付；没有下单时间，无法判断是否已过时限',
      'The order is still unpaid; without its creation time nobody can tell whether it is too old',
    );
  }
  const ttl = ttlOf(facts.params);
  const window = dispenseWindow(createdAtMs, facts.nowMs, ttl);
  if (window.kind === 'open') {
    return {
      outcome: 'failed',
      failure: ownFailure(
        'console.not_applied',
        'not_applied',
        { zh: '订单还是未支付：这次更新没有生效', en: 'The order is still unpaid: this update was not applied' },
        {
          zh: `可以再发一次，要在下单后 ${ttl} 分钟之内`,
          en: `It may be sent again, within ${ttl} minutes of its creation`,
        },
      ),
    };
  }
  return open(
    `订单还是未支付，但已到或接近下单后 ${ttl} 分钟的时限，或下单时间不对；请到平台核对`,
    `The order is still unpaid, but at or near its limit of ${ttl} minutes, or its creation time is wrong; compare at the platform`,
  );
}

/** What a query says about an order whose update is in doubt (design, Verifying; the words by vending.md 2.5). */
export function judge(facts: VerifyFacts): Verdict {
  const wanted = STATUSES.find(({ value }) => value === facts.row.values['status'])?.word;
  const word = facts.found?.values['status'] ?? '';
  if (facts.found === null || word === '') {
    return open('查不到这个订单的状态', 'The status of this order could not be found');
  }
  const now = shown(word);
  if (word === wanted) {
    return { outcome: 'succeeded', note: { zh: `查询到：${now.zh}`, en: `The query shows: ${now.en}` } };
  }
  if (word === 'NOTPAY') return judgeUnpaid(facts);
  return open(
    `订单现在是 ${now.zh}，不是要改成的状态；请到平台核对`,
    `The order is now ${now.en}, which is not the wanted status; compare at the platform`,
  );
}

/** Where a row keeps when the console first saw its order; it is never sent. */
const SEEN = 'seen_at';

/**
 * Until when "paid" may be sent: the order's life from its creation, a margin before its end. Without a creation time the order is at least as old
 * as the console knows it, so that it ends no later than that (vending.md 2.6).
 */
const deadline: DeadlinePlan = {
  seen(row, seenAtMs) {
    const { status, created_at: created } = row.values;
    if (status !== '1' || created !== undefined) return row;
    return { ...row, values: { ...row.values, [SEEN]: shanghaiTime(seenAtMs) } };
  },
  of({ values }, params) {
    if (values['status'] !== '1') return null;
    const createdAtMs = shanghaiMs(values['created_at'] ?? '');
    const fromMs = createdAtMs ?? shanghaiMs(values[SEEN] ?? '');
    if (fromMs === undefined) return null;
    return { atMs: endOf(fromMs, ttlOf(params)), exact: createdAtMs !== undefined };
  },
  tooLate: ownFailure(
    'console.too_late',
    'state',
    {
      zh: '订单已到或接近未支付订单的时限（默认下单后 20 分钟），没有发送“支付成功”',
      en: 'The order is at or near the limit of an unpaid one (20 minutes from its creation by default), so "paid" was not sent',
    },
    REMEDIES.expired,
  ),
};

/** Words of orders that are no longer, or never were, a matter of payment: no update changes them (vending.md 2.5). */
const ENDED: ReadonlySet<string> = new Set(['REFUND', 'CLOSED', 'REVOKED', 'PAYERROR', 'PICKUPCODE', 'TESTPAY']);

/** Why an order that shows this word cannot take the status; null when it can. */
function forbids(word: string, status: string, facts: BeforeFacts): Bilingual | null {
  const now = shown(word);
  if (word === 'SUCCESS') {
    if (status === '2') return null;
    return {
      zh: `订单已是 ${now.zh}，只能改为“转入退款”`,
      en: `The order is ${now.en}; it can only be set to refunded`,
    };
  }
  if (ENDED.has(word)) return { zh: `订单是 ${now.zh}，不能再改`, en: `The order is ${now.en} and takes no update` };
  if (!Object.hasOwn(ORDER_WORDS, word)) {
    return word === ''
      ? { zh: '查询没有给出订单的状态', en: 'The query shows no status of the order' }
      : { zh: `订单的状态 ${now.zh} 不在文档里`, en: `The order is ${now.en}, which the documents do not list` };
  }
  const createdAtMs = shanghaiMs(facts.row.values['created_at'] ?? '');
  const ttl = ttlOf(facts.params);
  if (status !== '1' || createdAtMs === undefined) return null;
  if (dispenseWindow(createdAtMs, facts.nowMs, ttl).kind !== 'over') return null;
  return {
    zh: `下单已超过 ${ttl} 分钟，平台已让订单失效，不再出货`,
    en: `The order is older than ${ttl} minutes, so the platform has expired it and dispenses nothing`,
  };
}

/** The order's present word before the update (vending.md 2.5 and 2.6). */
export function judgeBefore(facts: BeforeFacts): BeforeWrite {
  const word = facts.found.values['status'] ?? '';
  const status = facts.row.values['status'] ?? '';
  const oldValues = { status: word };
  if (word === STATUSES.find(({ value }) => value === status)?.word) return { kind: 'nothing_to_do', oldValues };
  const why = forbids(word, status, facts);
  if (why !== null) return { kind: 'forbidden', oldValues, why };
  const { expected } = facts;
  return { kind: expected !== null && expected['status'] !== word ? 'changed' : 'write', oldValues };
}

/** Codes by which a query itself says that the order has expired. */
export const EXPIRED: ReadonlySet<string> = new Set(['40005', '6042']);

export const orderUpdate: UpdateOperation = {
  id: 'order-update',
  kind: 'update',
  names: { zh: '更新订单状态', en: 'Update order status' },
  params: UPDATE_PARAMS,
  rowFields: ROW_FIELDS,
  batchSize: 1,
  repeatable: 'never',
  warnings: [
    {
      zh: '除了 1（支付成功），其他状态都算付款失败，平台会把商品退回库存；5（用户支付中）也在其中',
      en: 'Every status but 1 (paid) counts as a failed payment and returns the goods to stock; 5 (user paying) is among them',
    },
    {
      zh: '订单超过 20 分钟就不再受理出货；表里有“下单时间”一列，控制台才能提醒',
      en: 'Orders older than 20 minutes are no longer dispensed; the console can warn only if the table has a "Created at" column',
    },
    {
      zh: '出货结果由平台推送到 notify_url，桌面程序收不到；要知道结果，请用“查询订单”',
      en: 'The platform pushes dispensing results to notify_url, which a desktop program cannot receive; use "Query order" to see them',
    },
  ],
  checkParams,
  checkRow,
  request(rows, _params, context) {
    const [row, ...more] = rows;
    if (row === undefined || more.length > 0) throw new RangeError('one order a call');
    const fields = { machine_no: row.values['machine_no'] ?? '', status: row.values['status'] ?? '' };
    return signedRequest('PUT', `/orders/${encodeURIComponent(row.order)}`, fields, context);
  },
  read: (reply, rows) => readOrderUpdate(reply, rows),
  verify: {
    lookup: (row) => ({
      operation: 'order-query',
      params: { order_id: row.order, machine_no: row.values['machine_no'] ?? '' },
    }),
    matches: (row, found) => found.values['order_id'] === row.order,
    judge,
  },
  deadline,
  readBefore: {
    // An unpaid order lives twenty minutes: a query before each write would double the calls of the run.
    byDefault: false,
    columns: COLUMNS.filter(({ id }) => id === 'status'),
    lookup: (row) => ({
      operation: 'order-query',
      params: { order_id: row.order, machine_no: row.values['machine_no'] ?? '' },
    }),
    matches: (row, found) => found.values['order_id'] === row.order,
    judge: judgeBefore,
    judgeFailure: ({ code, reading }) =>
      EXPIRED.has(code) ? { kind: 'forbidden', oldValues: {}, why: reading } : null,
  },
};

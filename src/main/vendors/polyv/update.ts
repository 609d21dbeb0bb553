import type { Bilingual } from '../../../contract/text.ts';
import type { Field } from '../../../contract/vendor.ts';
import type {
  BeforeFacts,
  BeforeWrite,
  LookupCall,
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
import { checkFields } from '../shared/check.ts';
import { explain, ownFailure } from '../shared/errors.ts';
import type { JsonValue } from '../shared/json.ts';
import { asList, asText, field } from '../shared/json.ts';
import { shanghaiMs, shanghaiTime } from '../shared/time.ts';
import { POLYV_TEXTS } from './errors.ts';
import { ORDER_FIELD, STATUS_COLUMN, STATUS_WORDS } from './orders.ts';
import { readPolyv, rejection } from './reply.ts';
import { polyvRequest } from './sign.ts';

/** Most order numbers of one call (seed 000). */
const BATCH_SIZE = 1000;
/** A row that still waits for delivery is "not applied" only when readings over this time agree (design, Verifying). */
const AGREE_MS = 60_000;
/** Readings that must agree, the present one included. */
const AGREE_READINGS = 3;
const HALF_AGREE_MS = AGREE_MS / 2;
/** Leeway around the times of a sweep, for clocks that differ. */
const LEEWAY_MS = 10 * 60_000;
/** Rows a page of a sweep: comparable pages take 1000 (polyv.md A5); a refusal only costs the sweep. */
const SWEEP_PAGE = '500';

const TARGET: Field = {
  id: 'status',
  names: { zh: '改为', en: 'New status' },
  kind: 'choice',
  required: true,
  initial: 'delivering',
  choices: [{ value: 'delivering', names: { zh: '待收货', en: 'being delivered' } }],
};

const SILENT: Bilingual = {
  zh: '保利威已受理，但没有说明每个订单的结果（文档的示例也是如此），要查询后才知道',
  en: "Polyv accepted the call but did not say what became of each order (as in its documents' sample); it takes a look-up to know",
};
const IN_NEITHER: Bilingual = {
  zh: '保利威的结果里没有提到这个订单，要查询后才知道',
  en: "Polyv's result does not mention this order; it takes a look-up to know",
};
const IN_BOTH: Bilingual = {
  zh: '保利威把这个订单同时列为成功和失败，要查询后才知道',
  en: 'Polyv lists this order as both succeeded and failed; it takes a look-up to know',
};

/** A batch's result row by row: in the one list or the other; in both or in neither it stays unknown (polyv.md A5). */
function rowReadings(data: JsonValue | undefined, rows: readonly UpdateRow[]): readonly RowReading[] {
  const done = asList(field(data, 'successOrderNos'));
  const failed = asList(field(data, 'failOrderList'));
  if (done === undefined && failed === undefined) return rows.map(() => ({ outcome: 'unknown', why: SILENT }));
  const succeeded = new Set((done ?? []).map((order) => asText(order)));
  const failures = new Map<string | undefined, JsonValue>();
  for (const one of failed ?? []) failures.set(asText(field(one, 'orderNo')), one);
  return rows.map(({ order }): RowReading => {
    const failure = failures.get(order);
    if (failure !== undefined) {
      return succeeded.has(order)
        ? { outcome: 'unknown', why: IN_BOTH }
        : { outcome: 'failed', failure: orderFailure(failure) };
    }
    return succeeded.has(order) ? { outcome: 'succeeded' } : { outcome: 'unknown', why: IN_NEITHER };
  });
}

/** One entry of `failOrderList`. Its codes are not documented, so its own words speak. */
function orderFailure(entry: JsonValue) {
  const message = asText(field(entry, 'errMsg')) ?? '';
  const code = asText(field(entry, 'errCode')) ?? '';
  return explain(POLYV_TEXTS, code, message, { key: message.toLowerCase().replace(/[.。]+$/u, '') });
}

function readUpdate(reply: Reply, rows: readonly UpdateRow[], settings: Settings): UpdateReading {
  const read = readPolyv(reply);
  switch (read.kind) {
    case 'unreadable':
      return read;
    case 'success':
      return {
        kind: 'answered',
        rows: rowReadings(read.data, rows),
        ...(read.requestId === undefined ? {} : { requestId: read.requestId }),
      };
    case 'refused': {
      const words = (settings['atomicFailureText'] ?? '').trim().toLowerCase();
      if (words !== '' && read.code === 400 && read.desc.toLowerCase().includes(words)) {
        return { kind: 'batch_failed', failure: read.failure };
      }
      if (read.rejected) return rejection(read);
      const { failure } = read;
      // The vendor names a failure, but whether it came before or amid the batch no document says.
      const why = {
        zh: `保利威说整个调用失败，但没有说明是否已改了一部分。${failure.reading.zh}`,
        en: `Polyv says that the whole call failed, but not whether part of it was done. ${failure.reading.en}`,
      };
      const requestId = failure.requestId === undefined ? {} : { requestId: failure.requestId };
      return { kind: 'answered', rows: rows.map(() => ({ outcome: 'unknown', why, failure })), ...requestId };
    }
  }
}

/** When an order was made, by its number: both of the documents' samples hold it as `product` and `yyyyMMddHHmmss`; undefined for others. */
function madeAtMs(order: string): number | undefined {
  const digits = /^product(\d{14})/.exec(order)?.[1];
  if (digits === undefined) return undefined;
  return shanghaiMs(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6'));
}

/**
 * Pages that show many of the rows at once: what is delivering or finished and was delivered about when the call was sent; then what still waits
 * for delivery and was made when the rows' numbers say. Rows of other statuses, or with other numbers, are left to their own lookup.
 */
function sweep(rows: readonly UpdateRow[], facts: { nowMs: number; sentAtMs: number }): readonly LookupCall[] {
  const window = (name: string, fromMs: number, toMs: number): Values => ({
    [`start${name}Time`]: shanghaiTime(fromMs - LEEWAY_MS),
    [`end${name}Time`]: shanghaiTime(toMs + LEEWAY_MS),
  });
  const call = (status: string, times: Values): LookupCall => ({
    operation: 'order-list',
    params: { status, ...times, pageSize: SWEEP_PAGE },
  });
  const delivered = window('Delivery', facts.sentAtMs, facts.nowMs);
  const calls = [call('delivering', delivered), call('finish', delivered)];
  let [first, last] = [Infinity, -Infinity];
  for (const row of rows) {
    const made = madeAtMs(row.order);
    if (made === undefined) continue;
    first = Math.min(first, made);
    last = Math.max(last, made);
  }
  return first <= last ? [...calls, call('wait_delivery', window('Create', first, last))] : calls;
}

/** Orders made within this time of one another are looked for in one window. */
const GAP_MS = 6 * 3_600_000;

/** Pages that show many rows before anything is sent, of any status: one window of creation for each group of rows whose numbers lie close. */
function sweepPresent(rows: readonly UpdateRow[]): readonly LookupCall[] {
  const times = rows.flatMap((row) => madeAtMs(row.order) ?? []).sort((a, b) => a - b);
  const groups: { readonly first: number; last: number; count: number }[] = [];
  for (const time of times) {
    const group = groups.at(-1);
    if (group === undefined || time - group.last > GAP_MS) groups.push({ first: time, last: time, count: 1 });
    else {
      group.last = time;
      group.count += 1;
    }
  }
  return groups
    .filter(({ count }) => count > 1)
    .map(({ first, last }) => ({
      operation: 'order-list',
      params: {
        startCreateTime: shanghaiTime(first - LEEWAY_MS),
        endCreateTime: shanghaiTime(last + LEEWAY_MS),
        pageSize: SWEEP_PAGE,
      },
    }));
}

/** An order's present status before the update: only what waits for delivery can be set to `delivering` (seed 000). */
function judgeBefore({ found, expected }: BeforeFacts): BeforeWrite {
  const status = found.values['status'] ?? '';
  const oldValues = { status };
  if (status === 'delivering' || status === 'finish') return { kind: 'nothing_to_do', oldValues };
  if (status !== 'wait_delivery') {
    const word = STATUS_WORDS[status];
    const why = {
      zh: `订单现在是${word?.zh ?? `“${status}”`}，只有待发货的订单能改为待收货`,
      en: `The order is ${word?.en ?? `"${status}"`}; only one that waits for delivery can be set to delivering`,
    };
    return { kind: 'forbidden', oldValues, why };
  }
  return { kind: expected !== null && expected['status'] !== status ? 'changed' : 'write', oldValues };
}

/** What an order's present status says about an update to `delivering` whose outcome is unknown (design, Verifying). */
function judge(facts: VerifyFacts): Verdict {
  const { found, nowMs, sameReadingsAtMs } = facts;
  if (found === null) {
    return {
      outcome: 'unknown',
      why: {
        zh: '保利威查不到这个订单，无法判断是否已改',
        en: 'Polyv shows no such order, so what became of it cannot be told',
      },
    };
  }
  const status = found.values['status'] ?? '';
  const word = STATUS_WORDS[status];
  switch (status) {
    case 'delivering':
    case 'finish':
      return {
        outcome: 'succeeded',
        note: {
          zh: `查询确认：订单已处于所要的状态（${word?.zh ?? status}）`,
          en: `confirmed by a look-up: the order is in the wanted state (${word?.en ?? status})`,
        },
      };
    case 'close':
    case 'wait_pay':
      return {
        outcome: 'failed',
        failure: ownFailure(
          'console.wrong_state',
          'state',
          {
            zh: `查询到订单${word?.zh ?? status}，不能改为待收货`,
            en: `A look-up shows the order ${word?.en ?? status}; it cannot be set to delivering`,
          },
          { zh: '请在保利威后台核对该订单', en: "Check the order in Polyv's console" },
        ),
      };
    case 'wait_delivery':
      return stillWaiting(nowMs, sameReadingsAtMs);
    default:
      return {
        outcome: 'unknown',
        why: {
          zh: `查询到的状态“${status}”不在文档里，无法判断`,
          en: `the look-up shows status "${status}", which the documents do not list`,
        },
      };
  }
}

function stillWaiting(nowMs: number, sameReadingsAtMs: readonly number[]): Verdict {
  const first = sameReadingsAtMs[0] ?? nowMs;
  if (sameReadingsAtMs.length + 1 >= AGREE_READINGS && nowMs - first >= AGREE_MS) {
    return {
      outcome: 'failed',
      failure: ownFailure(
        'console.not_applied',
        'not_applied',
        {
          zh: '一分钟内三次查询，订单都仍是待发货：这次修改没有生效',
          en: 'Three look-ups over a minute show the order still waiting for delivery: the change was not applied',
        },
        { zh: '可以重试', en: 'It can be retried' },
      ),
    };
  }
  const afterMs = sameReadingsAtMs.length === 0 ? HALF_AGREE_MS : Math.max(1000, AGREE_MS - (nowMs - first));
  return {
    outcome: 'unknown',
    why: {
      zh: '订单仍是待发货，可能还没生效，过一会儿再查',
      en: 'the order still waits for delivery; the change may be on its way, so it is looked up again',
    },
    again: { afterMs },
  };
}

/** Sets up to 1000 orders to `delivering` in one call (seed 000). */
export const updateStatus: UpdateOperation = {
  kind: 'update',
  id: 'update-status',
  names: { zh: '批量更新订单状态', en: 'Update order status' },
  params: [TARGET],
  warnings: [
    {
      zh: '订单会改为“待收货”，控制台无法改回',
      en: 'Orders are set to "being delivered"; the console cannot set them back',
    },
  ],
  rowFields: [ORDER_FIELD],
  batchSize: BATCH_SIZE,
  repeatable: 'afterVerify',
  checkParams: (params) => checkFields([TARGET], params),
  checkRow: (values) => {
    const checked = checkFields([ORDER_FIELD], values);
    if (!checked.ok) return checked;
    const { value, warnings } = checked;
    return { ok: true, value: { order: value['orderNo'] ?? '', values: value }, warnings };
  },
  request: (rows, params, context) =>
    polyvRequest(
      {
        path: 'order/update-batch-status',
        query: {},
        json: JSON.stringify({ orderNos: rows.map((row) => row.order), status: params['status'] ?? 'delivering' }),
      },
      context,
    ),
  read: (reply, rows, _params, settings) => readUpdate(reply, rows, settings),
  verify: {
    sweep,
    lookup: (row) => ({ operation: 'order-get', params: { orderNo: row.order } }),
    matches: (row, found) => found.values['orderNo'] === row.order,
    judge,
  },
  readBefore: {
    // A batch has up to 1000 orders, and the vendor refuses those in another state by itself.
    byDefault: false,
    columns: [STATUS_COLUMN],
    sweep: sweepPresent,
    lookup: (row) => ({ operation: 'order-get', params: { orderNo: row.order } }),
    matches: (row, found) => found.values['orderNo'] === row.order,
    judge: judgeBefore,
  },
};

import type { Column, Field } from '../../../contract/vendor.ts';
import { checkFields, problemOf, trimmed } from '../shared/check.ts';
import { shanghaiMs, shanghaiTime } from '../shared/time.ts';
import type { Checked, LookupOperation, LookupReading, Reply, Settings, Values } from '../types.ts';
import { DELIVERY_COLUMNS } from './delivery.ts';
import { COLUMNS, MACHINE_NO, ORDER_ID } from './fields.ts';
import { machineWarning } from './machine.ts';
import { toOrder } from './orders.ts';
import { readOrderQuery } from './read.ts';
import { signedRequest } from './sign.ts';
import { EXPIRED } from './update.ts';
import { ORDER_TTL_MIN } from './window.ts';

/** Orders with their machines, one a line. */
const ORDERS: Field = {
  ...ORDER_ID,
  names: { zh: '订单', en: 'Orders' },
  help: {
    zh: '每行一个：订单号，后面可跟设备编号和下单时间（北京时间），如 1234567 12345678 2024-05-01 00:00:00。没有设备编号的行用下面的',
    en: 'One a line: the order id, behind it the machine number and the time of the order (Beijing) where they are known, as in 1234567 12345678 2024-05-01 00:00:00. Lines without a machine take the one below',
  },
  kind: 'orders',
};
const MACHINE: Field = {
  ...MACHINE_NO,
  required: false,
  help: { zh: '给没有写设备编号的行用', en: 'For the lines that have no machine of their own' },
};
const PARAMS: readonly Field[] = [ORDERS, MACHINE];

/** The status of an order that nobody has paid yet. */
const UNPAID: ReadonlySet<string> = new Set(['NOTPAY', 'USERPAYING']);

/** What the query's rows say beside what the platform does. */
const QUERY_COLUMNS: readonly Column[] = [
  ...COLUMNS.filter(({ id }) => !id.includes('.')),
  { id: 'machine_no', names: MACHINE_NO.names, kind: 'text' },
  { id: 'pay_until', names: { zh: '可支付到', en: 'May be paid until' }, kind: 'time' },
  {
    id: 'pay_until_is',
    names: { zh: '时限依据', en: 'That time is' },
    kind: 'status',
    own: true,
    words: {
      exact: { zh: '按下单时间', en: 'by the time of the order' },
      over: { zh: '已过期，平台已退回库存', en: 'over: the platform has expired it and restocked its goods' },
      at_most: { zh: '最晚，下单时间未知', en: 'the latest, as the time of the order is not known' },
    },
  },
  { id: 'created_at', names: { zh: '下单时间', en: 'Created at' }, kind: 'time' },
  ...COLUMNS.filter(({ id }) => id.includes('.')),
  ...DELIVERY_COLUMNS.map((column) => ({ ...column, id: `deliveries.${column.id}` })),
];

interface Line {
  readonly order: string;
  readonly machine: string;
  readonly created: string;
}

const partsOf = (line: string): readonly string[] => line.split(/[\s,，;；]+/u).filter((part) => part !== '');

/** A line: an order, its machine, the day and the time of the order, with spaces, commas or tabs between. */
function lineOf(text: string): Line | null {
  const [order = '', second = '', third = '', fourth = '', ...rest] = partsOf(text);
  const isDay = (part: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(part);
  const machine = isDay(second) ? '' : second;
  const [day, time, more] = isDay(second) ? [second, third, fourth] : [third, fourth, ''];
  if (rest.length > 0 || more !== '' || (day !== '' && !isDay(day))) return null;
  return { order, machine, created: day === '' ? '' : `${day} ${time}` };
}

const linesOf = (text: string): readonly string[] =>
  text
    .split(/[\r\n]+/u)
    .map(trimmed)
    .filter((line) => line !== '');

/** The form with one line for each order, all of it filled in. */
function check(params: Values): Checked<Values> {
  const machine = trimmed(params['machine_no'] ?? '');
  const given = linesOf(params['order_id'] ?? '');
  // The list of numbers is checked as such; what stands behind each of them is not one of them.
  const checked = checkFields(PARAMS, {
    order_id: given.map((line) => partsOf(line)[0] ?? '').join('\n'),
    machine_no: machine,
  });
  if (!checked.ok) return checked;
  const lines: string[] = [];
  for (const text of given) {
    const line = lineOf(text);
    const own = line === null || line.machine === '' ? machine : line.machine;
    const fault = line === null ? FAULTS.line : own === '' ? FAULTS.machine : null;
    const bad =
      fault ??
      machineFault(own) ??
      (line?.created === '' || shanghaiMs(line?.created ?? '') !== undefined ? null : FAULTS.time);
    if (bad !== null) {
      const message = { zh: `${bad.zh}（${text}）`, en: `${bad.en} (${text})` };
      return { ok: false, problems: [problemOf('vending.orders', ORDERS, message)] };
    }
    lines.push(`${line?.order ?? ''} ${own}${line?.created === '' ? '' : ` ${line?.created ?? ''}`}`);
  }
  const machines = new Set(lines.map((line) => lineOf(line)?.machine ?? ''));
  const warnings = [...machines].flatMap((one) => machineWarning(one));
  return { ok: true, value: { order_id: [...new Set(lines)].join('\n') }, warnings: warnings.slice(0, 1) };
}

const FAULTS = {
  line: { zh: '每行只写一个订单', en: 'has more on a line than one order' },
  machine: { zh: '缺少设备编号', en: 'has no machine number' },
  time: { zh: '下单时间要写成 2024-05-01 00:00:00', en: 'needs the time of the order as 2024-05-01 00:00:00' },
} as const;

function machineFault(machine: string): { readonly zh: string; readonly en: string } | null {
  if (new RegExp(`^(?:${MACHINE_NO.pattern ?? ''})$`, 'u').test(machine)) return null;
  return { zh: '设备编号的格式不对', en: 'has a machine number of the wrong form' };
}

/** Until when an unpaid order may be paid: exact where the time of the order is known, else the latest that is possible as of the reply's own time. */
function payUntil(row: Values, params: Values, reply: Reply, settings: Settings): Values {
  if (!UNPAID.has(row['status'] ?? '')) return {};
  const lifeMs = Number(settings['orderTtlMin'] ?? ORDER_TTL_MIN) * 60_000;
  const createdMs = shanghaiMs(params['created_at'] ?? '');
  if (createdMs !== undefined) return { pay_until: shanghaiTime(createdMs + lifeMs), pay_until_is: 'exact' };
  const readMs = Date.parse(reply.headers['date'] ?? '');
  return Number.isNaN(readMs) ? {} : { pay_until: shanghaiTime(readMs + lifeMs), pay_until_is: 'at_most' };
}

function read(reply: Reply, params: Values, settings: Settings): LookupReading {
  const reading = readOrderQuery(reply, params['order_id'] ?? '');
  if (reading.kind !== 'page') return reading;
  const { machine_no: machine = '', created_at: created = '' } = params;
  const rows = reading.rows.map((row) => ({
    ...row,
    values: {
      ...row.values,
      ...(machine === '' ? {} : { machine_no: machine }),
      ...payUntil(row.values, params, reply, settings),
      ...(created === '' ? {} : { created_at: created }),
    },
  }));
  return { ...reading, rows };
}

/** Orders by their ids and machines, one call each; what was dispensed of them from here is read as well (vending.md 2.5, 2.6). */
export const orderQuery: LookupOperation = {
  id: 'order-query',
  kind: 'lookup',
  names: { zh: '查询订单', en: 'Query orders' },
  params: PARAMS,
  columns: QUERY_COLUMNS,
  warnings: [
    {
      zh: '平台推送到 notify_url 的出货结果，桌面程序收不到；这里查到的记录状态就是结果',
      en: 'What the platform pushes to notify_url a desktop program cannot receive; the status of the records shown here is the result',
    },
  ],
  check,
  plan: {
    kind: 'each',
    calls: (params) =>
      linesOf(params['order_id'] ?? '').map((text) => {
        const { order, machine, created } = lineOf(text) ?? { order: text, machine: '', created: '' };
        const at: Values = created === '' ? {} : { created_at: created };
        return { name: order, params: { order_id: order, machine_no: machine, ...at } };
      }),
    // Past its twenty minutes the platform shows an unpaid order no more; that it says so is the answer.
    rowOf: ({ code }, { order_id: order = '', machine_no: machine = '' }) =>
      EXPIRED.has(code) ? { values: { order_id: order, machine_no: machine, pay_until_is: 'over' } } : null,
    under: {
      list: 'deliveries',
      calls: ({ values }, tracks) =>
        tracks.flatMap(({ delivery_id: id = '' }) =>
          id === ''
            ? []
            : [{ operation: 'delivery-query', params: { delivery_id: id, machine_no: values['machine_no'] ?? '' } }],
        ),
    },
  },
  until({ values }) {
    const atMs = shanghaiMs(values['pay_until'] ?? '');
    return atMs === undefined ? null : { column: 'pay_until', atMs, exact: values['pay_until_is'] === 'exact' };
  },
  toOrder,
  request(params, _cursor, context) {
    const fields = { machine_no: params['machine_no'] ?? '' };
    return signedRequest('POST', `/orders/${encodeURIComponent(params['order_id'] ?? '')}`, fields, context);
  },
  read: (reply, params, _cursor, settings) => read(reply, params, settings),
};

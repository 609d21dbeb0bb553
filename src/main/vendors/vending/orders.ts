import type { CommonState, OrderFacts } from '../../../contract/order.ts';
import { commonState, orderFacts, orderPart } from '../shared/order.ts';
import type { LookupRow } from '../types.ts';

/** The query's words for an order in common words (vending.md 2.5). A paid one waits for its goods until its records say otherwise. */
const STATES: Readonly<Record<string, CommonState>> = {
  NOTPAY: 'unpaid',
  USERPAYING: 'unpaid',
  SUCCESS: 'to_ship',
  PICKUPCODE: 'to_ship',
  REFUND: 'refund',
  CLOSED: 'closed',
  REVOKED: 'closed',
  PAYERROR: 'closed',
};
const OUT: ReadonlySet<string> = new Set(['IS_SUCCESS', 'IS_PICKED_UP', '出货完成', '已取货']);
const UNDER_WAY: ReadonlySet<string> = new Set(['IS_DELIVERING', '出货中', '正在出货']);

function stateOf(status: string, records: readonly string[]): CommonState {
  const state = commonState(STATES, status);
  if (state !== 'to_ship' || records.length === 0) return state;
  if (records.every((record) => OUT.has(record))) return 'finished';
  return records.some((record) => OUT.has(record) || UNDER_WAY.has(record)) ? 'shipped' : state;
}

/** An order of a machine; its records and their dispenses lie under it. The platform tells the day of an order, no time. */
export function toOrder(row: LookupRow): OrderFacts | null {
  const { order_id: id = '', status = '', machine_no: machine = '', amount = '', created_at: created } = row.values;
  if (id === '') return null;
  const { records = [], deliveries = [] } = row.lists ?? {};
  return orderFacts(row, {
    id,
    machine,
    state:
      row.values['pay_until_is'] === 'over'
        ? 'closed'
        : stateOf(
            status,
            records.map((record) => record['status'] ?? ''),
          ),
    vendorState: status,
    ...(created === undefined ? {} : { times: { created } }),
    amount,
    parts: [
      ...records.map((record) => orderPart('record', record, { id: 'record_id', state: 'status' })),
      ...deliveries.map((delivery) => orderPart('delivery', delivery, { id: 'delivery_id', state: 'status' })),
    ],
    said: ['order_id', 'machine_no', 'status', 'amount', 'pay_until', 'pay_until_is'],
    timeFields: ['created_at', 'date'],
  });
}

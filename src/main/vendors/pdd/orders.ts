import type { CommonState, OrderFacts } from '../../../contract/order.ts';
import { commonState, orderFacts, orderPart } from '../shared/order.ts';
import type { LookupRow, Values } from '../types.ts';
import { TAG_WORDS } from './words.ts';

/** The gateway's order statuses in common words, by its list's page: 1 to ship, 2 shipped, 3 received. */
const STATES: Readonly<Record<string, CommonState>> = { '1': 'to_ship', '2': 'shipped', '3': 'finished' };
/** Refund statuses in which an order is above all that: in handling, being refunded, refunded. */
const REFUNDS: ReadonlySet<string> = new Set(['2', '3', '4']);
const TIME_FIELDS = ['created_time', 'pay_time', 'confirm_time', 'shipping_time', 'receive_time', 'updated_at'];

function tagOf({ tag = '', tag_name: name = '' }: Values): OrderFacts['tag'] {
  if (!/^[1-9]\d?$/.test(tag)) return null;
  return { code: Number(tag), name: name === '' ? (TAG_WORDS[tag]?.zh ?? '') : name };
}

/** An order of the gateway with its note and mark; its goods lie under it. */
export function toOrder(row: LookupRow): OrderFacts | null {
  const { order_sn: id = '', order_status: status = '', refund_status: refund = '', note } = row.values;
  if (id === '') return null;
  const { created_time: created, confirm_time: confirmed, pay_time: paid, updated_at: changed } = row.values;
  const began = created ?? confirmed;
  const goods = (row.lists?.['item_list'] ?? []).map((item) =>
    orderPart('goods', item, { id: 'goods_id', title: 'goods_name' }),
  );
  return orderFacts(row, {
    id,
    state: REFUNDS.has(refund) ? 'refund' : commonState(STATES, status),
    vendorState: status,
    times: {
      ...(began === undefined ? {} : { created: began }),
      ...(paid === undefined ? {} : { paid }),
      ...(changed === undefined ? {} : { changed: [changed] }),
    },
    amount: row.values['pay_amount'] ?? '',
    buyer: {
      name: row.values['receiver_name'] ?? '',
      phone: row.values['receiver_phone'] ?? '',
      address: row.values['receiver_address'] ?? '',
    },
    ...(note === undefined ? {} : { note }),
    tag: tagOf(row.values),
    ...(goods[0] === undefined ? {} : { title: goods[0].title }),
    parts: goods,
    said: [
      'order_sn',
      'order_status',
      'note',
      'tag',
      'tag_name',
      'pay_amount',
      'receiver_name',
      'receiver_phone',
      'receiver_address',
    ],
    timeFields: TIME_FIELDS,
  });
}

import type { CommonState, OrderFacts } from '../../../contract/order.ts';
import { commonState, orderFacts, orderPart } from '../shared/order.ts';
import type { LookupRow } from '../types.ts';

/** The five statuses in common words (seed 001). */
const STATES: Readonly<Record<string, CommonState>> = {
  wait_pay: 'unpaid',
  wait_delivery: 'to_ship',
  delivering: 'shipped',
  finish: 'finished',
  close: 'closed',
};
const TIME_FIELDS = ['createTime', 'payTime', 'deliveryTime', 'finishTime', 'expireTime'];

/** A ProductOrder; its products lie under it. The amount keeps the digits of the reply. */
export function toOrder(row: LookupRow): OrderFacts | null {
  const { orderNo = '', status = '', amount = '', name = '', mobile = '', area = '', address = '' } = row.values;
  if (orderNo === '') return null;
  const products = (row.lists?.['products'] ?? []).map((product) =>
    orderPart('product', product, { id: 'productSnapshotId', title: 'productName' }),
  );
  const { createTime, payTime, deliveryTime, finishTime } = row.values;
  return orderFacts(row, {
    id: orderNo,
    state: commonState(STATES, status),
    vendorState: status,
    times: {
      ...(createTime === undefined ? {} : { created: createTime }),
      ...(payTime === undefined ? {} : { paid: payTime }),
      changed: [createTime, payTime, deliveryTime, finishTime].filter((time) => time !== undefined),
    },
    amount,
    buyer: { name, phone: mobile, address: [area, address].filter((part) => part !== '').join(' ') },
    ...(products[0] === undefined ? {} : { title: products[0].title }),
    parts: products,
    said: ['orderNo', 'status', 'amount', 'name', 'mobile', 'area', 'address'],
    timeFields: TIME_FIELDS,
  });
}

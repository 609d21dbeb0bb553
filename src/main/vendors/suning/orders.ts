import type { CommonState, OrderFacts } from '../../../contract/order.ts';
import { commonState, orderFacts, orderPart } from '../shared/order.ts';
import type { LookupRow } from '../types.ts';

/** The document's order statuses in common words: waiting, done, abnormal, failed, cancelled (seed 004). */
const STATES: Readonly<Record<string, CommonState>> = { '01': 'to_ship', '02': 'finished', '05': 'closed' };

/** An order of the status query; its jobs lie under it. The query tells no time of an order, no amount and no buyer. */
export function toOrder(row: LookupRow): OrderFacts | null {
  const { orderId = '', orderStatus = '' } = row.values;
  if (orderId === '') return null;
  return orderFacts(row, {
    id: orderId,
    state: commonState(STATES, orderStatus),
    vendorState: orderStatus,
    parts: (row.lists?.['jobList'] ?? []).map((job) =>
      orderPart('job', job, { id: 'jobId', state: 'jobStatus', title: 'jobType' }),
    ),
    said: ['orderId', 'orderStatus'],
  });
}

import type { CommonState, OrderFacts, OrderPart } from '../../../contract/order.ts';
import type { LookupRow, Values } from '../types.ts';
import { shanghaiMs } from './time.ts';

/** What a vendor's row says of an order beside what stands in its fields: where each part of the common model comes from. */
export interface OrderPlan {
  readonly id: string;
  readonly machine?: string;
  readonly state: OrderFacts['state'];
  readonly vendorState: string;
  /** The row's values by what they are times of. */
  readonly times?: { readonly created?: string; readonly paid?: string; readonly changed?: readonly string[] };
  readonly amount?: string;
  readonly buyer?: { readonly name?: string; readonly phone?: string; readonly address?: string };
  readonly note?: string;
  readonly tag?: OrderFacts['tag'];
  readonly title?: string;
  readonly parts?: readonly OrderPart[];
  /** Values that the model has said already, so that they do not stand among the other fields. */
  readonly said: readonly string[];
  /** Values that are times. */
  readonly timeFields?: readonly string[];
}

/** A vendor's word in common words; a word that the vendor's documents do not list is `other`. */
export function commonState(states: Readonly<Record<string, CommonState>>, word: string): CommonState {
  return Object.hasOwn(states, word) ? (states[word] ?? 'other') : 'other';
}

const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
const momentOf = (text: string | undefined): number | null => shanghaiMs(text ?? '') ?? null;

/** The values of these names that are there and not empty. */
function picked(values: Values, wanted: (name: string) => boolean): Values {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== '' && wanted(name)));
}

/** An order in the model common to all vendors. Times without a zone are Asia/Shanghai's; amounts and numbers keep their digits. */
export function orderFacts({ values }: LookupRow, plan: OrderPlan): OrderFacts {
  const { times = {}, buyer = {}, timeFields = [] } = plan;
  const changes = (times.changed ?? []).map(momentOf).filter((ms) => ms !== null);
  const said = new Set([...plan.said, ...timeFields]);
  return {
    id: plan.id,
    machine: orNull(plan.machine),
    state: plan.state,
    vendorState: plan.vendorState,
    createdAt: momentOf(times.created),
    paidAt: momentOf(times.paid),
    changedAt: changes.length === 0 ? null : Math.max(...changes),
    times: picked(values, (name) => timeFields.includes(name)),
    amount: orNull(plan.amount),
    currency: 'CNY',
    buyer: { name: orNull(buyer.name), phone: orNull(buyer.phone), address: orNull(buyer.address) },
    note: plan.note ?? null,
    tag: plan.tag ?? null,
    title: orNull(plan.title),
    parts: plan.parts ?? [],
    fields: picked(values, (name) => !said.has(name)),
  };
}

/** A part of an order out of one of a row's lists: `id`, `state` and `title` name the values that are those. */
export function orderPart(
  kind: OrderPart['kind'],
  values: Values,
  names: { readonly id?: string; readonly state?: string; readonly title?: string },
): OrderPart {
  const of = (name: string | undefined): string => (name === undefined ? '' : (values[name] ?? ''));
  const said = [names.id, names.state, names.title];
  return {
    kind,
    id: of(names.id),
    state: of(names.state),
    title: of(names.title),
    fields: picked(values, (name) => !said.includes(name)),
  };
}

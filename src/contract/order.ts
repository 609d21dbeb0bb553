import type { Bilingual } from './text.ts';
import { z } from './zod.ts';

/** How an order stands, in words common to all vendors; the vendor's own word stays beside it. */
export const COMMON_STATES = ['unpaid', 'to_ship', 'shipped', 'finished', 'closed', 'refund', 'other'] as const;
export type CommonState = (typeof COMMON_STATES)[number];

export const COMMON_STATE_WORDS: Readonly<Record<CommonState, Bilingual>> = {
  unpaid: { zh: '待付款', en: 'awaiting payment' },
  to_ship: { zh: '待发货', en: 'awaiting delivery' },
  shipped: { zh: '已发货', en: 'on its way' },
  finished: { zh: '已完成', en: 'finished' },
  closed: { zh: '已关闭', en: 'closed' },
  refund: { zh: '退款或退货', en: 'refund or return' },
  other: { zh: '其他', en: 'other' },
};

const texts = z.record(z.string(), z.string()).readonly();
/** Milliseconds since 1970 UTC. A vendor's time is Asia/Shanghai unless its page says otherwise. */
const moment = z.number().int().nullable();

/** What lies under an order: a job of Suning's `jobList`, a product, a record or a delivery of a vending machine. */
export const orderPartSchema = z
  .object({
    kind: z.enum(['job', 'product', 'record', 'delivery', 'goods']),
    /** The vendor's own number of it; '' without one. */
    id: z.string(),
    /** As the vendor said it; '' without one. */
    state: z.string(),
    /** A name for people: the product's, the job's type; '' without one. */
    title: z.string(),
    /** Every other field of it, as it came, by the vendor's name. */
    fields: texts,
  })
  .readonly();
export type OrderPart = z.infer<typeof orderPartSchema>;

/** A mark that the seller put on an order, by the vendor's code (Pinduoduo's colours). */
export const orderTagSchema = z.object({ code: z.number().int(), name: z.string() }).readonly();
export type OrderTag = z.infer<typeof orderTagSchema>;

/** Personal data: stays in `customers.db`, and leaves main only where it was asked for. */
export const orderBuyerSchema = z
  .object({ name: z.string().nullable(), phone: z.string().nullable(), address: z.string().nullable() })
  .readonly();
export type OrderBuyer = z.infer<typeof orderBuyerSchema>;

/** One order as a vendor said it: the same for every vendor, with all that the vendor said beside it. */
export const orderFactsSchema = z
  .object({
    /** The vendor's order number, every digit. */
    id: z.string().min(1),
    /** Vending: the machine that the order was asked with. */
    machine: z.string().nullable(),
    state: z.enum(COMMON_STATES),
    /** Exactly as it came; '' when the vendor sent none. */
    vendorState: z.string(),
    createdAt: moment,
    paidAt: moment,
    changedAt: moment,
    /** The vendor's own texts of its times, by its field's name. */
    times: texts,
    /** The digits as sent. */
    amount: z.string().nullable(),
    currency: z.literal('CNY'),
    buyer: orderBuyerSchema,
    note: z.string().nullable(),
    tag: orderTagSchema.nullable(),
    /** The first product's name. */
    title: z.string().nullable(),
    parts: z.array(orderPartSchema).readonly(),
    /** Every other field of the reply, as it came, by the vendor's path; which are personal the vendor's definition says. */
    fields: texts,
  })
  .readonly();
export type OrderFacts = z.infer<typeof orderFactsSchema>;

/** Where orders go as they are read. */
export interface OrderSink {
  /** Keeps what the vendor said of an account's orders at `readAtMs` in place of what it said before. Rejects with DISK_FULL, DATABASE_FAILED. */
  put(accountId: string, facts: readonly OrderFacts[], readAtMs: number): Promise<void>;
}

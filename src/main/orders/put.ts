import { COMMON_STATES, type OrderFacts } from '../../contract/order.ts';
import type { VendorId } from '../../contract/vendor.ts';
import type { Connection } from '../store/database.ts';
import type { Databases } from '../store/serve.ts';
import { gramsOf } from './grams.ts';

/** Orders of one account as they were read. */
export interface PutArgs {
  readonly accountId: string;
  readonly vendor: VendorId;
  readonly facts: readonly OrderFacts[];
  readonly readAtMs: number;
}

/** The short number of an account, made when it has none yet. */
function accountNumber(writer: Connection, { accountId, vendor }: PutArgs): number {
  const row = writer
    .prepare(
      'INSERT INTO account (key, vendor) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET vendor = excluded.vendor RETURNING id',
    )
    .get(accountId, vendor);
  return Number(row?.['id']);
}

/** An amount in ten-thousandths, for its order among others; null for what is no number. */
export function amountInOrder(amount: string | null): number | null {
  if (amount === null || !/^-?\d{1,11}(?:\.\d+)?$/u.test(amount)) return null;
  return Math.round(Number(amount) * 10_000);
}

/**
 * What is known of an order after another reading: a list of orders says less than a detail does, and what one leaves out the other has said. A
 * state, and what it depends on, is always the newest.
 */
export function joined(before: OrderFacts, now: OrderFacts): OrderFacts {
  return {
    ...now,
    createdAt: now.createdAt ?? before.createdAt,
    paidAt: now.paidAt ?? before.paidAt,
    changedAt: now.changedAt ?? before.changedAt,
    amount: now.amount ?? before.amount,
    title: now.title ?? before.title,
    // A reply without a note says nothing of its mark, either.
    note: now.note ?? before.note,
    tag: now.tag ?? (now.note === null ? before.tag : null),
    buyer: {
      name: now.buyer.name ?? before.buyer.name,
      phone: now.buyer.phone ?? before.buyer.phone,
      address: now.buyer.address ?? before.buyer.address,
    },
    parts: now.parts.length > 0 ? now.parts : before.parts,
    times: { ...before.times, ...now.times },
    fields: { ...before.fields, ...now.fields },
  };
}

const COLUMNS = [
  'account',
  'order_no',
  'machine',
  'state',
  'vendor_state',
  'created_at',
  'paid_at',
  'changed_at',
  'read_at',
  'amount',
  'cents',
  'tag',
  'tag_name',
  'title',
  'note',
  'personal',
];
const INSERT = `INSERT INTO orders (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')}) RETURNING id`;
const UPDATE = `UPDATE orders SET ${COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

function columnsOf(account: number, facts: OrderFacts, readAtMs: number): (string | number | null)[] {
  const { name, phone, address } = facts.buyer;
  return [
    account,
    facts.id,
    facts.machine ?? '',
    COMMON_STATES.indexOf(facts.state),
    facts.vendorState,
    facts.createdAt,
    facts.paidAt,
    facts.changedAt,
    readAtMs,
    facts.amount,
    amountInOrder(facts.amount),
    facts.tag?.code ?? null,
    facts.tag?.name ?? null,
    facts.title,
    facts.note,
    [name, phone, address].some((value) => value !== null && value !== '') ? 1 : 0,
  ];
}

function setGrams(writer: Connection, id: number, before: readonly string[], now: readonly string[]): void {
  const gone = new Set(before);
  for (const gram of now) {
    if (!gone.delete(gram)) writer.prepare('INSERT INTO gram (gram, id) VALUES (?, ?)').run(gram, id);
  }
  for (const gram of gone) writer.prepare('DELETE FROM gram WHERE gram = ? AND id = ?').run(gram, id);
}

function putOne(writer: Connection, account: number, facts: OrderFacts, readAtMs: number): void {
  const known = writer
    .prepare(
      'SELECT o.id, o.read_at, f.json FROM orders o JOIN facts f ON f.id = o.id WHERE o.order_no = ? AND o.account = ? AND o.machine = ?',
    )
    .get(facts.id, account, facts.machine ?? '');
  if (known === undefined) {
    const id = Number(writer.prepare(INSERT).get(...columnsOf(account, facts, readAtMs))?.['id']);
    writer.prepare('INSERT INTO facts (id, json) VALUES (?, ?)').run(id, JSON.stringify(facts));
    setGrams(writer, id, [], gramsOf(facts.buyer));
    return;
  }
  const id = Number(known['id']);
  const before = JSON.parse(String(known['json'])) as OrderFacts;
  // Pages of two lookups may come in the other order than they were read.
  const isNewer = readAtMs >= Number(known['read_at']);
  const now = isNewer ? joined(before, facts) : joined(facts, before);
  writer.prepare(UPDATE).run(...columnsOf(account, now, isNewer ? readAtMs : Number(known['read_at'])), id);
  writer.prepare('UPDATE facts SET json = ? WHERE id = ?').run(JSON.stringify(now), id);
  setGrams(writer, id, gramsOf(before.buyer), gramsOf(now.buyer));
}

/** Keeps orders as they were read, in one transaction; each once, by its account, number and machine. */
export function putOrders({ writer }: Databases, args: PutArgs): void {
  writer.transaction(() => {
    const account = accountNumber(writer, args);
    for (const facts of args.facts) putOne(writer, account, facts, args.readAtMs);
  }, 'withNext');
}

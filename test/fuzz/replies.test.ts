import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { failureSchema, problemSchema } from '../../src/contract/job.ts';
import { bilingualSchema } from '../../src/contract/vendor.ts';
import { z } from '../../src/contract/zod.ts';
import { ResultSet } from '../../src/main/lookups/results.ts';
import { VENDORS } from '../../src/main/vendors/registry.ts';
import type { LookupRow, Reply, UpdateOperation, Values } from '../../src/main/vendors/types.ts';
import { fuzz } from './harness.ts';
import { anyBytes, monotone, mutatedBytes, mutatedJson, oddJson, oddText } from './hostile.ts';
import { sampleAll, type Sampled } from './samples.ts';

/** What a reader may say at all: exactly one of these, with nothing beside. */
const requestId = z.string().optional();
const retryAfterMs = z.number().nonnegative().optional();
const failed = z.strictObject({ kind: z.literal('failed'), failure: failureSchema });
const rejected = z.strictObject({ kind: z.literal('rejected'), failure: failureSchema, retryAfterMs });
const unreadable = z.strictObject({ kind: z.literal('unreadable'), why: bilingualSchema });
const values = z.record(z.string(), z.string());
const page = z.object({
  kind: z.literal('page'),
  rows: z.array(z.object({ values, lists: z.record(z.string(), z.array(values)).optional() })),
  next: z.string().nullable(),
  totalPages: z.number().int().nonnegative().optional(),
  totalRows: z.number().int().nonnegative().optional(),
  requestId,
});
const rowReading = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('succeeded') }),
  z.object({ outcome: z.literal('failed'), failure: failureSchema }),
  z.object({ outcome: z.literal('unknown'), why: bilingualSchema }),
]);
const answered = z.strictObject({ kind: z.literal('answered'), rows: z.array(rowReading), requestId });
const batchFailed = z.strictObject({ kind: z.literal('batch_failed'), failure: failureSchema });
const ok = z.strictObject({ kind: z.literal('ok'), requestId });
const LOOKUP = z.discriminatedUnion('kind', [page, failed, rejected, unreadable]);
const UPDATE = z.discriminatedUnion('kind', [answered, batchFailed, rejected, unreadable]);
const PING = z.discriminatedUnion('kind', [ok, failed, rejected, unreadable]);

/** Successes that the documents show and that the twin gives only to a call that follows another. */
const DOCUMENTED = [
  '{"code":0,"message":"ok","data":{"delivery_id":"500000000100001","delivered_at":"2024-05-22 11:29:00","status":"出货中"}}',
  '{"code":0,"message":"ok","data":{"delivered_at":"2024-05-22 11:29:00","status":"IS_FAILED","pickup_at":"","fail_reason":"卡货"}}',
  '{"code":0,"message":"ok","data":{}}',
  '{"code":200,"status":"success","requestId":"1","data":null,"success":true}',
];
/** Pieces that a parser looks back over. */
const PIECES = [
  '{"a":',
  '[',
  '<a>',
  '<a',
  '"',
  '\\',
  ' ',
  '&#',
  '<![CDATA[',
  '0',
  '1.',
  '{"code":0,',
  '订',
  '<!--',
  '\n',
];

let sampled: readonly Sampled[] = [];
let replies: fc.Arbitrary<Reply>;
beforeAll(async () => {
  sampled = await sampleAll();
  const bodies = sampled.flatMap((one) => one.replies.map(({ body }) => Buffer.from(body)));
  const texts = [...new Set([...bodies.map(String), ...DOCUMENTED])].filter((text) => text.startsWith('{'));
  replies = fc.record({
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constant(200) },
      { weight: 3, arbitrary: fc.constantFrom(204, 301, 400, 401, 403, 404, 408, 429, 500, 502, 503) },
      { weight: 1, arbitrary: fc.integer({ min: 100, max: 999 }) },
    ),
    headers: fc.dictionary(
      fc.constantFrom('content-type', 'retry-after', 'date', 'x-odd'),
      fc.oneof(oddText, fc.constantFrom('text/html', '30', '-5', '99999999999999', 'Thu, 01 Jan 1970 00:00:00 GMT')),
      { maxKeys: 3 },
    ),
    body: fc.oneof(
      { weight: 8, arbitrary: mutatedJson(texts).map((text) => Buffer.from(text)) },
      { weight: 5, arbitrary: mutatedBytes(bodies) },
      { weight: 1, arbitrary: oddJson.map((value) => Buffer.from(JSON.stringify(value))) },
      { weight: 1, arbitrary: anyBytes },
      { weight: 1, arbitrary: monotone(PIECES, 60_000) },
    ),
  });
});

const of = (kind: Sampled['operation']['kind']): fc.Arbitrary<Sampled> =>
  fc.constantFrom(...sampled.filter(({ operation }) => operation.kind === kind));

it('takes its samples from every operation of every vendor, what was done among them', () => {
  const all = Object.values(VENDORS).flatMap(({ id, operations }) => operations.map((one) => `${id} ${one.id}`));
  expect([...new Set(sampled.map((one) => `${one.vendor} ${one.operation.id}`))].sort()).toEqual(all.sort());
  for (const one of sampled) expect(one.replies.length, one.operation.id).toBeGreaterThan(0);
});

describe('whatever a vendor answers', () => {
  it('a look-up is read as a page, a failure, a rejection or not at all', async () => {
    await fuzz('replies to look-ups', fc.tuple(of('lookup'), replies), ([{ operation, params, settings }, reply]) => {
      if (operation.kind !== 'lookup') return;
      const reading = operation.read(reply, params, null, settings);
      LOOKUP.parse(reading);
      for (const row of reading.kind === 'page' ? reading.rows : []) {
        operation.toOrder?.(row);
        operation.until?.(row);
      }
    });
  });

  it('an update is read as one outcome a row, a failed batch, a rejection or not at all', async () => {
    const inputs = fc.tuple(of('update'), replies);
    await fuzz('replies to updates', inputs, ([{ operation, params, settings, rows }, reply]) => {
      if (operation.kind !== 'update') return;
      const reading = UPDATE.parse(operation.read(reply, rows, params, settings));
      if (reading.kind === 'answered') expect(reading.rows).toHaveLength(rows.length);
    });
  });

  it('an account test passes, fails, is rejected or is not read', async () => {
    await fuzz('replies to account tests', fc.tuple(of('ping'), replies), ([{ operation }, reply]) => {
      if (operation.kind === 'ping') PING.parse(operation.read(reply));
    });
  });
});

/** What is judged of a row when an order was found so: before a write, after a doubtful one, and to set it back. */
function judge({ operation, params, settings, rows }: Sampled, found: LookupRow): void {
  const [row] = rows;
  if (operation.kind !== 'update' || row === undefined) return;
  const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  const { readBefore, verify, compose, undo } = operation;
  readBefore?.matches(row, found);
  const before = readBefore?.judge({ row, params, found, expected: null, nowMs });
  verify?.matches(row, found);
  const times = { nowMs, sentAtMs: nowMs - 30_000, sinceEndMs: 30_000, sameReadingsAtMs: [] };
  const verdict = verify?.judge({ row, params, found, oldValues: null, ...times });
  if (verdict?.outcome === 'failed') failureSchema.parse(verdict.failure);
  if (before === undefined) return;
  values.parse(before.oldValues);
  compose?.(row, before.oldValues, params);
  const back = undo?.(row, before.oldValues, params) ?? null;
  if (back !== null) checkedBack(operation, back.values, params, settings);
}

function checkedBack(operation: UpdateOperation, back: Values, params: Values, settings: Values): void {
  const checked = operation.checkRow(back, params, settings);
  if (!checked.ok) z.array(problemSchema).min(1).parse(checked.problems);
}

describe('whatever an order is found to be', () => {
  it('it is judged, sorted and filtered', async () => {
    const cells = fc.oneof(oddText, monotone(['0', '.', '1', ' ', 'a', '订', '-'], 100_000).map(String));
    const inputs = fc.tuple(of('update'), of('lookup'), fc.array(cells, { minLength: 4, maxLength: 12 }));
    await fuzz('orders as found, judged', inputs, async ([update, { operation }, texts]) => {
      if (operation.kind !== 'lookup') return;
      const rowOf = (shift: number): LookupRow => ({
        values: Object.fromEntries(
          operation.columns.map(({ id }, index) => [id, texts[(index + shift) % texts.length] ?? '']),
        ),
      });
      const found = [0, 1, 2].map(rowOf);
      for (const each of found) operation.toOrder?.(each);
      for (const each of found) judge(update, each);
      const results = new ResultSet(operation.columns);
      results.add(found);
      for (const { id } of operation.columns) {
        const view = { sort: { column: id, descending: true }, find: texts[0] ?? '', values: {} };
        expect((await results.page({ ...view, find: '' }, 0, 10)).total).toBe(found.length);
        await results.page(view, 0, 10);
      }
    });
  });
});

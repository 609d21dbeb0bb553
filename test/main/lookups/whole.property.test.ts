import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reading } from '../../../src/main/lookups/run.ts';
import { shanghaiTime } from '../../../src/main/vendors/shared/time.ts';
import { failure } from '../../support/journal.ts';
import { ACCOUNT, BROKEN, Shelf, shelfOperation, type ShelfOrder, type Totals } from './shelf.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);

/** What happens at a call: the list changes, the call fails in one of its ways, the person stops. */
type Event =
  | { readonly kind: 'change'; readonly at: number; readonly place: number }
  | { readonly kind: 'broken' | 'refused' | 'ending' | 'stop'; readonly at: number };

const place = fc.integer({ min: 0, max: 99 });
const at = fc.integer({ min: 1, max: 60 });
const eventArb: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), at, place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('broken' as const, 'refused' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('ending' as const, 'stop' as const), at }) },
);

const caseArb = fc.record({
  minutes: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 60 }),
  pageSize: fc.integer({ min: 1, max: 9 }),
  lanes: fc.integer({ min: 1, max: 5 }),
  /** In minutes; null: a lookup without a span. */
  widest: fc.option(fc.integer({ min: 1, max: 700 })),
  allowed: fc.integer({ min: 1, max: 700 }),
  totals: fc.constantFrom<Totals>('pages', 'rows', 'none'),
  /**
   * Orders either come or go in one case: one that comes and another that goes behind it leave the first page and the last as they were, which no list that is
   * read by its pages can show.
   */
  change: fc.constantFrom('come' as const, 'go' as const),
  events: fc.array(eventArb, { maxLength: 25 }),
});

const SYSTEM = failure('system', 'system');
const QUOTA = failure('quota', 'quota');

describe('a lookup of a list that changes, fails and is stopped', () => {
  it('is complete and without doubles, or says that it is not', async () => {
    await fc.assert(
      fc.asyncProperty(caseArb, async ({ minutes, pageSize, lanes, widest, allowed, totals, change, events }) => {
        const orders = minutes.map((minute, no): ShelfOrder => ({
          no: `n${String(no)}`,
          atMs: START_MS + minute * MINUTE_MS,
        }));
        const shelf = new Shelf(orders, pageSize);
        shelf.totals = totals;
        if (widest !== null) shelf.widestMs = allowed * MINUTE_MS;
        let stop = new AbortController();
        let came = 0;
        shelf.onCall = (call) => {
          let end: ReturnType<Shelf['onCall']> = undefined;
          for (const event of events) {
            if (event.at !== call) continue;
            if (event.kind === 'change') {
              if (change === 'go') shelf.remove(Math.floor((event.place * shelf.orders.length) / 100));
              else shelf.insert({ no: `came${String((came += 1))}`, atMs: START_MS + event.place * 6 * MINUTE_MS });
            } else if (event.kind === 'stop') stop.abort();
            else if (event.kind === 'broken') end = BROKEN;
            else if (event.kind === 'refused') end = { kind: 'failed', failure: SYSTEM };
            else end = { kind: 'rejected', failure: QUOTA };
          }
          return end;
        };
        const span = { from: shanghaiTime(START_MS), to: shanghaiTime(START_MS + 600 * MINUTE_MS) };
        const operation = shelfOperation(widest === null ? null : widest * MINUTE_MS);
        const reading = new Reading({
          gateway: shelf,
          account: ACCOUNT,
          operation,
          params: widest === null ? {} : span,
          lanes,
        });
        const found: string[] = [];
        for (let runs = 1; ; runs += 1) {
          stop = new AbortController();
          const result = await reading.run(({ fresh }) => {
            for (const { values } of fresh) found.push(values['no'] ?? '');
          }, stop.signal);
          expect(new Set(found).size).toBe(found.length);
          expect(result.rows).toBe(found.length);
          expect(result.complete).toBe(!reading.canGoOn);
          if (result.complete) break;
          expect(result.why).not.toBeNull();
          // Each event happens once, so that what is continued often enough ends.
          expect(runs).toBeLessThan(events.length + 2);
        }
        // What stood there all along is found.
        const still = new Set(shelf.orders.map(({ no }) => no));
        const expected = orders.filter(({ no }) => still.has(no)).map(({ no }) => no);
        expect(expected.filter((no) => !found.includes(no))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

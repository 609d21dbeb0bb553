import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sums, errorOf, TestJournal } from '../runner/support.ts';
import { acted, openRig, WaitList, type Rig } from './rig.ts';

let journal: TestJournal;
beforeAll(async () => {
  journal = await TestJournal.start();
});
afterAll(() => journal.close());

const ROWS = 12;

/** What happens when that many requests have arrived at the vendor. */
const trouble = fc.record({
  at: fc.integer({ min: 1, max: ROWS }),
  what: fc.constantFrom('cut', 'sleep', 'lid', 'clock', 'full', 'busy', 'lost', 'limit', 'go_on'),
});

/** Brings a trouble about. The network comes back, and the disk has room again, once the run waits for it. */
function strike(
  rig: Rig,
  jobId: number,
  what: string,
  broken: { code: 'DISK_FULL' | 'DATABASE_BUSY' | null },
): unknown {
  switch (what) {
    case 'cut':
      return rig.relay.cut();
    case 'sleep': {
      rig.service.suspended();
      return;
    }
    case 'lid':
      rig.time.hidden += 300_000;
      {
        rig.service.lookAtTime();
        return;
      }
    case 'clock':
      rig.time.shift = rig.time.shift === 0 ? 400_000 : 0;
      return undefined;
    case 'full':
      return (broken.code = 'DISK_FULL');
    case 'busy':
      return (broken.code = 'DATABASE_BUSY');
    case 'lost': {
      rig.twin.setFaults([{ kind: 'reset_after', when: { nth: [1] } }]);
      return;
    }
    case 'limit': {
      rig.twin.setFaults([{ kind: 'limit', retryAfter: 120, when: { nth: [1] } }]);
      return;
    }
    default: {
      rig.service.goOn(jobId);
      return;
    }
  }
}

it('whatever interrupts a run, it ends finished, its rows sum, and no order is acted on twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(trouble, { minLength: 1, maxLength: 5, selector: ({ at }) => at }),
      fc.integer({ min: 1, max: 3 }),
      async (troubles, concurrency) => {
        const rig = await openRig(journal, ROWS, { concurrency });
        try {
          const jobId = await rig.job();
          const broken: Parameters<typeof strike>[3] = { code: null };
          const refuse = (): void => {
            if (broken.code !== null) throw errorOf(broken.code);
          };
          journal.hooks.before = refuse;
          journal.hooks.any = (name) => {
            if (name === 'setJobState' || name === 'tryWrite') refuse();
          };
          let arrivals = 0;
          rig.twin.onArrival = async () => {
            arrivals += 1;
            for (const { at, what } of troubles) if (at === arrivals) await strike(rig, jobId, what, broken);
          };
          const heard = new WaitList();
          heard.then = async (waiting, nth) => {
            if (waiting.reason === 'sleep' && waiting.nextMs === null) rig.service.resumed();
            if (nth % 2 === 1) return;
            broken.code = null;
            await rig.relay.mend();
          };
          let end = await rig.service.runThrough(jobId, heard);
          // Only what stays unknown several times in a row may ask for the person.
          if (end.state === 'paused') {
            expect(end.reason).toBe('unknown_in_row');
            end = await rig.service.runThrough(jobId, heard);
          }
          await heard.settled();
          journal.clearHooks();
          expect(end.state).toBe('finished');
          const { counts } = await rig.service.get(jobId);
          expect(sums(counts)).toBe(true);
          expect(counts).toMatchObject({ total: ROWS, failed: 0, notSent: 0 });
          expect(acted(rig.twin).most).toBe(1);
          expect(acted(rig.twin).orders).toBeGreaterThanOrEqual(counts.succeeded);
          expect(heard.waits.at(-1) ?? null).toBeNull();
        } finally {
          journal.clearHooks();
          await rig.close();
        }
      },
    ),
    { seed: 4, numRuns: 40 },
  );
});

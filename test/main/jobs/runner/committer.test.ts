import { describe, expect, it } from 'vitest';
import type {
  ClaimEntry,
  ClaimResult,
  DecideEntry,
  JournalEntry,
  SettleEntry,
} from '../../../../src/main/jobs/journal/calls.ts';
import { Committer, type Apply } from '../../../../src/main/jobs/runner/committer.ts';

const common = { jobId: 1, accountId: 'shop-1' };
const claimOf = (rowNo: number): ClaimEntry => ({
  kind: 'claim',
  ...common,
  rows: [{ rowNo, order: `o${rowNo}` }],
  hash: 'h',
  stampedAtMs: rowNo,
});
const settleOf = (callId: number): SettleEntry => ({
  kind: 'settle',
  ...common,
  callId,
  rows: [],
  how: 'answered',
  atMs: 1,
});
const decideOf = (atMs: number): DecideEntry => ({ kind: 'decide', ...common, from: 'pending', rows: [], atMs });

/** A journal that writes when told to, and notes the groups that it was given. */
class SlowJournal {
  readonly groups: (readonly JournalEntry[])[] = [];
  #waiting: (() => void)[] = [];
  #arrived: (() => void)[] = [];
  under = 0;
  most = 0;

  apply = async (entries: readonly JournalEntry[]): Promise<(ClaimResult | null)[]> => {
    this.groups.push(entries);
    this.under += 1;
    this.most = Math.max(this.most, this.under);
    this.#arrived.shift()?.();
    try {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } finally {
      this.under -= 1;
    }
    return answers(entries);
  };

  /** Resolves when a group is being written. */
  async writing(): Promise<void> {
    if (this.#waiting.length === 0) await new Promise<void>((resolve) => this.#arrived.push(resolve));
  }

  /** Lets the group that is being written end. */
  finish(): void {
    this.#waiting.shift()?.();
  }

  sizes(): number[] {
    return this.groups.map((group) => group.length);
  }
}

function answers(entries: readonly JournalEntry[]): (ClaimResult | null)[] {
  return entries.map((entry) =>
    entry.kind === 'claim' ? { callId: 100 + (entry.rows[0]?.rowNo ?? 0), refused: [] } : null,
  );
}

/** A journal that writes at once. */
function quick(): { groups: (readonly JournalEntry[])[]; apply: Apply } {
  const groups: (readonly JournalEntry[])[] = [];
  return {
    groups,
    apply: (entries) => {
      groups.push(entries);
      return Promise.resolve(answers(entries));
    },
  };
}

/** Some turns of the event loop: whatever is to begin by itself has begun. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const range = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

describe('what is written together', () => {
  it('holds at most 32 claims, in their order, and answers each its own', async () => {
    const journal = quick();
    const committer = new Committer(journal.apply);
    const results = await Promise.all(range(70).map((n) => committer.claim(claimOf(n))));
    expect(journal.groups.map((group) => group.length)).toEqual([32, 32, 6]);
    expect(journal.groups.flat()).toEqual(range(70).map(claimOf));
    expect(results).toEqual(range(70).map((n) => ({ callId: 100 + n, refused: [] })));
  });

  it('holds at most 256 entries', async () => {
    const journal = quick();
    const committer = new Committer(journal.apply);
    await Promise.all(range(513).map((n) => committer.settle(settleOf(n))));
    expect(journal.groups.map((group) => group.length)).toEqual([256, 256, 1]);
    expect(journal.groups.flat()).toEqual(range(513).map(settleOf));
  });

  it('takes outcomes beside claims and stops before the 33rd claim', async () => {
    const journal = quick();
    const committer = new Committer(journal.apply);
    const work: Promise<unknown>[] = [];
    for (const n of range(40)) work.push(committer.settle(settleOf(n)), committer.claim(claimOf(n)));
    await Promise.all(work);
    // 32 claims and the 33 settles before the 33rd claim.
    expect(journal.groups.map((group) => group.length)).toEqual([65, 15]);
    expect(journal.groups.flat()).toEqual(range(40).flatMap((n) => [settleOf(n), claimOf(n)]));
  });

  it('counts claims towards the 256', async () => {
    const journal = quick();
    const committer = new Committer(journal.apply);
    const work: Promise<unknown>[] = range(250).map((n) => committer.settle(settleOf(n)));
    work.push(...range(10).map((n) => committer.claim(claimOf(n))));
    await Promise.all(work);
    expect(journal.groups.map((group) => group.length)).toEqual([256, 4]);
  });
});

describe('one transaction after the other', () => {
  it('lies ready while one is written, and gathers the rest into the one after', async () => {
    const journal = new SlowJournal();
    const committer = new Committer(journal.apply);
    const first = committer.claim(claimOf(1));
    await turns();
    const second = committer.decide(decideOf(2));
    await turns();
    const third = committer.settle(settleOf(3));
    const fourth = committer.claim(claimOf(4));
    await turns();
    expect(journal.groups).toEqual([[claimOf(1)], [decideOf(2)]]);
    journal.finish();
    expect(await first).toEqual({ callId: 101, refused: [] });
    await turns();
    expect(journal.groups[2]).toEqual([settleOf(3), claimOf(4)]);
    journal.finish();
    journal.finish();
    await Promise.all([second, third]);
    expect(await fourth).toEqual({ callId: 104, refused: [] });
    expect(journal.most).toBe(2);
  });

  it('does not resolve before the write has ended', async () => {
    const journal = new SlowJournal();
    const committer = new Committer(journal.apply);
    let done = false;
    const claim = committer.claim(claimOf(1)).then(() => {
      done = true;
    });
    await journal.writing();
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    journal.finish();
    await claim;
    expect(done).toBe(true);
  });

  it('says a refused claim as it is', async () => {
    const committer = new Committer(() => Promise.resolve([{ callId: null, refused: [7] }]));
    expect(await committer.claim(claimOf(7))).toEqual({ callId: null, refused: [7] });
  });

  it('takes no other answer for a claim', async () => {
    const committer = new Committer(() => Promise.resolve([null]));
    await expect(committer.claim(claimOf(1))).rejects.toThrow('a claim was answered as something else');
    const none = new Committer(() => Promise.resolve([]));
    await expect(none.claim(claimOf(1))).rejects.toThrow('a claim was answered as something else');
  });
});

describe('a write that fails', () => {
  it('rejects its own entries and no others', async () => {
    const groups: (readonly JournalEntry[])[] = [];
    const committer = new Committer((entries) => {
      groups.push(entries);
      return groups.length === 2 ? Promise.reject(new Error('disk')) : Promise.resolve(answers(entries));
    });
    const ends = await Promise.allSettled(range(70).map((n) => committer.claim(claimOf(n))));
    expect(ends.map((end) => end.status)).toEqual([
      ...range(32).map(() => 'fulfilled'),
      ...range(32).map(() => 'rejected'),
      ...range(6).map(() => 'fulfilled'),
    ]);
    expect(ends[32]).toMatchObject({ reason: new Error('disk') });
    expect(committer.unsaved).toBe(0);
  });

  it('keeps an outcome, and writes it later, once', async () => {
    const written: (readonly JournalEntry[])[] = [];
    let broken = true;
    const committer = new Committer((entries) => {
      if (broken) return Promise.reject(new Error('disk'));
      written.push(entries);
      return Promise.resolve(answers(entries));
    });
    await expect(committer.settle(settleOf(1))).rejects.toThrow('disk');
    await expect(committer.settle(settleOf(2))).rejects.toThrow('disk');
    await expect(committer.decide(decideOf(3))).rejects.toThrow('disk');
    await expect(committer.claim(claimOf(4))).rejects.toThrow('disk');
    expect(committer.unsaved).toBe(2);
    await expect(committer.saveUnsaved()).rejects.toThrow('disk');
    expect(committer.unsaved).toBe(2);
    broken = false;
    await committer.saveUnsaved();
    expect(written).toEqual([[settleOf(1), settleOf(2)]]);
    expect(committer.unsaved).toBe(0);
    await committer.saveUnsaved();
    expect(written).toHaveLength(1);
  });

  it('keeps an outcome that fails while older ones are being written', async () => {
    let broken = true;
    let release: () => void = () => {};
    const saved: (readonly JournalEntry[])[] = [];
    const committer = new Committer(async (entries) => {
      if (broken) throw new Error('disk');
      saved.push(entries);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answers(entries);
    });
    await expect(committer.settle(settleOf(1))).rejects.toThrow('disk');
    broken = false;
    const saving = committer.saveUnsaved();
    broken = true;
    await expect(committer.settle(settleOf(2))).rejects.toThrow('disk');
    release();
    await saving;
    expect(saved).toEqual([[settleOf(1)]]);
    expect(committer.unsaved).toBe(1);
  });

  it('goes on afterwards', async () => {
    let tries = 0;
    const committer = new Committer((entries) => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('disk')) : Promise.resolve(answers(entries));
    });
    await expect(committer.claim(claimOf(1))).rejects.toThrow('disk');
    expect(await committer.claim(claimOf(2))).toEqual({ callId: 102, refused: [] });
  });
});

describe('drained', () => {
  it('is there at once when nothing is queued', async () => {
    await new Committer(() => Promise.reject(new Error('never called'))).drained();
  });

  it('waits for what is queued and what is being written, for all who ask', async () => {
    const journal = new SlowJournal();
    const committer = new Committer(journal.apply);
    const claim = committer.claim(claimOf(1));
    const done: string[] = [];
    const waits = ['a', 'b'].map((name) => committer.drained().then(() => done.push(name)));
    await journal.writing();
    const settle = committer.settle(settleOf(1));
    await turns();
    journal.finish();
    await claim;
    await turns();
    expect(done).toEqual([]);
    journal.finish();
    await settle;
    await Promise.all(waits);
    expect(done).toEqual(['a', 'b']);
    expect(journal.sizes()).toEqual([1, 1]);
    await committer.drained();
  });

  it('comes after a failed write, too', async () => {
    const committer = new Committer(() => Promise.reject(new Error('disk')));
    const claim = committer.claim(claimOf(1));
    const drained = committer.drained();
    await expect(claim).rejects.toThrow('disk');
    await drained;
  });
});

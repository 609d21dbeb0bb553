import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_WHATS, type AuditVerdict } from '../../../src/contract/audit.ts';
import { chained, linesOf, ORIGIN, verifyChain, type Head } from '../../../src/main/audit/chain.ts';
import { openAudit, type AuditTrail } from '../../../src/main/audit/trail.ts';

const AT = Date.parse('2026-05-06T07:08:09.000Z');
const ACCOUNT = { id: 'pdd-1', label: '旗舰店' };

let dir: string;
let trail: AuditTrail;
let errors: unknown[];
const open = (): AuditTrail =>
  openAudit({ folder: dir, now: () => AT, user: 'somebody', onError: (error) => errors.push(error) });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-'));
  errors = [];
  trail = open();
});
afterEach(() => {
  expect(errors).toEqual([]);
  rmSync(dir, { recursive: true });
});

const path = (): string => join(dir, 'audit.jsonl');
const headPath = (): string => join(dir, 'audit-head.json');
const lines = (): string[] => [...linesOf(readFileSync(path(), 'utf8'))];
const put = (all: readonly string[]): void => writeFileSync(path(), all.map((line) => `${line}\n`).join(''));
async function fill(count: number, to: AuditTrail = trail): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    await to.note({ what: AUDIT_WHATS[at % AUDIT_WHATS.length] ?? 'job.begun', account: ACCOUNT, detail: { job: at } });
  }
}
const verdict = (found: AuditVerdict): unknown => [found.ok, found.fault?.kind ?? null, found.fault?.line ?? null];

describe('the trail', () => {
  it('is sound and empty before anything has happened, and makes no file', async () => {
    expect(await trail.verify()).toEqual({ ok: true, entries: 0, head: '', fault: null });
    expect(await trail.page(0, 10)).toEqual({ total: 0, entries: [] });
    expect(existsSync(path())).toBe(false);
  });

  it('says who did what, when and with which account, the newest first', async () => {
    await fill(3);
    const { total, entries } = await trail.page(1, 1);
    expect(total).toBe(3);
    expect(entries).toEqual([
      {
        n: 2,
        at: '2026-05-06T07:08:09.000Z',
        user: 'somebody',
        host: expect.any(String),
        what: AUDIT_WHATS[1],
        account: ACCOUNT,
        detail: { job: 1 },
      },
    ]);
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
    expect((await trail.verify()).head).toMatch(/^[0-9a-f]{64}$/);
    expect(await trail.text()).toBe(readFileSync(path(), 'utf8'));
  });

  it('is written by several processes at once without a gap', async () => {
    const others = [open(), open(), open()];
    await Promise.all(others.map((other) => fill(8, other)));
    expect((await trail.page(0, 100)).entries.map(({ n }) => n)).toEqual(
      Array.from({ length: 24 }, (_, at) => 24 - at),
    );
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
    expect(existsSync(join(dir, 'audit.lock'))).toBe(false);
  });

  it('is not held up by the lock of a process that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(dir, 'audit.lock'), String(pid));
    await fill(1);
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
  });

  it('tells its owner when a line could not be written, and fails nothing', async () => {
    rmSync(dir, { recursive: true });
    writeFileSync(dir, 'no folder');
    await trail.note({ what: 'job.begun' });
    expect(errors).toHaveLength(1);
    errors = [];
    rmSync(dir);
    await fill(1);
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
  });
});

describe('a trail that somebody has been at', () => {
  it('tells of a line that was removed, inserted, moved, exchanged or added at the end', async () => {
    await fill(5);
    const all = lines();
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = all;
    const cases: readonly (readonly [readonly string[], string, number | null])[] = [
      [[second, third, fourth, fifth], 'broken', 1],
      [[first, third, fourth, fifth], 'broken', 2],
      [[first, second, second, third, fourth, fifth], 'broken', 3],
      [[first, third, second, fourth, fifth], 'broken', 2],
      [[first, second, third.replace('旗舰店', '别家店'), fourth, fifth], 'altered', 3],
      [[first, second, third, fourth], 'cut_off', null],
      [[first], 'cut_off', null],
      [[], 'no_trail', null],
      [[...all, 'no line of ours'], 'altered', 6],
      [[...all, chained({ ...entry(6) }, hashOf(fifth)).text], 'added', null],
    ];
    for (const [changed, kind, line] of cases) {
      put(changed);
      expect(verdict(await trail.verify()), `${kind} ${changed.length}`).toEqual([false, kind, line]);
    }
    put(all);
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
  });

  it('tells when the mark of its end is gone, altered, or of an older end', async () => {
    await fill(2);
    const older = readFileSync(headPath());
    await fill(1);
    for (const text of ['{}', 'no json', '']) {
      writeFileSync(headPath(), text);
      expect(verdict(await trail.verify())).toEqual([false, 'no_head', null]);
    }
    rmSync(headPath());
    expect(verdict(await trail.verify())).toEqual([false, 'no_head', null]);
    writeFileSync(headPath(), older);
    expect(verdict(await trail.verify())).toEqual([false, 'added', null]);
  });

  it('goes on being written, and stays to be found out', async () => {
    await fill(4);
    put(lines().slice(0, 2));
    await fill(2);
    expect((await trail.verify()).ok).toBe(false);
    expect((await trail.page(0, 1)).entries[0]?.n).toBe(6);
  });

  it('is found out whatever single byte of it is changed', () => {
    const made: string[] = [];
    let prev = ORIGIN;
    for (let n = 1; n <= 4; n += 1) {
      const line = chained(entry(n), prev);
      prev = line.hash;
      made.push(line.text);
    }
    const head: Head = { count: 4, hash: prev };
    const whole = Buffer.from(made.join('\n'));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(whole);
        changed[at] = (whole[at]! + by) % 256;
        // Bytes that are no UTF-8 read as a replacement, which is another text all the same.
        expect(verifyChain(linesOf(changed.toString('utf8')), head).ok).toBe(false);
      }),
      { numRuns: 1_000 },
    );
    expect(verifyChain(made, head).ok).toBe(true);
  });
});

describe('a process that dies while it writes', () => {
  it.each(['before the line', 'within the line', 'after the line'])('%s leaves a sound trail', async (where) => {
    await fill(3);
    const before = JSON.parse(readFileSync(headPath(), 'utf8')) as Head;
    const next = chained(entry(4), before.hash);
    writeFileSync(headPath(), JSON.stringify({ ...before, next: next.hash }));
    if (where === 'within the line') appendFileSync(path(), next.text.slice(0, 40));
    if (where === 'after the line') appendFileSync(path(), `${next.text}\n`);
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
    await fill(2);
    expect(verdict(await trail.verify())).toEqual([true, null, null]);
    expect((await trail.page(0, 1)).total).toBe(where === 'after the line' ? 6 : 5);
  });

  it('does not hide a line cut off by hand', async () => {
    await fill(3);
    truncateSync(path(), readFileSync(path()).length - 20);
    expect((await trail.verify()).ok).toBe(false);
  });
});

function entry(n: number) {
  return {
    n,
    at: new Date(AT).toISOString(),
    user: 'somebody',
    host: 'machine',
    what: 'job.begun',
    account: ACCOUNT,
    detail: { job: n, note: '"\\ \u2028' },
  };
}

function hashOf(line: string): string {
  return (JSON.parse(line) as { hash: string }).hash;
}

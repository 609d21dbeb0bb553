import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/frame.ts';
import { lookup, tellLookup } from '../../src/cli/run/lookup.ts';
import { command } from '../../src/cli/run/session.ts';
import type { LookupResult } from '../../src/main/lookups/run.ts';
import { CUSTOMERS } from '../../src/main/store/schema.ts';
import { startTwin } from '../../src/main/twins/index.ts';
import { shanghaiTime } from '../../src/main/vendors/shared/time.ts';
import { temporaryFolder } from '../support/journal.ts';

/** The `lookup` command with the embedded twins, in this process. */
const folder = temporaryFolder();

async function run(argv: readonly string[], input?: string) {
  let out = '';
  let err = '';
  const world = {
    stdin: input === undefined ? new PassThrough() : Readable.from([Buffer.from(input)]),
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env: { LANG: 'en_US.UTF-8' },
    version: '1.2.3',
  };
  const args = ['lookup', ...argv, '--twins', '--data-folder', folder.path];
  const code = await runCommandLine(args, world, { lookup: command(lookup) });
  return { code, out, err };
}

const objects = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Numbers of the embedded Polyv twin's newest orders, which are the same all day. */
async function someNumbers(count: number): Promise<string[]> {
  const DAY_MS = 86_400_000;
  const twin = await startTwin('polyv', { epochMs: Math.floor(Date.now() / DAY_MS) * DAY_MS });
  const numbers = Array.from({ length: count }, (_, at) => twin.orderNumber(at));
  await twin.close();
  return numbers;
}

describe('lookup', () => {
  it('reads a range whole, prints each order once and how it ended', async () => {
    const nowMs = Date.now();
    const times = [`startTime=${shanghaiTime(nowMs - 5 * 86_400_000)}`, `endTime=${shanghaiTime(nowMs)}`];
    const { code, out } = await run(['twin-suning', 'order-status', 'orderSource=214', ...times, '--json']);
    expect(code).toBe(0);
    const all = objects(out);
    const rows = all
      .filter(({ event }) => event === 'row')
      .map(({ values }) => (values as { orderId: string }).orderId);
    expect(rows.length).toBeGreaterThan(100);
    expect(new Set(rows).size).toBe(rows.length);
    expect(all.at(-1)).toMatchObject({ event: 'lookup', complete: true, rows: rows.length, missing: [], share: 1 });
  });

  it('takes order numbers from a file, and says which the vendor does not know, with a code of its own', async () => {
    const numbers = await someNumbers(3);
    const file = join(folder.path, 'numbers.txt');
    writeFileSync(file, `${numbers.join('\n')}\n`);
    const found = await run(['twin-polyv', 'order-get', '--orders', file]);
    expect(found.code).toBe(0);
    for (const number of numbers) expect(found.out).toContain(number);
    expect(existsSync(join(folder.path, 'twins', CUSTOMERS.file))).toBe(false);
    const kept = await run(['twin-polyv', 'order-get', '--orders', file, '--keep']);
    expect(kept.code).toBe(0);
    expect(existsSync(join(folder.path, 'twins', CUSTOMERS.file))).toBe(true);
    const missing = await run(
      ['twin-polyv', 'order-get', '--orders', '-'],
      `${numbers[0] ?? ''}\nproduct20260101000000abcdef\n`,
    );
    expect(missing.code).toBe(3);
    expect(missing.out).toMatch(/does not know 1 of the orders:\n\s+product20260101000000abcdef/);
  });

  it('ends with 5 when it is incomplete, and names what is missing', () => {
    const lines: string[] = [];
    const terminal = {
      line: (text: string) => lines.push(text),
      note: () => {},
      object: () => {},
      paint: (_: string, text: string) => text,
    };
    const session = { terminal, t: ({ en }: { en: string }) => en } as never;
    const part = { name: { zh: '第 3 页', en: 'Page 3' }, why: { zh: '断了', en: 'it broke' }, failure: null };
    const result: LookupResult = {
      rows: 35,
      pages: 7,
      totalRows: null,
      totalPages: null,
      share: 0.9,
      again: 0,
      missing: [part],
      notFound: [],
      complete: false,
      enough: false,
      failure: null,
      why: { zh: '第 3 页没有读到：断了', en: 'Page 3 could not be read: it broke' },
      warnings: [],
    };
    expect(tellLookup(session, result)).toBe(5);
    expect(lines.join('\n')).toContain(
      'The result is incomplete: Page 3 could not be read: it broke\n    Page 3: it broke',
    );
    expect(tellLookup(session, { ...result, complete: true, missing: [], why: null })).toBe(0);
    expect(tellLookup(session, { ...result, enough: true })).toBe(0);
  });

  it('refuses what does not fit', async () => {
    const without = await run(['twin-suning', 'order-status', '--orders', '-'], '1\n');
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('does not take many order numbers')]);
    const damaged = await run(['twin-polyv', 'order-get', '--orders', '-'], '1.23E+17\n');
    expect([damaged.code, damaged.err]).toEqual([2, expect.stringContaining('scientific notation')]);
    const binary = await run(['twin-polyv', 'order-get', '--orders', join(folder.path, 'nothing.txt')]);
    expect(binary.code).not.toBe(0);
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../../src/contract/errors.ts';
import { originalCells, ownLayout } from '../../../../src/main/jobs/export/cells.ts';
import { exportCsv } from '../../../../src/main/jobs/export/export.ts';
import { exportXlsx, type XlsxRequest } from '../../../../src/main/jobs/export/xlsx.ts';
import { openInput } from '../../../../src/main/jobs/intake/input.ts';
import type { JobCounts, JournalRow } from '../../../../src/main/jobs/types.ts';
import { cellsOf, failure } from '../intake/support.ts';
import { batches, countsOf, exportFolders, job, row } from './support.ts';

const folder = exportFolders();
const NOW = Date.UTC(2026, 10, 23, 9, 0, 0);

function request(rows: readonly JournalRow[], rest: Partial<XlsxRequest> = {}): XlsxRequest {
  return {
    job: job({ mapping: { order: 0 } }),
    header: ['订单号', '备注'],
    rows: batches(rows),
    counts: countsOf(rows),
    runs: [{ beginMs: NOW - 90_000, endMs: NOW - 30_000 }],
    nowMs: NOW,
    path: join(folder(), 'out.xlsx'),
    language: 'en',
    ...rest,
  };
}

type Cells = readonly (readonly string[])[];

/** The texts of a sheet by a reader that shares no code with the writer. */
async function sheet(path: string, which: number | string): Promise<Cells> {
  const book = await readXlsx(readFileSync(path));
  const found = book.sheets.find((one, index) => index === which || one.name === which);
  return (found?.rows ?? []).map((cells) =>
    cells.map((cell) => (cell === null ? '' : typeof cell === 'string' ? cell : JSON.stringify(cell))),
  );
}

/** Rows of one width: a reader may leave out cells that are empty. */
function even(rows: Cells, width: number): Cells {
  return rows.map((cells) => Array.from({ length: width }, (_, index) => cells[index] ?? ''));
}

/** Texts that a spreadsheet, XML or CSV could take for something else. */
const cell = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '=',
      '<',
      '&',
      ',',
      '\n',
      '\r',
      '\t',
      '0',
      '1',
      '中',
      ' ',
      '＝',
      '_x',
      '000A_',
      '\u0001',
      '\uFFFE',
    ),
    maxLength: 8,
  }),
  fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
  fc.stringMatching(/^[0-9]{10,20}$/),
);

const state = fc.constantFrom('succeeded', 'failed', 'unknown', 'not_sent');
const anyRows = fc
  .array(fc.tuple(fc.array(cell, { maxLength: 4 }), state, cell), { minLength: 1, maxLength: 6 })
  .map((all) =>
    all.map(([cells, of, words], index) =>
      row(index + 1, cells, {
        state: of,
        reason: of === 'not_sent' ? 'cancelled' : null,
        note: of === 'unknown' ? { zh: words, en: words } : null,
        settledAtMs: NOW + index * 1_000,
      }),
    ),
  );

describe('exportXlsx', () => {
  it('has the same rows as the CSV, whatever the journal holds', async () => {
    const property = fc.asyncProperty(anyRows, fc.tuple(cell, cell), async (rows, header) => {
      const asked = request(rows, { header });
      await exportXlsx(asked);
      const path = join(dirname(asked.path), 'out.csv');
      await exportCsv({ ...asked, rows: batches(rows), path, raw: true });
      const expected = await cellsOf(await openInput({ kind: 'file', path }, { encoding: 'utf-8', delimiter: ',' }));
      const width = expected[0]?.length ?? 0;
      expect(even(await sheet(asked.path, 0), width)).toEqual(expected);
    });
    await fc.assert(property, { seed: 2, numRuns: 60 });
  });

  it('gives back the original cells by its header, as a re-import reads them', async () => {
    const rows = [row(1, ['20240522112901', "'=1+1"]), row(2, ['="007"', '-3', 'surplus', '=9'])];
    const asked = request(rows);
    await exportXlsx(asked);
    const [header = [], ...records] = await sheet(asked.path, 'Rows');
    const layout = ownLayout(header);
    expect(layout?.raw).toBe(true);
    expect(layout === null ? null : records.map((cells) => originalCells(cells, layout))).toEqual(
      rows.map(({ cells }) => cells),
    );
  });

  it('has texts alone: no number, no formula', async () => {
    const asked = request([row(1, ['20240522112901123456', '=HYPERLINK("x")'])]);
    await exportXlsx(asked);
    for await (const { values } of streamXlsxRows(readFileSync(asked.path), { sheet: 0 })) {
      expect(values.every((value) => value === null || typeof value === 'string')).toBe(true);
    }
    const book = await readXlsx(readFileSync(asked.path));
    expect(book.sheets.map(({ name }) => name)).toEqual(['Rows', 'Summary']);
    expect([...(book.sheets[0]?.cells?.values() ?? [])].filter((one) => one.formula !== undefined)).toEqual([]);
    expect(book.sheets[0]?.freezePane).toMatchObject({ rows: 1 });
  });

  it('sums up on its last sheet, in the person’s language', async () => {
    const rows = [row(1, ['a']), row(2, ['b'], { state: 'failed' }), row(3, ['c'], { state: 'not_sent' })];
    const counts = { ...countsOf(rows), byReason: { cancelled: 1 } };
    const en = request(rows, { counts });
    await exportXlsx(en);
    expect(await sheet(en.path, 'Summary')).toEqual(
      expect.arrayContaining([
        ['Account', 'Shop 1'],
        ['Source', 'may.csv'],
        ['Operation', expect.stringContaining(' · ') as string],
        ['Running time, pauses apart', '1 min'],
        ['Exported', '2026-11-23 17:00:00 (Beijing)'],
        ['✓ succeeded', '1'],
        ['✕ failed', '1'],
        ['? unknown', '0'],
        ['○ not sent', '1'],
        ['    cancelled', '1'],
        ['total', '3'],
      ]),
    );
    const zh = request(rows, { language: 'zh-CN' });
    await exportXlsx(zh);
    expect((await sheet(zh.path, '明细'))[0]).toContain('控制台原样 结果');
    expect(await sheet(zh.path, '汇总')).toEqual(expect.arrayContaining([['✓ 成功', '1']]));
  });

  it('goes on in further sheets where one is full, each with the header', async () => {
    const rows = Array.from({ length: 7 }, (_, index) => row(index + 1, [`o${index}`]));
    const asked = request(rows, { sheetRows: 4 });
    expect((await exportXlsx(asked)).rows).toBe(7);
    const orders = async (name: string): Promise<(string | undefined)[]> =>
      (await sheet(asked.path, name)).map((cells) => cells[0]);
    expect(await orders('Rows')).toEqual(['订单号', 'o0', 'o1', 'o2']);
    expect(await orders('Rows 2')).toEqual(['订单号', 'o3', 'o4', 'o5']);
    expect(await orders('Rows 3')).toEqual(['订单号', 'o6']);
    const book = await readXlsx(readFileSync(asked.path));
    expect(book.sheets.map(({ name }) => name)).toEqual(['Rows', 'Rows 2', 'Rows 3', 'Summary']);
  });

  it('cuts a cell that Excel would not take, and says so', async () => {
    const asked = request([row(1, ['a', 'x'.repeat(40_000)])]);
    await exportXlsx(asked);
    const text = (await sheet(asked.path, 0))[1]?.[1] ?? '';
    expect(text).toHaveLength(32_767);
    expect(text.endsWith('… (cut; a CSV export has the whole)')).toBe(true);
    expect(await sheet(asked.path, 'Summary')).toContainEqual(['cells cut, being too long', '1']);
  });

  it('is made of one page at a time: the file grows while rows are still being read', async () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      row(index + 1, [`2024${index}`, Math.random().toString(36)]),
    );
    const path = join(folder(), 'out.xlsx');
    const sizes: number[] = [];
    async function* pages(): AsyncGenerator<readonly JournalRow[]> {
      for (let page = 0; page < 40; page += 1) {
        yield many;
        const part = readdirSync(dirname(path))[0] ?? '';
        sizes.push(readFileSync(join(dirname(path), part)).length);
      }
    }
    const counts = { ...countsOf([]), total: 20_000, succeeded: 20_000 };
    await exportXlsx(request([], { path, rows: pages(), counts }));
    expect((sizes[20] ?? 0) > 0 && (sizes[39] ?? 0) > (sizes[20] ?? 0)).toBe(true);
    let read = 0;
    for await (const _ of streamXlsxRows(new Uint8Array(readFileSync(path)), { sheet: 0 })) read += 1;
    expect(read).toBe(20_001);
  });
});

describe('what an XLSX export refuses, leaving nothing behind', () => {
  const rows = [row(1, ['a']), row(2, ['b'], { state: 'failed' })];

  async function refused(asked: XlsxRequest): Promise<AppError> {
    const error = await failure(() => exportXlsx(asked));
    expect(readdirSync(dirname(asked.path))).toEqual([]);
    return error;
  }

  it.each<[string, Partial<JobCounts>]>([
    ['one row too many', { total: 3, notSent: 1 }],
    ['succeeded for failed', { succeeded: 2, failed: 0 }],
  ])('%s', async (_, wrong) => {
    expect((await refused(request(rows, { counts: { ...countsOf(rows), ...wrong } }))).code).toBe('EXPORT_MISMATCH');
  });

  it('a row that is being sent', async () => {
    expect((await refused(request(rows, { counts: { ...countsOf(rows), sending: 1 } }))).code).toBe('JOB_STATE');
  });

  it('a full disk', async () => {
    async function* full(): AsyncGenerator<readonly JournalRow[]> {
      yield* batches(rows);
      throw Object.assign(new Error('x'), { code: 'ENOSPC' });
    }
    expect((await refused(request(rows, { rows: full() }))).code).toBe('DISK_FULL');
  });

  it('more columns than Excel has', async () => {
    const header = Array.from({ length: 16_374 }, (_, index) => `c${index}`);
    const { code, data, text } = await refused(request(rows, { header }));
    expect({ code, data, text }).toEqual({
      code: 'USAGE',
      data: { columns: 16_385 },
      text: {
        message: {
          zh: '表格有 16385 列，Excel 最多 16384 列，没有生成文件',
          en: 'The table has 16385 columns, and Excel takes 16384; no file was made.',
        },
        remedy: { zh: '请导出为 CSV', en: 'Export it as CSV.' },
      },
    });
    const widest = request([row(1, ['a'])], { header: header.slice(1) });
    await exportXlsx(widest);
    expect((await sheet(widest.path, 'Rows'))[0]).toHaveLength(16_384);
  });

  it('a name that is taken, unless it is to be replaced', async () => {
    const asked = request(rows);
    writeFileSync(asked.path, 'mine');
    expect((await failure(() => exportXlsx(asked))).code).toBe('EXPORT_EXISTS');
    expect(readFileSync(asked.path, 'utf8')).toBe('mine');
    await exportXlsx({ ...asked, rows: batches(rows), overwrite: true });
    expect(await sheet(asked.path, 'Rows')).toHaveLength(3);
  });
});

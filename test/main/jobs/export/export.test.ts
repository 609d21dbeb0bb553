import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError, type AppError } from '../../../../src/contract/errors.ts';
import { exportCsv } from '../../../../src/main/jobs/export/export.ts';
import type { ExportRequest } from '../../../../src/main/jobs/export/export.ts';
import { exportName } from '../../../../src/main/jobs/export/name.ts';
import type { JobCounts, JournalRow } from '../../../../src/main/jobs/types.ts';
import { NOTE, ORDER, cellsOf, failure, operationOf, readAll } from '../intake/support.ts';
import { batches, countsOf, exportFolders, row } from './support.ts';
import { openInput } from '../../../../src/main/jobs/intake/input.ts';
import { expectBilingual } from '../../vendors/shared/bilingual.ts';

const folder = exportFolders();

function request(rows: readonly JournalRow[], rest: Partial<ExportRequest> = {}): ExportRequest {
  return {
    job: { id: 12, mapping: { order: 0 } },
    header: ['订单号', '备注'],
    rows: batches(rows),
    counts: countsOf(rows),
    path: join(folder(), 'out.csv'),
    language: 'en',
    ...rest,
  };
}

async function linesOf(path: string): Promise<(readonly string[])[]> {
  return cellsOf(await openInput({ kind: 'file', path }));
}

const FAILURE = {
  code: '40006',
  message: 'order status invalid',
  class: 'state',
  reading: { zh: '订单状态不允许', en: 'The order’s state does not allow it' },
  remedy: { zh: '请查看订单', en: 'Look at the order' },
  requestId: 'from-failure',
} as const;

describe('exportCsv', () => {
  it('writes the exact bytes', async () => {
    const rows = [
      row(1, ['20240522112901', '=1+1'], { requestId: 'r1', settledAtMs: Date.UTC(2026, 10, 23, 8, 42, 5, 999) }),
      row(2, ['A1', 'x,"y"\n'], { state: 'failed', failure: FAILURE, attempts: 2, sentAtMs: 0 }),
    ];
    const asked = request(rows);
    expect(await exportCsv(asked)).toEqual({ path: asked.path, rows: 2 });
    expect(readFileSync(asked.path, 'utf8')).toBe(
      '\uFEFF订单号,备注,Console outcome,Console code,Console reading,Console what to do,Console vendor request id,Console time (Beijing),Console times sent,Console order sent,Console note,Console line,Console surplus cells\r\n' +
        '"=""20240522112901""",\'=1+1,succeeded,,,,r1,2026-11-23 16:42:05,1,"=""20240522112901""",,2,\r\n' +
        'A1,"x,""y""\n",failed,40006,The order’s state does not allow it,Look at the order,from-failure,1970-01-01 08:00:00,2,A1,,3,\r\n',
    );
  });

  it('says what became of each row, in the person’s language', async () => {
    const note = { zh: '核实过', en: 'verified' };
    const problem = { code: 'blank', message: { zh: '第 2 行：空行', en: 'Line 2: the row is blank' } };
    const none = { attempts: 0 } as const;
    const rows = [
      row(1, ['a1'], { note }),
      row(2, [], { state: 'not_sent', reason: 'set_aside', problem, ...none }),
      row(3, ['a3'], { state: 'unknown', note: { zh: '超时', en: 'timed out' } }),
      row(4, ['a4'], { state: 'unknown' }),
      row(5, ['a5'], { state: 'not_sent', reason: 'cancelled', ...none }),
      row(6, ['a6'], { state: 'not_sent', reason: 'rejected', failure: FAILURE }),
      row(7, ['a7'], { state: 'not_sent', ...none }),
    ];
    const read = async (language: 'zh-CN' | 'en'): Promise<(readonly string[])[]> => {
      const asked = request(rows, { language, header: ['订单号'] });
      await exportCsv(asked);
      return (await linesOf(asked.path)).slice(1);
    };
    expect(await read('en')).toEqual(
      [
        ['a1', 'succeeded', '', '', '', '', '', '1', 'a1', 'verified', ''],
        [
          '',
          'not sent',
          'blank',
          'Line 2: the row is blank',
          'Mend it as the reading says and import it again.',
          '',
          '',
          '0',
          '',
          '',
          '',
        ],
        [
          'a3',
          'unknown',
          '',
          'timed out',
          'Verify it, or look at the vendor’s own site; do not send it again before.',
          '',
          '',
          '1',
          'a3',
          'timed out',
          '',
        ],
        [
          'a4',
          'unknown',
          '',
          'Sent, and no trustworthy answer came.',
          'Verify it, or look at the vendor’s own site; do not send it again before.',
          '',
          '',
          '1',
          'a4',
          '',
          '',
        ],
        [
          'a5',
          'not sent',
          'cancelled',
          'The job was cancelled.',
          'Import it again if it is still wanted.',
          '',
          '',
          '0',
          '',
          '',
          '',
        ],
        [
          'a6',
          'not sent',
          '40006',
          'The order’s state does not allow it',
          'Look at the order',
          'from-failure',
          '',
          '1',
          'a6',
          '',
          '',
        ],
        ['a7', 'not sent', '', 'Waits for its turn.', 'Resume the job.', '', '', '0', '', '', ''],
        // And its line, before the surplus cells.
      ].map((cells, index) => cells.toSpliced(-1, 0, String(index + 2))),
    );
    expect((await read('zh-CN')).map((cells) => cells.slice(1, 5))).toEqual([
      ['成功', '', '', ''],
      ['未发送', 'blank', '第 2 行：空行', '请按说明改正后重新导入'],
      ['未知', '', '超时', '请先核实（verify）或到平台后台查看，不要直接重发'],
      ['未知', '', '已经发出，没有得到可信的答复', '请先核实（verify）或到平台后台查看，不要直接重发'],
      ['未发送', 'cancelled', '任务已取消', '如仍需要，请重新导入'],
      ['未发送', '40006', '订单状态不允许', '请查看订单'],
      ['未发送', '', '等待发送', '继续任务即可发送'],
    ]);
  });

  it('pads short rows and keeps surplus cells apart', async () => {
    const asked = request([row(1, ['a']), row(2, ['a', 'b', '=c', '']), row(3, [])]);
    await exportCsv(asked);
    const lines = await linesOf(asked.path);
    expect(lines.map((cells) => [cells.length, cells[0], cells[1], cells.at(-1)])).toEqual([
      [13, '订单号', '备注', 'Console surplus cells'],
      [13, 'a', '', ''],
      [13, 'a', 'b', '["=c",""]'],
      [13, '', '', ''],
    ]);
  });

  it('names the columns of an input without a header so that it can be imported again', async () => {
    const asked = request([row(1, ['x', '20240522112901', 'y'])], {
      header: null,
      job: { id: 1, mapping: { order: 1 } },
    });
    await exportCsv(asked);
    expect((await linesOf(asked.path))[0]?.slice(0, 3)).toEqual(['column 1', 'order', 'column 3']);
    const zh = request([row(1, [])], { header: null, job: { id: 1, mapping: { order: 1 } }, language: 'zh-CN' });
    await exportCsv(zh);
    expect((await linesOf(zh.path))[0]?.slice(0, 3)).toEqual(['列 1', 'order', '控制台 结果']);
  });

  it('writes cells as they are when asked', async () => {
    const asked = request([row(1, ['20240522112901', "'=1"])], { raw: true });
    await exportCsv(asked);
    expect(readFileSync(asked.path, 'utf8').split('\r\n')[1]).toBe(
      "20240522112901,'=1,succeeded,,,,,,1,20240522112901,,2,",
    );
  });

  it('gives back any cells on re-import', async () => {
    const cell = fc.oneof(
      fc.string({
        unit: fc.constantFrom('"', "'", '=', ',', '\n', '\r', '\t', '0', '1', '中', ' ', '＝', '\uFEFF'),
        maxLength: 8,
      }),
      fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
      fc.stringMatching(/^[0-9]{10,14}$/),
    );
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(
      table,
      fc.tuple(cell, cell),
      fc.boolean(),
      async (records, [first, second], raw) => {
        const header = [`h${first}`, `i${second}`];
        const asked = request(
          records.map((cells, index) => row(index + 1, cells)),
          { header, raw },
        );
        await exportCsv(asked);
        const { rows, plan } = await readAll(
          { kind: 'file', path: asked.path },
          {
            mapping: { order: 0 },
            operation: operationOf([ORDER, { ...NOTE, names: { zh: '?', en: '?' }, id: 'zzz', aliases: [] }]),
          },
        );
        expect(plan.header).toEqual(header);
        expect(rows.map((one) => one.cells)).toEqual(records);
      },
    );
    await fc.assert(property, { seed: 1, numRuns: 100 });
  });

  it('streams many rows, each once', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => row(index + 1, [`20240522${index}`, '备注'.repeat(10)]));
    const asked = request(rows, { rows: batches(rows, 1_000) });
    expect(await exportCsv(asked)).toEqual({ path: asked.path, rows: 20_000 });
    const lines = await linesOf(asked.path);
    expect(lines.slice(1).map((cells) => cells[0])).toEqual(
      rows.map((one) => (one.order.length < 12 ? one.order : `="${one.order}"`)),
    );
  });
});

describe('what an export refuses', () => {
  async function refused(asked: ExportRequest): Promise<AppError> {
    const before = readdirSync(join(asked.path, '..'));
    const error = await failure(() => exportCsv(asked));
    expect(readdirSync(join(asked.path, '..'))).toEqual(before);
    return error;
  }

  const rows = [
    row(1, ['a']),
    row(2, ['b'], { state: 'failed' }),
    row(3, ['c'], { state: 'unknown' }),
    row(4, ['d'], { state: 'not_sent' }),
  ];
  const counts = countsOf(rows);

  it.each<[string, Partial<JobCounts>]>([
    ['one row too many', { total: 5, notSent: 2 }],
    ['one too few', { total: 3, notSent: 0 }],
    ['outcomes that do not sum to the total', { total: 4, notSent: 2 }],
    ['a total that its outcomes do not reach', { total: 5 }],
    ['succeeded for failed', { succeeded: 2, failed: 0 }],
    ['failed for unknown', { failed: 2, unknown: 0 }],
    ['unknown for not sent', { unknown: 2, notSent: 0 }],
    ['succeeded for not sent', { succeeded: 0, notSent: 2 }],
  ])('%s', async (_, wrong) => {
    const error = await refused(request(rows, { counts: { ...counts, ...wrong } }));
    expect(error.code).toBe('EXPORT_MISMATCH');
  });

  it('says by how much the rows disagree', async () => {
    const error = await refused(request(rows, { counts: { ...counts, total: 6, succeeded: 2 } }));
    expect(error.data).toEqual({ written: 4, total: 6, outcomes: 5 });
    expect(error.text.message.en).toBe(
      "The 4 rows of the export do not agree with the job's 6 (its outcomes sum to 5); no file was made.",
    );
    expect(error.text.message.zh).toBe('导出的 4 行与任务记录的 6 行（各结果之和 5）对不上，没有生成文件');
    expectBilingual(error.text.remedy);
  });

  it('a row that is being sent', async () => {
    const sending = [...rows, row(5, ['e'], { state: 'sending' })];
    const error = await refused(request(sending));
    expect([error.code, error.data]).toEqual(['JOB_STATE', { sending: 1 }]);
    expect(error.text.message).toEqual({
      zh: '还有 1 行正在发送，结果未定，不能导出',
      en: '1 rows are being sent just now, so that their outcome is open.',
    });
    expectBilingual(error.text.remedy);
    const late = await refused(request(sending, { counts: { ...countsOf(sending), sending: 0 } }));
    expect(late.code).toBe('EXPORT_MISMATCH');
  });

  it('a name that is taken, unless asked', async () => {
    const asked = request(rows);
    writeFileSync(asked.path, 'mine');
    const taken = await refused(asked);
    expect([taken.code, taken.data]).toEqual(['EXPORT_EXISTS', { file: 'out.csv' }]);
    expect(taken.text.message).toEqual({
      zh: '“out.csv”已经存在，没有覆盖',
      en: '"out.csv" exists already and was left as it is.',
    });
    expectBilingual(taken.text.remedy);
    expect(readFileSync(asked.path, 'utf8')).toBe('mine');
    await exportCsv({ ...asked, rows: batches(rows), overwrite: true });
    expect(readdirSync(join(asked.path, '..'))).toEqual(['out.csv']);
    expect((await linesOf(asked.path)).length).toBe(5);
  });

  it('a name that is taken meanwhile', async () => {
    const asked = request(rows);
    async function* taking(): AsyncGenerator<readonly JournalRow[]> {
      yield* batches(rows);
      writeFileSync(asked.path, 'mine');
    }
    const error = await failure(() => exportCsv({ ...asked, rows: taking() }));
    expect(error.code).toBe('EXPORT_EXISTS');
    expect(readFileSync(asked.path, 'utf8')).toBe('mine');
    expect(readdirSync(join(asked.path, '..'))).toEqual(['out.csv']);
  });

  it('a folder that is not there', async () => {
    const error = await failure(() => exportCsv(request(rows, { path: join(folder(), 'none', 'out.csv') })));
    expect([error.code, error.data]).toEqual(['FILE_UNREADABLE', { file: 'out.csv', code: 'ENOENT' }]);
    expect(error.text.message).toEqual({
      zh: '无法写入“out.csv”（ENOENT）',
      en: '"out.csv" cannot be written (ENOENT).',
    });
    expectBilingual(error.text.remedy);
  });

  it.each(['X', 'eACCES', 'ERR_X', 1])('nothing with a code that is no system’s: %s', async (code) => {
    const odd = Object.assign(new Error('odd'), { code });
    async function* failing(): AsyncGenerator<readonly JournalRow[]> {
      yield* batches(rows);
      throw odd;
    }
    const asked = request(rows, { rows: failing() });
    await expect(exportCsv(asked)).rejects.toBe(odd);
    expect(readdirSync(join(asked.path, '..'))).toEqual([]);
  });

  it('nothing when the rows cannot be read to their end', async () => {
    const broken = appError('DATABASE_FAILED', { zh: '坏', en: 'broken' }, { zh: '修', en: 'mend' });
    async function* failing(): AsyncGenerator<readonly JournalRow[]> {
      yield* batches(rows);
      throw broken;
    }
    expect(await refused(request(rows, { rows: failing() }))).toBe(broken);
  });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('a full disk (%s)', async (code) => {
    async function* full(): AsyncGenerator<readonly JournalRow[]> {
      yield* batches(rows);
      throw Object.assign(new Error('x'), { code });
    }
    const error = await refused(request(rows, { rows: full() }));
    expect([error.code, error.data]).toEqual(['DISK_FULL', { file: 'out.csv', code }]);
    expectBilingual(error.text.message, error.text.remedy);
  });

  it.skipIf(process.platform === 'win32')('a file larger than the system takes, really', () => {
    const path = join(folder(), 'out.csv');
    const module = JSON.stringify(join(import.meta.dirname, '../../../../src/main/jobs/export/export.ts'));
    const script = `
      const { exportCsv } = await import(${module});
      const one = { cells: ['x'.repeat(9000)], order: '', state: 'succeeded', reason: null, problem: null, failure: null, note: null, requestId: null, attempts: 1, sentAtMs: null, endedAtMs: null, settledAtMs: null };
      async function* rows() { yield Array(100).fill(one); }
      const counts = { total: 100, succeeded: 100, failed: 0, unknown: 0, notSent: 0, sending: 0 };
      const ended = await exportCsv({ job: { id: 1, mapping: {} }, header: ['a'], rows: rows(), counts, path: ${JSON.stringify(path)}, language: 'en' }).catch((error) => error);
      console.log(ended.code);`;
    const shell = 'ulimit -f 100; exec "$0" --input-type=module -e "$1"';
    const said = execFileSync('sh', ['-c', shell, process.execPath, script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(said.trim()).toBe('DISK_FULL');
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('shows the file to its owner alone', async () => {
    const asked = request(rows);
    await exportCsv(asked);
    if (process.platform !== 'win32') expect(statSync(asked.path).mode & 0o777).toBe(0o600);
  });
});

describe('exportName', () => {
  const now = new Date(Date.UTC(2026, 10, 23, 16, 42, 5));
  it.each([
    ['订单 5月.csv', '订单 5月-job12-20261124-004205.csv'],
    ['a.b.XLSX', 'a.b-job12-20261124-004205.csv'],
    ['paste', 'paste-job12-20261124-004205.csv'],
    ['a/b\\c:d*e?f"g<h>i|j\n', 'a_b_c_d_e_f_g_h_i_j_-job12-20261124-004205.csv'],
    ['con.csv', 'polyv-job12-20261124-004205.csv'],
    ['Lpt1', 'polyv-job12-20261124-004205.csv'],
    ['nul.x', 'polyv-job12-20261124-004205.csv'],
    ['console', 'console-job12-20261124-004205.csv'],
    ['.csv', 'polyv-job12-20261124-004205.csv'],
    [' ..x.. ', 'x-job12-20261124-004205.csv'],
    ['字'.repeat(100), `${'字'.repeat(60)}-job12-20261124-004205.csv`],
  ])('%j: %s', (name, expected) => {
    expect(exportName({ id: 12, vendor: 'polyv', source: { kind: 'file', name } }, now, 'csv')).toBe(expected);
  });
});

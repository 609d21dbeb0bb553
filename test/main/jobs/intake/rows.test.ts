import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecord, protectCell } from '../../../../src/main/jobs/export/cells.ts';
import { openInput } from '../../../../src/main/jobs/intake/input.ts';
import { NO_ROWS, readRows, summarise } from '../../../../src/main/jobs/intake/rows.ts';
import { NOTE, OPERATION, ORDER, failure, fileOf, operationOf, paste, readAll } from './support.ts';

describe('readRows', () => {
  it('gives each data row with its line, cells, order and fields', async () => {
    const { rows, input } = await readAll(
      fileOf('买家,订单号,备注,标记\r\n张三,20240522001,"加急\r\n发货",黄\r\n李四,20240522002,,\r\n'),
    );
    expect(rows).toEqual([
      {
        line: 2,
        cells: ['张三', '20240522001', '加急\r\n发货', '黄'],
        order: '20240522001',
        values: { note: '加急\r\n发货', tag: '2' },
        problem: null,
      },
      { line: 4, cells: ['李四', '20240522002', '', ''], order: '20240522002', values: {}, problem: null },
    ]);
    expect(input.sha256()).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('reads a list without a header', async () => {
    const { rows, plan } = await readAll(paste('20240522001\n20240522002'));
    expect(plan.hasHeader).toBe(false);
    expect(rows.map((row) => [row.line, row.order, row.problem])).toEqual([
      [1, '20240522001', null],
      [2, '20240522002', null],
    ]);
  });

  it('keeps blank rows, before the header too', async () => {
    const { rows } = await readAll(fileOf('\n订单号,备注\n\n20240522001,a\n , \n,\n'));
    expect(rows.map((row) => [row.line, row.cells, row.problem?.code ?? null])).toEqual([
      [1, [], 'blank'],
      [3, [], 'blank'],
      [4, ['20240522001', 'a'], null],
      [5, [' ', ' '], 'blank'],
      [6, ['', ''], 'blank'],
    ]);
    expect(rows[0]).toEqual({
      line: 1,
      cells: [],
      order: '',
      values: null,
      problem: { code: 'blank', message: { zh: '第 1 行：空行', en: 'Line 1: the row is blank' } },
    });
  });

  it('sets rows with too many cells aside, and takes short ones', async () => {
    const { rows } = await readAll(
      fileOf('订单号,备注,标记\n20240522001,hello, world,红\n20240522002,x\n20240522003,a,1,\n'),
    );
    expect(rows.map((row) => [row.order, row.values, row.problem?.code ?? null])).toEqual([
      ['', null, 'malformed'],
      ['20240522002', { note: 'x' }, null],
      ['', null, 'malformed'],
    ]);
    expect(rows[0]?.cells).toEqual(['20240522001', 'hello', ' world', '红']);
    expect(rows[0]?.problem?.message).toEqual({
      zh: '第 2 行：有 4 个单元格，比第一行的 3 个多，内容可能错位；含分隔符的单元格要加引号',
      en: 'Line 2: has 4 cells, the first row has 3, so that contents may be shifted; a cell with a delimiter inside must be quoted',
    });
  });

  it('sets a row with text after a closing quote aside', async () => {
    const { rows } = await readAll(fileOf('订单号,备注\n20240522001,"5" 屏\n20240522002,x\n'));
    expect(rows.map((row) => row.problem?.code ?? null)).toEqual(['malformed', null]);
    expect(rows[0]?.problem?.message.zh).toMatch(/^第 2 行 B 列：第 2 行开始的引号在第 2 行结束后还有文字/u);
    expect(rows[0]?.problem?.message.en).toMatch(
      /^Line 2, column B: there is text after the closing quote \(opened on line 2, closed on line 2\)/u,
    );
  });

  it.each([
    ['="20240522001"', '20240522001'],
    ['"=""00240522001"""', '00240522001'],
    ["'20240522001", '20240522001'],
    ['\t20240522001', '20240522001'],
    ['"\t20240522001"', '20240522001'],
    [' 20240522001 ', '20240522001'],
    ['\uFEFF20240522001\u200B', '20240522001'],
    ['\u202A20240522001\u202C', '20240522001'],
    ['\u00A020240522001\u3000', '20240522001'],
    ['=" 20240522001"', '20240522001'],
    ['210324-137383117442221', '210324-137383117442221'],
  ])('takes %j as an order number', async (cell, order) => {
    const { rows } = await readAll(fileOf(`订单号,备注\n${cell},x\n`));
    expect(rows.map((row) => [row.order, row.problem])).toEqual([[order, null]]);
  });

  it.each([
    ['1.23E+17', 'order.scientific'],
    ['1.23457E+17', 'order.scientific'],
    ['"=""1.23E+17"""', 'order.scientific'],
    ['123456789012345000', 'order.tail_zeros'],
    ['20240522001.00', 'order.number_format'],
    ['２０２４０５２２００１', 'order.full_width'],
    ['20240522００1', 'order.full_width'],
    ['20240 522001', 'order.unseen'],
    ['20240\u200B522001', 'order.unseen'],
    ['20240\u00A0522001', 'order.unseen'],
    ['"20240522001\n20240522002"', 'order.unseen'],
    ['12345', 'order.lost_zeros'],
    ["''20240522001", 'field.pattern'],
    ['20240522O01/2', 'field.pattern'],
    ['2024052\uFFFD001', 'damaged_text'],
    ['\u200B', 'field.required'],
    ["'", 'field.required'],
  ])('sets %j aside (%s)', async (cell, code) => {
    const { rows } = await readAll(fileOf(`备注,订单号\nx,${cell}\n`));
    expect(rows.map((row) => [row.values, row.problem?.code, row.problem?.field])).toEqual([[null, code, 'order']]);
    expect(rows[0]?.problem?.message.zh).toMatch(/^第 2 行 B 列：/u);
    expect(rows[0]?.problem?.message.en).toMatch(/^Line 2, column B: /u);
  });

  it('says what stands inside an order number', async () => {
    const { rows } = await readAll(paste('订单号\n20240\u200B522001'));
    expect(rows[0]?.problem?.message).toEqual({
      zh: '第 2 行 A 列：订单号：订单号中间有空格或看不见的字符（U+200B）；请删去后重新导入',
      en: 'Line 2, column A: order number: a space or an unseen character (U+200B) stands inside the order number; take it out and import again',
    });
  });

  it('tells all problems of a row, and keeps its order', async () => {
    const { rows } = await readAll(fileOf(`订单号,备注,标记\n20240522001,${'x'.repeat(21)},9\n`));
    expect(rows[0]).toMatchObject({
      order: '20240522001',
      values: null,
      problem: { code: 'field.too_long', field: 'note' },
    });
    expect(rows[0]?.problem?.message.en).toBe(
      'Line 2, column B: note: at most 20 characters, this has 21; Line 2, column C: flag: must be one of: 1 (red), 2 (yellow)',
    );
    expect(rows[0]?.problem?.message.zh).toContain('；第 2 行 C 列：');
  });

  it('sends free text as it is, and unwraps other fields', async () => {
    const { rows } = await readAll(fileOf(`订单号,备注,标记\n20240522001," 'x' ","=""2"""\n20240522002,\uFFFD,\n`));
    expect(rows[0]?.values).toEqual({ note: " 'x' ", tag: '2' });
    expect(rows[1]?.problem).toMatchObject({ code: 'damaged_text', field: 'note' });
  });

  it('passes warnings on with their place', async () => {
    const input = await openInput(fileOf('订单号,备注\n20240522001,warn\n'));
    const warnings: unknown[] = [];
    const options = { operation: OPERATION, params: {}, settings: {}, mapping: { order: 0, note: 1 }, hasHeader: true };
    for await (const batch of readRows(input, {
      ...options,
      onWarning: (line, warning) => warnings.push([line, warning]),
    })) {
      expect(batch[0]?.problem).toBeNull();
    }
    expect(warnings).toEqual([
      [2, { code: 'w', field: 'note', message: { zh: '第 2 行 B 列：注意', en: 'Line 2, column B: mind' } }],
    ]);
  });

  it('hands the job’s parameters and settings to the check', async () => {
    const seen: unknown[] = [];
    const operation = operationOf([ORDER]);
    const watched = {
      ...operation,
      checkRow: (...args: Parameters<typeof operation.checkRow>) => (seen.push(args), operation.checkRow(...args)),
    };
    const input = await openInput(paste('20240522001'));
    const options = {
      operation: watched,
      params: { status: 'x' },
      settings: { s: 'y' },
      mapping: { order: 0 },
      hasHeader: false,
    };
    for await (const _ of readRows(input, options));
    expect(seen).toEqual([[{ order: '20240522001' }, { status: 'x' }, { s: 'y' }]]);
  });

  it('sets megabytes in a mapped cell aside at once, and takes them elsewhere', async () => {
    const spaces = ` x${' '.repeat(1_000_000)}x`;
    const text = `订单号,备注,买家\n${spaces},a,b\n20240522001,${spaces},b\n20240522002,a,${spaces}\n`;
    const { rows } = await readAll(fileOf(text));
    expect(rows.map((row) => [row.problem?.code ?? null, row.problem?.field])).toEqual([
      ['field.too_long', 'order'],
      ['field.too_long', 'note'],
      [null, undefined],
    ]);
    const at = await readAll(
      fileOf(`订单号,备注\n20240522001,${'x'.repeat(10_000)}\n20240522001,${'x'.repeat(10_001)}\n`),
    );
    expect(at.rows.map((row) => row.problem?.message.en)).toEqual([
      'Line 2, column B: note: at most 20 characters, this has 10000',
      'Line 3, column B: note: has more than 10000 characters; look for a missing quote or shifted columns',
    ]);
  });

  it('comes in batches of at most 100', async () => {
    const { rows, batches } = await readAll(fileOf(`订单号\n${'20240522001\n'.repeat(2_500)}`));
    expect(batches).toEqual([99, ...Array<number>(24).fill(100), 1]);
    expect(rows.at(-1)?.line).toBe(2_501);
  });

  it('has no rows to give for a header alone', async () => {
    const error = await failure(() => readAll(fileOf('订单号,备注\n')));
    expect([error.code, error.text.message.zh]).toEqual([
      'INTAKE_EMPTY',
      expect.stringMatching(/只有表头，没有数据行$/u),
    ]);
    expect((await failure(() => readAll(paste('')))).text.message.en).toBe('"paste" is empty.');
  });

  it('gives every record once, whatever it holds', async () => {
    const cell = fc.oneof(
      fc.constantFrom('', '20240522001', '1.23E+17', '="0123456"', "'1", '１２３', '订单号', ' '),
      fc.string({
        unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', 'a', '中', '=', '\uFFFD', '\u200B'),
        maxLength: 5,
      }),
    );
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (records, chunkBytes) => {
      const text = ['订单号,备注', ...records.map(csvRecord)].join('\n');
      const { rows } = await readAll(paste(text), { chunkBytes, delimiter: ',' });
      expect(rows.map((row) => row.cells)).toEqual(records);
      for (const row of rows) expect(row.values === null).toBe(row.problem !== null);
    });
    await fc.assert(property, { seed: 1, numRuns: 150 });
  });
});

describe('our own export', () => {
  const added = ['Console outcome', 'Console code', 'Console surplus cells'];

  it('gives back its original cells alone', async () => {
    const header = csvRecord(['订单号', protectCell('=备注'), ...added]);
    const lines = [
      ['="012345678901"', "'=1+1", '成功', '', ''],
      ["'@x", "''x", '未发送', 'order.characters', ''],
      ['20240522001', 'x', '未发送', 'malformed', '["=y","z"]'],
      ['20240522002', 'x', '', '', 'nonsense'],
      ['20240522003', 'x', '', '', '', 'more'],
      ['20240522004'],
      ['', '', '未发送', 'blank', ''],
      [],
    ];
    const text = [header, ...lines.map(csvRecord)].join('\r\n') + '\r\n';
    const { rows, plan } = await readAll(fileOf(text), { mapping: { note: '=备注' } });
    expect(plan).toMatchObject({
      hasHeader: true,
      ownExport: true,
      header: ['订单号', '=备注'],
      mapping: { order: 0, note: 1 },
    });
    expect(rows.map((row) => [row.cells, row.problem?.code ?? null])).toEqual([
      [['012345678901', '=1+1'], null],
      [['@x', "'x"], 'field.pattern'],
      [['20240522001', 'x', '=y', 'z'], 'malformed'],
      [lines[3], 'malformed'],
      [lines[4], 'malformed'],
      [['20240522004', ''], null],
      [['', ''], 'blank'],
      [[], 'blank'],
    ]);
    expect(rows[3]?.problem?.message.en).toContain('Line 5: the row does not fit the form of our own export any more');
  });

  it('is known with columns moved, and without protections', async () => {
    const text = "控制台原样 结果,订单号,控制台原样 代码,备注\n成功,20240522001,,'x\n";
    const { rows, plan } = await readAll(fileOf(text));
    expect(plan).toMatchObject({ header: ['订单号', '备注'], mapping: { order: 0, note: 1 } });
    expect(rows[0]).toMatchObject({ cells: ['20240522001', "'x"], values: { note: "'x" } });
  });

  it('names a column by where it stands in the file, moved or not', async () => {
    const moved = await readAll(
      fileOf('控制台原样 结果,订单号,控制台原样 代码,标记\n成功,20240522001,,绿\n,1.2E+17,,红\n'),
    );
    expect(moved.rows.map(({ problem }) => problem?.message.en)).toEqual([
      expect.stringMatching(/^Line 2, column D: flag:/u),
      expect.stringMatching(/^Line 3, column B: order number/u),
    ]);
  });
});

describe('summarise', () => {
  it('sums rows by what became of them', async () => {
    const { rows } = await readAll(fileOf('订单号,备注\n20240522001,a\n\n1.2E+17,b\n1.3E+17,b\n'));
    const summary = summarise(summarise(NO_ROWS, rows.slice(0, 2)), rows.slice(2));
    expect(summary).toEqual({ total: 4, fit: 1, setAside: 3, byProblem: { blank: 1, 'order.scientific': 2 } });
  });

  it('needs no field but the order', async () => {
    const { rows } = await readAll(paste('20240522001'), { operation: operationOf([ORDER, NOTE]) });
    expect(rows[0]?.values).toEqual({});
  });
});

// What becomes of a row beyond its own cells: a template's text, a spreadsheet's marks, a deadline, the words of a refusal.
import { describe, expect, it } from 'vitest';
import { filledField, intakeFields } from '../../../../src/main/jobs/intake/filled.ts';
import { openInput, type InputSource } from '../../../../src/main/jobs/intake/input.ts';
import { planIntake, type ExplicitMapping } from '../../../../src/main/jobs/intake/mapping.ts';
import { readRows, type RowOptions } from '../../../../src/main/jobs/intake/rows.ts';
import type { IntakeRow } from '../../../../src/main/jobs/types.ts';
import type { Problem, UpdateOperation } from '../../../../src/main/vendors/types.ts';
import { bookOf, rowsOf } from '../../../support/workbook.ts';
import { NOTE, OPERATION, ORDER, TAG, fileOf, operationOf } from './support.ts';

const LONG_NOTE = { ...NOTE, maxLength: 20_000, required: true };
const BY_TEMPLATE = { template: { param: 'template', field: 'note' } };
const TEMPLATED: UpdateOperation = { ...operationOf([ORDER, LONG_NOTE, TAG]), ...BY_TEMPLATE };

interface Reading extends Partial<Pick<RowOptions, 'operation' | 'clock' | 'params' | 'onWarning'>> {
  readonly template?: string;
  readonly mapping?: ExplicitMapping;
}

/** Reads an input as an import does, a template bound to its header. */
async function read(source: InputSource, { template = '', mapping = {}, ...rest }: Reading = {}): Promise<IntakeRow[]> {
  const { operation = TEMPLATED } = rest;
  const params = { template, ...rest.params };
  const input = await openInput(source);
  const plan = planIntake(input.first.cells, intakeFields(operation, params), { mapping });
  const filled = filledField(operation, params, plan.header);
  const rows: IntakeRow[] = [];
  for await (const batch of readRows(input, { settings: {}, ...rest, ...plan, operation, params, filled }))
    rows.push(...batch);
  return rows;
}

const csv = (...lines: readonly string[]): InputSource => fileOf(`${lines.join('\n')}\n`);
const problemsOf = (rows: readonly IntakeRow[]): unknown[] => rows.map(({ problem }) => problem);

describe('a field that a template fills', () => {
  it('has the text of each row, without a column or in spite of one', async () => {
    const lines = ['订单号,备注,买家', '20240522001,\uFFFD,张三', "20240522002,x,'李四"];
    const rows = await read(csv(...lines), { template: 'to {买家}' });
    expect(rows.map(({ order, values, cells }) => [order, values, cells[1]])).toEqual([
      ['20240522001', { note: 'to 张三' }, '\uFFFD'],
      ['20240522002', { note: 'to 李四' }, 'x'],
    ]);
    const plain = await read(csv('20240522003', '20240522004'), { template: 'all alike' });
    expect(plain.map(({ values }) => values)).toEqual([{ note: 'all alike' }, { note: 'all alike' }]);
  });

  it('keeps a row that cannot be filled in from being sent, and says where', async () => {
    const rows = await read(csv('订单号,买家', '20240522001,', '20240522002,1.2E+17', '20240522003,ok'), {
      template: '{买家}',
    });
    expect(rows.map(({ order, values }) => [order, values])).toEqual([
      ['20240522001', null],
      ['20240522002', null],
      ['20240522003', { note: 'ok' }],
    ]);
    expect(rows[0]?.problem).toEqual({
      code: 'template.empty',
      field: 'note',
      message: {
        zh: '第 2 行 B 列：备注：{买家} 的单元格是空的',
        en: 'Line 2, column B: note: the cell for {买家} is empty',
      },
    });
    expect(rows[1]?.problem?.code).toBe('template.damaged');
  });

  it('takes 10000 characters, and no more', async () => {
    const texts = ['x'.repeat(9_999), 'x'.repeat(10_000)];
    const rows = await read(csv('订单号,买家', ...texts.map((text) => `20240522001,${text}`)), { template: '!{买家}' });
    expect(rows[0]?.values?.['note']).toHaveLength(10_000);
    expect(rows[1]).toMatchObject({
      order: '20240522001',
      values: null,
      problem: {
        code: 'field.too_long',
        field: 'note',
        message: {
          zh: '第 3 行：备注：超过 10000 个字符；请检查是否缺少引号或列错位',
          en: 'Line 3: note: has more than 10000 characters; look for a missing quote or shifted columns',
        },
      },
    });
  });

  it('is checked as any other, its problem without a column', async () => {
    const operation = { ...operationOf([ORDER, { ...LONG_NOTE, maxLength: 3 }]), ...BY_TEMPLATE };
    const rows = await read(csv('订单号,买家', '20240522001,abcd'), { operation, template: '{买家}' });
    expect(rows[0]?.problem?.message.en).toBe('Line 2: note: at most 3 characters, this has 4');
  });
});

describe('what a spreadsheet made of a cell', () => {
  const DATE = '<c r="@" s="1"><v>45000</v></c>';
  const book = (...rows: readonly (readonly string[])[]): InputSource =>
    fileOf(bookOf({ sheets: [{ name: '发货', data: rowsOf(rows) }], styles: [0, 14] }), 'orders.xlsx');

  it('keeps a placeholder’s row from being sent, its order kept', async () => {
    const rows = await read(book(['订单号', '买家', '日期'], ['20240522001', '张三', DATE], ['20240522002', DATE]), {
      template: 'to {买家} ',
    });
    expect(rows.map(({ order, values }) => [order, values])).toEqual([
      ['20240522001', { note: 'to 张三 ' }],
      ['20240522002', null],
    ]);
    expect(rows[1]?.problem).toMatchObject({ code: 'cell.date', field: 'note' });
    expect(rows[1]?.problem?.message.en).toMatch(/^Sheet "发货", line 3, column B: note: the cell is a date/u);
    expect(rows[1]?.problem?.message.zh).toMatch(/^工作表“发货”第 3 行 B 列：备注：单元格是日期/u);
  });

  it('counts where the field’s own column stands, in an export of ours, too', async () => {
    const own = ['Console raw outcome', '订单号', 'Console raw code', '备注'];
    const rows = await read(book(own, [DATE, '20240522001', DATE, 'x'], ['', '20240522002', '', DATE]));
    expect(rows.map(({ order, problem }) => [order, problem?.code ?? null, problem?.field])).toEqual([
      ['20240522001', null, undefined],
      ['', 'cell.date', 'note'],
    ]);
  });

  it('says nothing of a cell that no field has, or one beside the table', async () => {
    const rows = await read(book(['订单号', '备注', 'x'], ['20240522001', 'a', DATE, '', 'beside']));
    expect(rows).toMatchObject([{ order: '20240522001', values: { note: 'a' }, problem: null }]);
  });
});

describe('an operation with a deadline', () => {
  const seen: [string, number][] = [];
  const operation: UpdateOperation = {
    ...OPERATION,
    deadline: {
      seen: (row, seenAtMs) => {
        seen.push([row.order, seenAtMs]);
        return { ...row, values: { ...row.values, first: String(seenAtMs) } };
      },
      of: (row) => (row.order === '20240522009' ? null : { atMs: 1_000 + Number(row.values['first']), exact: true }),
      tooLate: {
        code: 'late',
        message: 'late',
        class: 'state',
        reading: { zh: '超过时限', en: 'It is too late' },
        remedy: { zh: '请重新下单', en: 'order again' },
      },
    },
  };
  const lines = ['订单号', '20240522001', '20240522002', '20240522009'];

  it('sets a row aside at its very end, and keeps when it was first seen', async () => {
    const seenAtMs = (order: string): number => (order === '20240522002' ? 501 : 500);
    const rows = await read(csv(...lines), { operation, clock: { nowMs: 1_500, seenAtMs } });
    expect(rows.map(({ order, values }) => [order, values])).toEqual([
      ['20240522001', null],
      ['20240522002', { first: '501' }],
      ['20240522009', { first: '500' }],
    ]);
    expect(rows[0]?.problem).toEqual({
      code: 'late',
      message: { zh: '第 2 行：超过时限；请重新下单', en: 'Line 2: It is too late; order again' },
    });
    expect(seen.slice(0, 2)).toEqual([
      ['20240522001', 500],
      ['20240522002', 501],
    ]);
  });

  it.each<[string, Reading]>([
    ['no clock', { operation }],
    ['no deadline', { operation: OPERATION, clock: { nowMs: 1e15, seenAtMs: () => 0 } }],
  ])('needs both: %s', async (_, reading) => {
    const rows = await read(csv(...lines), reading);
    expect(rows.map(({ values, problem }) => [values, problem])).toEqual(lines.slice(1).map(() => [{}, null]));
  });
});

describe('the words of a refused row', () => {
  const refusing = (...problems: readonly Problem[]): UpdateOperation => ({
    ...OPERATION,
    checkRow: () => ({ ok: false, problems }),
  });

  it('name the column of the field, where it has one', async () => {
    const problem = (field?: string): Problem => ({
      code: 'odd',
      ...(field === undefined ? {} : { field }),
      message: { zh: '怪', en: 'odd' },
    });
    const operation = refusing(problem('tag'), problem('gone'), problem(), problem('order'));
    const [row] = await read(csv('订单号,标记', '20240522001,1'), { operation });
    expect(row).toMatchObject({ order: '20240522001', values: null });
    expect(row?.problem).toEqual({
      code: 'odd',
      field: 'tag',
      message: {
        zh: '第 2 行 B 列：怪；第 2 行：怪；第 2 行：怪；第 2 行 A 列：怪',
        en: 'Line 2, column B: odd; Line 2: odd; Line 2: odd; Line 2, column A: odd',
      },
    });
  });

  it('are never wanting: a check that refuses without any is a mistake', async () => {
    await expect(read(csv('订单号', '20240522001'), { operation: refusing() })).rejects.toThrow(
      new TypeError('a refused row without a problem'),
    );
  });

  it('are told in both languages', async () => {
    const lines = ['订单号,备注', '20240522001,"5" 屏', '20240522002,\uFFFD', `20240522003,${'x'.repeat(10_001)}`];
    expect(problemsOf(await read(csv(...lines), { operation: OPERATION }))).toEqual([
      {
        code: 'malformed',
        message: {
          zh: '第 2 行 B 列：第 2 行开始的引号在第 2 行结束后还有文字；请改正引号（单元格里的引号要写两个）',
          en: 'Line 2, column B: there is text after the closing quote (opened on line 2, closed on line 2); mend the quotes (a quote inside a cell is written twice)',
        },
      },
      {
        code: 'damaged_text',
        field: 'note',
        message: {
          zh: '第 3 行 B 列：备注：含有“\uFFFD”，文字在之前的转换中已经损坏；请从原始系统重新导出',
          en: 'Line 3, column B: note: holds "\uFFFD", so that its text was lost in an earlier conversion; export it again from its source',
        },
      },
      {
        code: 'field.too_long',
        field: 'note',
        message: {
          zh: '第 4 行 B 列：备注：超过 10000 个字符；请检查是否缺少引号或列错位',
          en: 'Line 4, column B: note: has more than 10000 characters; look for a missing quote or shifted columns',
        },
      },
    ]);
    const own = ['订单号,Console outcome', '20240522001,x,y'];
    expect(problemsOf(await read(csv(...own), { operation: OPERATION }))).toEqual([
      {
        code: 'malformed',
        message: {
          zh: '第 2 行：这一行与本软件导出的格式不符；请从原文件重新导入',
          en: 'Line 2: the row does not fit the form of our own export any more; import it from the original file',
        },
      },
    ]);
  });
});

describe('a warning', () => {
  it('names its column where the field has one, and is told of rows that are fit alone', async () => {
    const warnings: [number, string][] = [];
    const warning = (field: string): Problem => ({ code: 'w', field, message: { zh: '注意', en: 'mind' } });
    const operation: UpdateOperation = {
      ...OPERATION,
      checkRow: (values) => ({
        ok: true,
        value: { order: values['order'] ?? '', values },
        warnings: [warning('order'), warning('gone')],
      }),
    };
    await read(csv('备注,订单号', 'a,20240522001', 'b,1.2E+17'), {
      operation,
      onWarning: (line, { message }) => warnings.push([line, message.en]),
    });
    expect(warnings).toEqual([
      [2, 'Line 2, column B: mind'],
      [2, 'Line 2: mind'],
    ]);
  });
});

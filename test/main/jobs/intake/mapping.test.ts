import { describe, expect, it } from 'vitest';
import { detectHeader, planIntake, proposeMapping, surveyIntake } from '../../../../src/main/jobs/intake/mapping.ts';
import { NOTE, ORDER, TAG, failure } from './support.ts';

const FIELDS = [ORDER, NOTE, TAG];

describe('proposeMapping', () => {
  it.each([
    '订单号',
    '订单编号',
    ' 订单号 ',
    '\uFEFF订单号',
    '*订单号',
    '订单号：',
    '订 单 号',
    '【订单号】',
    '订单号(必填)',
    '订单号（18位）',
    '订单号【文本】',
    'ORDER_SN',
    'order sn',
    'Order-SN',
    'ｏｒｄｅｒ＿ｓｎ',
    'Order Number',
    'OrderNo.',
    'order',
  ])('knows %j as the order number', (name) => {
    expect(proposeMapping(['买家', name], FIELDS)).toEqual({
      mapping: { order: 1 },
      unmapped: [0],
      ambiguous: [],
      missing: [],
    });
  });

  it.each(['', '  ', '()', '号', '父订单号', '订单号2', 'orders'])('does not know %j', (name) => {
    expect(proposeMapping([name], FIELDS)).toEqual({ mapping: {}, unmapped: [0], ambiguous: [], missing: ['order'] });
  });

  it('maps all fields in any order', () => {
    expect(proposeMapping(['标记', '商家备注', '金额(元)', '订单编号'], FIELDS)).toEqual({
      mapping: { order: 3, note: 1, tag: 0 },
      unmapped: [2],
      ambiguous: [],
      missing: [],
    });
  });

  it('prefers the name as it stands to one with a remark in brackets', () => {
    expect(proposeMapping(['订单号(原)', '订单号'], FIELDS).mapping).toEqual({ order: 1 });
  });

  it('does not choose between two columns', () => {
    expect(proposeMapping(['订单号', '订单编号', '备注'], FIELDS)).toEqual({
      mapping: { note: 2 },
      unmapped: [0, 1],
      ambiguous: [{ field: 'order', columns: [0, 1] }],
      missing: ['order'],
    });
  });

  it('gives a column that two fields claim to neither', () => {
    const twin = { ...NOTE, id: 'other' };
    expect(proposeMapping(['订单号', '备注'], [ORDER, NOTE, twin])).toEqual({
      mapping: { order: 0 },
      unmapped: [1],
      ambiguous: [
        { field: 'note', columns: [1] },
        { field: 'other', columns: [1] },
      ],
      missing: [],
    });
  });

  it('misses no required field that has an initial value', () => {
    const fields = [ORDER, { ...TAG, required: true, initial: '1' }, { ...NOTE, required: true }];
    expect(proposeMapping(['订单号'], fields).missing).toEqual(['note']);
  });
});

describe('detectHeader', () => {
  it.each<[string[], boolean]>([
    [['订单号', '备注'], true],
    [['订单号(20240522)'], true],
    [['编号', '说明'], true],
    [['col1'], true],
    [['20240522001'], false],
    [['210324-137383117442221', '备注'], false],
    [['="20240522001"'], false],
    [["'20240522001"], false],
    [['12345'], false],
    [['1.23E+17'], false],
    [['ab1234'], false],
    [['ab1234 '], false],
    [['备注', '20240522001'], false],
    [['收货时间 2024-05-22 10:00'], true],
    [['', '编号'], true],
    [['订单号', '20240522001'], true],
    [['Console outcome', '20240522001'], true],
    [['x/123456'], false],
    [['x/12345'], true],
    [['abc123'], true],
    [['ab1234!'], true],
    [['1.5e3'], false],
    [['1,5E+3'], false],
    [['x1.5e3'], true],
    [['1.5e3x'], true],
    [[" '1234"], false],
    [["' 1234"], false],
  ])('%j: %s', (row, header) => {
    expect(detectHeader(row, FIELDS)).toBe(header);
  });

  it('looks at the order field’s own pattern', () => {
    expect(detectHeader(['ab1234'], [{ ...ORDER, pattern: '\\d+' }])).toBe(true);
    const { pattern: _, ...open } = ORDER;
    expect(detectHeader(['ab1234'], [open])).toBe(true);
  });

  it('needs no order among the fields', () => {
    expect([detectHeader(['备注'], [NOTE]), detectHeader(['20240522001'], [NOTE])]).toEqual([true, false]);
  });
});

describe('planIntake', () => {
  it('plans a table with a header', () => {
    expect(planIntake(['订单号', '备注', 'x'], FIELDS)).toEqual({
      hasHeader: true,
      header: ['订单号', '备注', 'x'],
      mapping: { order: 0, note: 1 },
      unmapped: [2],
      ownExport: false,
      notices: [],
    });
  });

  it('plans a list of order numbers', () => {
    expect(planIntake(['20240522001'], FIELDS)).toEqual({
      hasHeader: false,
      header: null,
      mapping: { order: 0 },
      unmapped: [],
      ownExport: false,
      notices: [],
    });
  });

  it('takes names and columns from a person, and finds the rest', () => {
    expect(planIntake(['订单号', '订单编号', '备注'], FIELDS, { mapping: { order: '订单编号' } }).mapping).toEqual({
      order: 1,
      note: 2,
    });
    expect(planIntake(['订单号', '订单编号', '备注'], FIELDS, { mapping: { order: 0, tag: 2 } }).mapping).toEqual({
      order: 0,
      tag: 2,
    });
    expect(planIntake(['A', 'B b'], FIELDS, { mapping: { order: 'ａ', note: 'bB' } }).mapping).toEqual({
      order: 0,
      note: 1,
    });
    expect(planIntake(['20240522001', 'x'], FIELDS, { mapping: { order: 0, note: 1 } })).toMatchObject({
      hasHeader: false,
      mapping: { order: 0, note: 1 },
    });
    expect(planIntake(['20240522001', '备注'], FIELDS, { hasHeader: true, mapping: { order: 0 } }).mapping).toEqual({
      order: 0,
      note: 1,
    });
    expect(planIntake(['abc'], FIELDS, { hasHeader: false }).mapping).toEqual({ order: 0 });
  });

  it('tells columns without a name and with the same one', () => {
    expect(planIntake(['订单号', '', 'x', ' x', ''], FIELDS).notices).toEqual([
      { zh: 'B, E 列没有列名', en: 'Without a name: column B, E.' },
      { zh: '列名“x”重复：C, D 列', en: 'The name "x" occurs more than once: columns C, D.' },
    ]);
  });

  it('says what it found when a column is missing', async () => {
    const error = await failure(() => planIntake(['编号', '备注', 'x'.repeat(30)], FIELDS));
    expect(error.code).toBe('INTAKE_MAPPING');
    expect(error.text.message).toEqual({
      zh: `没有找到必需的列：订单号。找到的列：A 编号、B 备注、C ${'x'.repeat(24)}…。`,
      en: `No column for: order number. Columns found: A 编号, B 备注, C ${'x'.repeat(24)}….`,
    });
    expect(error.text.remedy.en).toBe('Rename the columns, or say which column each field is.');
  });

  it('says which columns a field fits', async () => {
    const error = await failure(() => planIntake(['订单号', '订单编号'], FIELDS));
    expect([error.code, error.text.message.en]).toEqual([
      'INTAKE_MAPPING',
      '"order number" fits more than one column, or shares one with another field: A, B. Columns found: A 订单号, B 订单编号.',
    ]);
  });

  it('shows no data of a table without a header', async () => {
    const error = await failure(() => planIntake(['20240522001', '13800138000'], FIELDS));
    expect([error.code, error.text.message.en]).toEqual([
      'INTAKE_MAPPING',
      'No column for: order number. The input has no header and 2 column(s).',
    ]);
    expect(JSON.stringify([error.text, error.data])).not.toContain('13800138000');
    expect(error.text.remedy.en).toContain('Add a first line with column names');
  });

  it.each<[Record<string, string | number>, string, string]>([
    [{ nope: 0 }, 'INTAKE_MAPPING', 'There is no field "nope".'],
    [{ order: 3 }, 'INTAKE_MAPPING', 'Column 4 for "order number" does not exist; the input has 3.'],
    [{ order: -1 }, 'INTAKE_MAPPING', 'Column 0 for "order number" does not exist; the input has 3.'],
    [{ order: 0.5 }, 'INTAKE_MAPPING', 'Column 1.5 for "order number" does not exist; the input has 3.'],
    [{ order: '单号' }, 'INTAKE_MAPPING', 'No column is named "单号". Columns found: A 订单号, B x, C x.'],
    [{ order: 'x' }, 'INTAKE_HEADER', '2 columns are named "x" (B, C).'],
    [{ order: 1, note: 1 }, 'INTAKE_MAPPING', 'Column B is given to two fields.'],
  ])('refuses %j', async (mapping, code, message) => {
    const error = await failure(() => planIntake(['订单号', 'x', 'x'], FIELDS, { mapping }));
    expect([error.code, error.text.message.en]).toEqual([code, message]);
  });

  it('knows no names without a header', async () => {
    const error = await failure(() => planIntake(['20240522001'], FIELDS, { mapping: { order: '订单号' } }));
    expect(error.text.message.en).toBe('No column is named "订单号". The input has no header.');
  });

  it('lists at most 20 columns', async () => {
    const names = Array.from({ length: 21 }, (_, index) => `c${index}`);
    const error = await failure(() => planIntake(names, FIELDS));
    expect(error.text.message.en).toMatch(/, T c19, …\.$/u);
  });
});

describe('a plan', () => {
  it('is refused where one column is given to another field than the order', async () => {
    const error = await failure(() => planIntake(['20240522001'], FIELDS, { mapping: { note: 0 } }));
    expect([error.code, error.text.message.en]).toEqual([
      'INTAKE_MAPPING',
      'No column for: order number. The input has no header and 1 column(s).',
    ]);
    expect(planIntake(['20240522001'], [NOTE]).mapping).toEqual({});
  });

  it('is refused where an optional field is unclear', async () => {
    const error = await failure(() => planIntake(['订单号', '备注', '商家备注'], FIELDS));
    expect(error.text.message).toEqual({
      zh: '“备注”对应到不止一列，或与别的字段同列：B, C。找到的列：A 订单号、B 备注、C 商家备注。',
      en: '"note" fits more than one column, or shares one with another field: B, C. Columns found: A 订单号, B 备注, C 商家备注.',
    });
  });

  it('takes a name of spaces for none, once', () => {
    expect(planIntake(['订单号', '  ', ' ', '备注'], FIELDS).notices).toEqual([
      { zh: 'B, C 列没有列名', en: 'Without a name: column B, C.' },
    ]);
  });

  it.each([
    ['Console outcome', '备注'],
    ['Console raw outcome', "'备注"],
  ])('takes the names of an export of ours as they were: %s', (own, name) => {
    const plan = planIntake(['订单号', own, "'备注"], FIELDS);
    expect([plan.header, plan.ownExport]).toEqual([['订单号', name], true]);
  });
});

describe('surveyIntake', () => {
  it('tells what is unclear or missing, which planIntake refuses', () => {
    const unclear = ['备注', '卖家备注', '标签'];
    expect(surveyIntake(unclear, [ORDER, { ...NOTE, aliases: ['卖家备注'] }])).toMatchObject({
      hasHeader: true,
      names: unclear,
      own: null,
      proposed: { mapping: {}, ambiguous: [{ field: 'note', columns: [0, 1] }], missing: ['order'] },
    });
    expect(() => planIntake(unclear, [ORDER, NOTE])).toThrow();
  });

  it('takes a whole mapping for what it is, and says what it lacks', () => {
    const survey = surveyIntake(['订单号', '备注'], FIELDS, { mapping: { note: 1 }, mappingIsWhole: true });
    expect(survey.proposed).toMatchObject({ mapping: { note: 1 }, missing: ['order'], unmapped: [0] });
  });
});

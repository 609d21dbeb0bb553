import { describe, expect, it } from 'vitest';
import type {
  LookupRow,
  Settings,
  UpdateRow,
  Values,
  Verdict,
  VerifyFacts,
} from '../../../../src/main/vendors/types.ts';
import { ORDER, update } from './support.ts';

function check(values: Values, settings: Settings = { noteMax: '500' }): unknown {
  const checked = update().checkRow({ order_sn: ORDER, ...values }, {}, settings);
  return checked.ok
    ? [checked.value, checked.warnings.map((warning) => warning.code)]
    : checked.problems.map(({ field, code }) => `${field ?? ''} ${code}`);
}

describe('checking a row', () => {
  it('takes a note alone, or with a mark and its name', () => {
    expect(check({ note: ' a ' })).toEqual([{ order: ORDER, values: { note: ' a ' } }, []]);
    expect(check({ note: 'a', tag: '2', tag_name: '黄色' })).toEqual([
      { order: ORDER, values: { note: 'a', tag: '2', tag_name: '黄色' } },
      [],
    ]);
    expect(check({ note: 'a', tag: '紫色', tag_name: '紫' })).toEqual([
      { order: ORDER, values: { note: 'a', tag: '5', tag_name: '紫' } },
      [],
    ]);
    expect(check({ note: 'a', tag: ' ', tag_name: '' })).toEqual([{ order: ORDER, values: { note: 'a' } }, []]);
  });

  it('asks for the note and the order', () => {
    expect(check({ note: ' ' })).toEqual(['note field.required']);
    expect(check({ note: 'a', order_sn: '' })).toEqual(['order_sn field.required']);
  });

  it('wants both of mark and name, or neither, and names the missing one', () => {
    expect(update().checkRow({ order_sn: ORDER, note: 'a', tag: '1' }, {}, {})).toEqual({
      ok: false,
      problems: [
        {
          code: 'pdd.tag_pair',
          field: 'tag_name',
          message: {
            zh: '标记名称：标记与标记名称要么都填，要么都不填',
            en: 'Mark name: the mark and its name must both be given, or neither',
          },
        },
      ],
    });
    expect(check({ note: 'a', tag_name: '红' })).toEqual(['tag pdd.tag_pair']);
  });

  it('takes marks 1 to 5 and names of at most 3 characters, by code point', () => {
    for (const tag of ['1', '2', '3', '4', '5']) expect(check({ note: 'a', tag, tag_name: '急' })).toHaveLength(2);
    for (const tag of ['0', '6', '-1', 'x'])
      expect(check({ note: 'a', tag, tag_name: '急' })).toEqual(['tag field.choice']);
    expect(check({ note: 'a', tag: '1', tag_name: '𬭎紫🎁' })).toEqual([
      { order: ORDER, values: { note: 'a', tag: '1', tag_name: '𬭎紫🎁' } },
      [],
    ]);
    expect(check({ note: 'a', tag: '1', tag_name: '四个字符' })).toEqual(['tag_name field.too_long']);
  });

  it('warns of an order number of another form, and does not refuse it', () => {
    const codes = (order: string) => {
      const checked = update().checkRow({ order_sn: order, note: 'a' }, {}, {});
      return checked.ok ? checked.warnings : checked.problems;
    };
    expect(codes(ORDER)).toEqual([]);
    expect(codes('210324137383117442221')).toEqual([
      {
        code: 'pdd.order_form',
        field: 'order_sn',
        message: {
          zh: '订单号：不像常见的 210324-137383117442221，请核对',
          en: 'Order number: is not like the usual 210324-137383117442221; please check it',
        },
      },
    ]);
    for (const order of [
      '21032-137383117442221',
      '210324-13738311744222',
      '210324-1373831174422210',
      'x210324-137383117442221',
    ]) {
      expect(codes(order)).toMatchObject([{ code: 'pdd.order_form' }]);
    }
    expect(codes('2.1E+17')).toMatchObject([{ code: 'order.scientific' }]);
  });

  it('warns of a note beyond the soft maximum, by code point', () => {
    expect(check({ note: '🎁'.repeat(500) })).toMatchObject([{}, []]);
    expect(check({ note: '🎁'.repeat(501) })).toMatchObject([{}, ['pdd.note_long']]);
    expect(check({ note: 'a'.repeat(501) }, {})).toMatchObject([{}, ['pdd.note_long']]);
    const checked = update().checkRow({ order_sn: ORDER, note: 'abcd' }, {}, { noteMax: '3' });
    expect(checked.ok ? checked.warnings : []).toEqual([
      {
        code: 'pdd.note_long',
        field: 'note',
        message: {
          zh: '备注：有 4 个字符，超过控制台设的 3 个；拼多多没有公布上限，可能会拒绝',
          en: "Note: has 4 characters, more than the console's 3; Pinduoduo publishes no maximum and may refuse it",
        },
      },
    ]);
  });

  it('writes over the present note unless told otherwise, sends one row a call and never repeats it unverified', () => {
    expect(update().checkParams({ any: 'x' }, {})).toEqual({ ok: true, value: { mode: 'overwrite' }, warnings: [] });
    expect(update()).toMatchObject({ batchSize: 1, repeatable: 'afterVerify' });
  });
});

const { verify, readBefore } = update();
if (verify === undefined || readBefore === undefined) throw new Error('no plans');
const plain: UpdateRow = { order: ORDER, values: { note: 'new' } };
const marked: UpdateRow = { order: ORDER, values: { note: 'new', tag: '2', tag_name: '黄色' } };
const found = (values: Values): LookupRow => ({ values: { order_sn: ORDER, ...values } });

describe('the look-up of both plans', () => {
  it('asks for the detail of the order', () => {
    const call = { operation: 'order-detail', params: { order_sn: ORDER } };
    expect(verify.lookup(plain)).toEqual(call);
    expect(readBefore.lookup(plain)).toEqual(call);
    expect(verify.matches(plain, found({ note: 'x' }))).toBe(true);
    expect(verify.matches(plain, { values: { order_sn: 'other' } })).toBe(false);
    expect(verify.sweep).toBeUndefined();
  });
});

describe('before the write', () => {
  const before = (row: UpdateRow, present: Values, expected: Values | null = null) =>
    readBefore.judge({ row, params: {}, found: found(present), expected, nowMs: 0 });

  it('keeps the old note, mark and name', () => {
    expect(before(plain, { note: 'old', tag: '1', tag_name: '急' })).toEqual({
      kind: 'write',
      oldValues: { note: 'old', tag: '1', tag_name: '急' },
    });
    expect(before(plain, { note: '' })).toEqual({ kind: 'write', oldValues: { note: '', tag: '', tag_name: '' } });
  });

  it('has nothing to do when all that is written is there', () => {
    expect(before(plain, { note: 'new', tag: '1', tag_name: '急' }).kind).toBe('nothing_to_do');
    expect(before(marked, { note: 'new', tag: '2', tag_name: '黄色' })).toEqual({
      kind: 'nothing_to_do',
      oldValues: { note: 'new', tag: '2', tag_name: '黄色' },
    });
    expect(before(marked, { note: 'new', tag: '1', tag_name: '黄色' }).kind).toBe('write');
    expect(before(marked, { note: 'new', tag: '2', tag_name: '黄' }).kind).toBe('write');
    expect(before(marked, { note: 'old', tag: '2', tag_name: '黄色' }).kind).toBe('write');
    expect(before(marked, { note: 'new' }).kind).toBe('write');
  });

  it('notices a change since the preview', () => {
    expect(before(plain, { note: 'other' }, { note: 'old' })).toEqual({
      kind: 'changed',
      oldValues: { note: 'other', tag: '', tag_name: '' },
    });
    expect(before(plain, { note: 'old' }, { note: 'old' }).kind).toBe('write');
    expect(before(plain, { note: 'old', tag: '3' }, { note: 'old' }).kind).toBe('write');
    expect(before(marked, { note: 'old', tag: '3' }, { note: 'old', tag: '', tag_name: '' }).kind).toBe('changed');
    // What nobody expects may be anything.
    expect(before(marked, { note: 'old', tag: '3' }, { note: 'old' }).kind).toBe('write');
    expect(before(plain, { note: 'new' }, { note: 'old' }).kind).toBe('nothing_to_do');
  });
});

describe('verification', () => {
  function judge(row: UpdateRow, present: Values | null, oldValues: Values | null): Verdict {
    const facts: VerifyFacts = {
      row,
      params: {},
      found: present === null ? null : found(present),
      oldValues,
      nowMs: 2000,
      sameReadingsAtMs: [],
      sentAtMs: 1000,
      sinceEndMs: 1000,
    };
    return verify?.judge(facts) ?? { outcome: 'unknown', why: { zh: '', en: '' } };
  }

  it('the new note: succeeded', () => {
    const succeeded = {
      outcome: 'succeeded',
      note: { zh: '查询确认：订单上已是新备注', en: 'confirmed by a look-up: the order bears the new note' },
    };
    expect(judge(plain, { note: 'new', tag: '1' }, { note: 'old' })).toEqual(succeeded);
    expect(judge(plain, { note: 'new' }, null)).toEqual(succeeded);
    expect(judge(marked, { note: 'new', tag: '2', tag_name: '黄色' }, { note: 'new' })).toEqual(succeeded);
  });

  it('the old note: not applied', () => {
    expect(judge(plain, { note: 'old' }, { note: 'old' })).toEqual({
      outcome: 'failed',
      failure: {
        code: 'console.not_applied',
        message: '',
        class: 'not_applied',
        reading: {
          zh: '查询确认：订单上仍是原备注，这次没有写入',
          en: 'A look-up shows the old note: this change was not applied',
        },
        remedy: { zh: '可以重试', en: 'It can be retried' },
      },
    });
    expect(judge(marked, { note: 'new', tag: '', tag_name: '' }, { note: 'new', tag: '', tag_name: '' })).toMatchObject(
      {
        failure: { code: 'console.not_applied' },
      },
    );
    expect(judge(marked, { note: 'old' }, { note: 'old', tag: '', tag_name: '' }).outcome).toBe('failed');
  });

  it('any other note: changed by someone', () => {
    const changed = {
      outcome: 'unknown',
      why: {
        zh: '订单上既不是新备注也不是原备注：有人改过，请到后台核对',
        en: 'the order bears neither the new note nor the old one: it was changed by someone; check it in the console of the shop',
      },
    };
    expect(judge(plain, { note: 'other' }, { note: 'old' })).toEqual(changed);
    expect(judge(marked, { note: 'new', tag: '3', tag_name: '绿' }, { note: 'old', tag: '', tag_name: '' })).toEqual(
      changed,
    );
  });

  it('not the new note, and the old one not known: unknown', () => {
    expect(judge(plain, { note: 'other' }, null)).toEqual({
      outcome: 'unknown',
      why: {
        zh: '订单上不是新备注；写入前没有读取原备注，无法判断是没写入还是又被改过',
        en: 'the order does not bear the new note; the old one was not read before, so it was either not written or changed since',
      },
    });
  });

  it('no such order: unknown', () => {
    expect(judge(plain, null, { note: 'old' })).toEqual({
      outcome: 'unknown',
      why: {
        zh: '查不到这个订单，无法判断备注是否已写入',
        en: 'no such order is shown, so it cannot be told whether the note was written',
      },
    });
  });
});

import { describe, expect, it } from 'vitest';
import codes from '../../../fixtures/vendor-codes/pdd.json' with { type: 'json' };
import { BUSINESS_TEXTS, GATEWAY_TEXTS, PDD_CODES } from '../../../../src/main/vendors/pdd/errors.ts';
import { pdd } from '../../../../src/main/vendors/pdd/index.ts';
import { expectBilingual } from '../shared/bilingual.ts';
import { accepted, detail, ORDER, refused, update } from './support.ts';

const row = { order: ORDER, values: { note: 'x' } };

describe('the error tables against the documents', () => {
  it.each(codes.codes)('$code: $effect, $class ($source)', ({ code, class: failureClass, effect }) => {
    const entry = PDD_CODES.find((one) => one.code === code);
    expect(entry?.class).toBe(failureClass);
    expectBilingual(entry?.reading, entry?.remedy);
    const reading = update().read(refused(Number(code), 'words'), [row], {}, {});
    expect(reading.kind === 'answered' ? reading.rows[0]?.outcome : reading.kind).toBe(effect);
  });

  it('has no code that the documents do not name', () => {
    expect(PDD_CODES.map((entry) => entry.code)).toEqual(codes.codes.map((one) => one.code));
  });

  it('repeats reads for exactly the codes that are retryable ($retryable.source)', () => {
    const repeated = codes.codes.filter(({ code }) => {
      const reading = detail().read(refused(Number(code), 'words'), { order_sn: ORDER }, null, {});
      return reading.kind === 'rejected' && reading.failure.class === 'limit';
    });
    expect(repeated.map(({ code }) => code)).toEqual(codes.retryable.codes);
  });

  it.each(codes.conditions)('knows "$message" as $class ($source)', ({ message, class: failureClass }) => {
    expect(update().read(refused(1, message), [row], {}, {})).toMatchObject({
      kind: 'rejected',
      failure: { class: failureClass, message },
    });
  });

  it('has words in both languages everywhere', () => {
    for (const entry of [...PDD_CODES, ...GATEWAY_TEXTS, ...BUSINESS_TEXTS])
      expectBilingual(entry.reading, entry.remedy);
  });

  it('takes the documented success for one ($success.source)', () => {
    const data = { success: true, error_code: Number(codes.success.errorCode), error_msg: '' };
    expect(update().read(accepted(data), [row], {}, {})).toMatchObject({ rows: [{ outcome: 'succeeded' }] });
  });

  it.each(codes.tags)('words the mark $tag ($source)', ({ tag, zh }) => {
    const words = detail().columns.find((column) => column.id === 'tag')?.words;
    expect(words?.[tag]?.zh).toBe(zh);
    expectBilingual(words?.[tag]);
    const field = update().rowFields.find((one) => one.id === 'tag');
    expect(field?.choices?.map((choice) => choice.value)).toEqual(codes.tags.map((one) => one.tag));
  });
});

describe('the definition', () => {
  it('offers both published hosts, the documents of today first', () => {
    expect(pdd.hosts.map((host) => host.url)).toEqual(['https://kf.fw199.com', 'https://open.fw199.com']);
  });

  it('paces itself, as the gateway publishes no figures, and knows its 5 minutes', () => {
    expect(pdd.limits).toEqual({ perSecond: 2, concurrency: 2, backOffMs: 10_000, clockToleranceMs: 300_000 });
  });

  it('keeps the appSecret, and it alone, as a secret', () => {
    expect(pdd.credentials.map(({ id, kind, required }) => [id, kind, required])).toEqual([
      ['appId', 'text', true],
      ['appSecret', 'secret', true],
      ['sellerNick', 'text', true],
    ]);
  });

  it('signs as documented unless told otherwise', () => {
    expect(pdd.settings.map(({ id, initial }) => [id, initial])).toEqual([
      ['hexCase', 'lower'],
      ['emptyValues', 'keep'],
      ['noteMax', '500'],
      ['noteSeparator', '；'],
      ['notePath', ''],
      ['listVersion', 'v2'],
      ['listHours', '24'],
    ]);
    expect(pdd.settings[0]?.choices?.map((choice) => choice.value)).toEqual(['lower', 'upper']);
    expect(pdd.settings[1]?.choices?.map((choice) => choice.value)).toEqual(['keep', 'skip']);
  });

  it('knows the headers that sellers use', () => {
    const aliases = (id: string) => update().rowFields.find((field) => field.id === id)?.aliases ?? [];
    for (const name of ['订单号', '订单编号', '商家订单号', 'order no', 'order_sn'])
      expect(aliases('order_sn')).toContain(name);
    for (const name of ['备注', '商家备注', 'note', 'remark']) expect(aliases('note')).toContain(name);
    for (const name of ['标记', '颜色']) expect(aliases('tag')).toContain(name);
    for (const name of ['标记名称', 'tag_name']) expect(aliases('tag_name')).toContain(name);
    const all = update().rowFields.flatMap((field) => field.aliases ?? []);
    expect(new Set(all).size).toBe(all.length);
  });
});

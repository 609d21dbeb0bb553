import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vendorDescriptorSchema } from '../../../../src/contract/vendor.ts';
import { checkFields } from '../../../../src/main/vendors/shared/check.ts';
import { explain, findEntry } from '../../../../src/main/vendors/shared/errors.ts';
import { ERRORS } from '../../../../src/main/vendors/vending/errors.ts';
import { vending } from '../../../../src/main/vendors/vending/index.ts';
import { orderQuery, orderUpdate } from './support.ts';

interface Listed {
  readonly errors: readonly { readonly source: string; readonly codes: readonly string[] }[];
  readonly twoMeanings: { readonly codes: readonly string[] };
  readonly statuses: Readonly<Record<string, unknown>>;
}
const listed = JSON.parse(
  readFileSync(new URL('../../../fixtures/vendor-codes/vending.json', import.meta.url), 'utf8'),
) as Listed;
const codes = listed.errors.flatMap((group) => group.codes);

describe('the error table', () => {
  it.each(codes)('has a reading and a remedy in both languages for %s', (code) => {
    expect(findEntry(ERRORS, code)?.code).toBe(code);
    const failure = explain(ERRORS, code, 'the words');
    expect(failure.message).toBe('the words');
    for (const text of [failure.reading, failure.remedy]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).toMatch(/^[A-Z]/);
      expect(text.en).not.toMatch(/\p{Script=Han}/u);
    }
  });

  it('has no line that the documents do not list, and none twice', () => {
    const known = new Set(codes);
    expect(ERRORS.map(({ code }) => code).filter((code) => !known.has(code))).toEqual([]);
    expect(new Set(ERRORS.map(({ code }) => code)).size).toBe(ERRORS.length);
  });

  it.each(listed.twoMeanings.codes)('gives both meanings of %s', (code) => {
    const entry = findEntry(ERRORS, code);
    expect(entry?.reading.zh).toMatch(/^文档给这个代码两种意思：.+，或者.+；请看供应商的原话$/u);
    expect(entry?.reading.en).toMatch(
      /^The documents give this code two meanings: .+, or .+; see the vendor's words$/u,
    );
  });

  it('tells what the sign key is when the sign is wrong', () => {
    expect(findEntry(ERRORS, '4006')?.remedy.en).toBe(
      'The sign key is the merchant id (AppKey), not the AppSecret; if it is right, try the account settings for hex case and value encoding',
    );
  });
});

describe('words', () => {
  it.each(['status', 'records.status'])('of %s are all there', (id) => {
    const words = orderQuery().columns.find((column) => column.id === id)?.words ?? {};
    expect(Object.keys(words).sort()).toEqual(Array.from(listed.statuses[id] as readonly string[]).sort());
    for (const { zh, en } of Object.values(words)) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z]/);
    }
  });

  it('of the update are all there', () => {
    const choices = orderUpdate().params[0]?.choices ?? [];
    expect(choices.map(({ value }) => value)).toEqual(listed.statuses['update']);
  });
});

describe('the definition', () => {
  it('is plain data that crosses to a screen', () => {
    expect(() => vendorDescriptorSchema.parse(JSON.parse(JSON.stringify(vending)))).not.toThrow();
  });

  it('asks for three values and keeps two of them secret', () => {
    expect(vending.credentials.map(({ id, kind, required }) => [id, kind, required])).toEqual([
      ['appId', 'text', true],
      ['appSecret', 'secret', true],
      ['signKey', 'secret', true],
    ]);
    const good = { appId: 'ds1', appSecret: 's', signKey: 'k' };
    expect(checkFields(vending.credentials, good).ok).toBe(true);
    for (const bad of ['a b', 'x\r\nY: z', '密', 'a ']) {
      expect(checkFields(vending.credentials, { ...good, appSecret: bad }).ok).toBe(false);
    }
  });

  it('has safe settings', () => {
    expect(Object.fromEntries(vending.settings.map(({ id, initial }) => [id, initial]))).toEqual({
      hexCase: 'upper',
      valueEncoding: 'plain',
      orderTtlMin: '20',
      lockSeconds: '45',
    });
    expect(checkFields(vending.settings, {}).ok).toBe(true);
    expect(vending.hosts.map(({ url }) => url)).toEqual(['https://www.awish.vip']);
    expect(vending.limits).toEqual({ perSecond: 2, concurrency: 2, backOffMs: 10_000, clockToleranceMs: null });
  });

  it('has one order column among the fields of a row', () => {
    expect(
      orderUpdate()
        .rowFields.filter(({ kind }) => kind === 'order')
        .map(({ id }) => id),
    ).toEqual(['order_id']);
    expect(orderUpdate().rowFields.map(({ id, required }) => [id, required])).toEqual([
      ['order_id', true],
      ['machine_no', true],
      ['status', false],
      ['created_at', false],
    ]);
  });

  it('says that restocking happens and that notices must be asked for', () => {
    const warnings = orderUpdate().warnings.map(({ en }) => en);
    expect(warnings.filter((text) => text.includes('5 (user paying)'))).toHaveLength(1);
    expect(warnings.filter((text) => text.includes('notify_url'))).toHaveLength(1);
    expect(warnings.filter((text) => text.includes('20 minutes'))).toHaveLength(1);
  });
});

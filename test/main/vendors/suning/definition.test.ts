import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vendorDescriptorSchema } from '../../../../src/contract/vendor.ts';
import type { Checked, Values } from '../../../../src/main/vendors/types.ts';
import { suning } from '../../../../src/main/vendors/suning/index.ts';
import { ERRORS } from '../../../../src/main/vendors/suning/errors.ts';
import { checkFields } from '../../../../src/main/vendors/shared/check.ts';
import { explain, findEntry } from '../../../../src/main/vendors/shared/errors.ts';
import { SAMPLE, orderStatus } from './support.ts';

interface Listed {
  readonly errors: readonly { readonly source: string; readonly codes: readonly string[] }[];
  readonly statuses: Readonly<Record<string, unknown>>;
}
const listed = JSON.parse(
  readFileSync(new URL('../../../fixtures/vendor-codes/suning.json', import.meta.url), 'utf8'),
) as Listed;
const codes = listed.errors.flatMap((group) => group.codes);

describe('the error table', () => {
  it.each(codes)('has a reading and a remedy in both languages for %s', (code) => {
    const concrete = code.replace('*', 'orderSource').replace('?', '503');
    const failure = explain(ERRORS, concrete, '');
    expect(findEntry(ERRORS, concrete)?.code.toLowerCase()).toBe(code.replace('?', '*').toLowerCase());
    expect(failure.code).toBe(concrete);
    for (const text of [failure.reading, failure.remedy]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).toMatch(/^[A-Z]/);
      expect(text.en).not.toMatch(/\p{Script=Han}|\{1\}/u);
      expect(text.zh).not.toContain('{1}');
    }
  });

  it('has no line that the documents do not list, and none twice', () => {
    const known = new Set(codes.map((code) => code.replace('?', '*')));
    expect(ERRORS.map(({ code }) => code).filter((code) => !known.has(code))).toEqual([]);
    expect(new Set(ERRORS.map(({ code }) => code)).size).toBe(ERRORS.length);
  });
});

describe('words', () => {
  it.each(['orderSource', 'orderStatus', 'jobList.jobType', 'jobList.jobStatus'])('of %s are all there', (id) => {
    const column = orderStatus().columns.find((candidate) => candidate.id === id);
    expect(Object.keys(column?.words ?? {}).sort()).toEqual(
      Array.from(listed.statuses[id] as readonly string[]).sort(),
    );
    for (const words of Object.values(column?.words ?? {})) {
      expect(words.zh).not.toBe('');
      expect(words.en).not.toBe('');
    }
  });

  it.each(['orderSource', 'queryType'])('of the choice %s are all there', (id) => {
    const param = orderStatus().params.find((candidate) => candidate.id === id);
    expect(param?.choices?.map(({ value }) => value).sort()).toEqual(
      Array.from(listed.statuses[id] as readonly string[]).sort(),
    );
  });
});

describe('the check of the form', () => {
  const check = (params: Values, settings: Values): Checked<Values> => orderStatus().check(params, settings);

  it("completes the query type and the page size, the account's setting before ours", () => {
    const { queryType: _type, pageSize: _size, ...params } = SAMPLE;
    expect(check(params, {})).toEqual({ ok: true, value: { ...params, queryType: '0', pageSize: '50' }, warnings: [] });
    expect(check(params, { pageSize: '20' })).toEqual({
      ok: true,
      value: { ...params, queryType: '0', pageSize: '20' },
      warnings: [],
    });
    expect(check(SAMPLE, { pageSize: '20' })).toEqual({ ok: true, value: SAMPLE, warnings: [] });
  });

  it.each(['1', '9', '10', '49', '50'])('takes page size %s', (pageSize) => {
    expect(check({ ...SAMPLE, pageSize }, {}).ok).toBe(true);
  });

  it.each(['0', '51', '60', '100', '05', '-1', 'x'])('refuses page size %s', (pageSize) => {
    const checked = check({ ...SAMPLE, pageSize }, {});
    expect(checked.ok ? [] : checked.problems.map(({ field }) => field)).toEqual(['pageSize']);
  });

  it('takes a source by its Chinese name and refuses an unlisted one', () => {
    const named = check({ ...SAMPLE, orderSource: '京东' }, {});
    expect(named.ok ? named.value['orderSource'] : '').toBe('214');
    expect(check({ ...SAMPLE, orderSource: '213' }, {}).ok).toBe(false);
  });

  it('refuses an end before the start and takes equal times', () => {
    expect(check({ ...SAMPLE, endTime: '2014-01-14 12:19:59' }, {})).toEqual({
      ok: false,
      problems: [
        {
          code: 'suning.time_order',
          field: 'endTime',
          message: { zh: '结束时间：不能早于开始时间', en: 'End time: must not be before the start time' },
        },
      ],
    });
    expect(check(SAMPLE, {}).ok).toBe(true);
  });

  it('takes a range of any length, which is asked for in windows of the setting and smaller ones where they are refused', () => {
    const years = { ...SAMPLE, endTime: '2016-01-14 12:20:00' };
    expect(check(years, {})).toEqual({ ok: true, value: years, warnings: [] });
    const { plan } = orderStatus();
    if (plan?.kind !== 'pages' || plan.span === undefined) throw new Error('no span');
    expect(plan.span).toMatchObject({ begin: 'startTime', end: 'endTime' });
    expect(plan.span.widestMs({})).toBe(168 * 3_600_000);
    expect(plan.span.widestMs({ windowHours: '1' })).toBe(3_600_000);
    const refusal = (code: string) => ({ ...explain(ERRORS, code, '') });
    expect(plan.span.outOfRange(refusal('sys.check.query-time:outofrange'))).toBe(true);
    expect(plan.span.outOfRange(refusal('sys.check.query-time:error'))).toBe(false);
    expect([1, 2, 99_999].map((page) => plan.cursorOf(page))).toEqual([null, '2', '99999']);
  });

  it('passes on what is wrong with a field', () => {
    const checked = check({ ...SAMPLE, startTime: '2014-02-30 00:00:00' }, {});
    expect(checked.ok ? [] : checked.problems.map(({ code, field }) => [code, field])).toEqual([
      ['field.time', 'startTime'],
    ]);
  });
});

describe('the definition', () => {
  it('is plain data that crosses to a screen', () => {
    expect(() => vendorDescriptorSchema.parse(JSON.parse(JSON.stringify(suning)))).not.toThrow();
  });

  it('keeps the secrets apart and asks for no token', () => {
    expect(suning.credentials.map(({ id, kind, required }) => [id, kind, required])).toEqual([
      ['appKey', 'text', true],
      ['appSecret', 'secret', true],
      ['accessToken', 'secret', false],
    ]);
  });

  it('refuses keys with spaces or line breaks, which would break a header', () => {
    for (const appKey of ['a b', 'a\r\nX: y', '中', 'a ']) {
      expect(checkFields(suning.credentials, { appKey, appSecret: 's' }).ok).toBe(false);
    }
    expect(checkFields(suning.credentials, { appKey: 'b0c3~!', appSecret: 's' }).ok).toBe(true);
  });

  it('has safe settings and offers encrypted hosts alone', () => {
    expect(Object.fromEntries(suning.settings.map(({ id, initial }) => [id, initial]))).toEqual({
      format: 'xml',
      methodSuffix: 'off',
      pageSize: '50',
      windowHours: '168',
    });
    expect(checkFields(suning.settings, {}).ok).toBe(true);
    expect(suning.hosts.map(({ url }) => url)).toEqual(['https://open.suning.com', 'https://openpre.cnsuning.com']);
    expect(suning.limits).toEqual({ perSecond: 2, concurrency: 2, backOffMs: 10_000, clockToleranceMs: 600_000 });
  });
});

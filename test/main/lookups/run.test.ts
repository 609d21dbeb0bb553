import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { appError } from '../../../src/contract/errors.ts';
import type { VendorFailure } from '../../../src/contract/outcome.ts';
import type { Bilingual } from '../../../src/contract/text.ts';
import type { LookupEnd } from '../../../src/main/gateway/types.ts';
import type { Finds } from '../../../src/main/lookups/found.ts';
import { runLookup, type LookupRequest, type LookupResult } from '../../../src/main/lookups/run.ts';
import type { LookupOperation, LookupPage, Problem, Values } from '../../../src/main/vendors/types.ts';
import { failure } from '../../support/journal.ts';

const NAMES = { zh: '名', en: 'name' };
const WHY = { zh: '没有答复', en: 'no answer' };
const WARNING: Problem = { code: 'wide', message: { zh: '范围大', en: 'a wide range' } };

const account: Account = {
  id: 'shop-1',
  label: 'Shop',
  vendor: 'suning',
  environment: 'twin',
  baseUrl: 'http://127.0.0.1:1',
  hosts: [],
  plain: {},
  settings: { format: 'xml' },
  createdAt: '2026-01-01T00:00:00.000Z',
};

const unused = (): never => {
  throw new Error('the scripted gateway calls no one');
};

const OPERATION: LookupOperation = {
  kind: 'lookup',
  id: 'orders',
  names: NAMES,
  params: [],
  warnings: [],
  columns: [],
  check: (params, settings) => ({
    ok: true,
    value: { ...params, completed: settings['format'] ?? '' },
    warnings: [WARNING],
  }),
  request: unused,
  read: unused,
};

interface Ran {
  readonly result: LookupResult;
  readonly pages: LookupPage[];
  readonly asked: {
    readonly params: Values;
    readonly cursor: string | null;
    readonly signal: AbortSignal | undefined;
  }[];
}

/** Runs a lookup whose ends are scripted; the n-th call gets the n-th. */
async function run(
  script: readonly (LookupEnd | (() => LookupEnd))[],
  change: Partial<LookupRequest> & { readonly signal?: AbortSignal } = {},
  onPage: (finds: Finds) => void = () => {},
): Promise<Ran> {
  const pages: LookupPage[] = [];
  const asked: Ran['asked'] = [];
  const gateway: LookupRequest['gateway'] = {
    lookup: (_account, _operation, params, cursor, options) => {
      asked.push({ params, cursor, signal: options?.signal });
      const end = script[asked.length - 1];
      if (end === undefined) throw new Error('asked once too often');
      return Promise.resolve().then(() => (typeof end === 'function' ? end() : end));
    },
  };
  const request = { gateway, account, operation: OPERATION, params: { day: '1' }, ...change };
  const result = await runLookup(request, async (finds, page) => {
    await Promise.resolve();
    pages.push({ ...page, rows: finds.fresh });
    onPage(finds);
  });
  return { result, pages, asked };
}

function page(nos: readonly number[], next: string | null, change: Partial<LookupPage> = {}): LookupPage {
  return { kind: 'page', rows: nos.map((no) => ({ values: { no: String(no) } })), next, ...change };
}
const nos = (pages: readonly LookupPage[]): string[][] =>
  pages.map((one) => one.rows.map((row) => row.values['no'] ?? ''));

describe('reading page by page', () => {
  it('goes to the end, each page with the cursor of the one before and the completed form', async () => {
    const { result, pages, asked } = await run([
      page([1, 2], 'a', { totalRows: 5, totalPages: 3 }),
      page([3, 4], 'b'),
      page([5], null, { requestId: 'req-3' }),
    ]);
    expect(result).toEqual({
      rows: 5,
      pages: 3,
      totalRows: 5,
      totalPages: 3,
      share: null,
      again: 0,
      missing: [],
      notFound: [],
      complete: true,
      enough: false,
      failure: null,
      why: null,
      warnings: [WARNING],
    });
    expect(nos(pages)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(pages[2]).toEqual(page([5], null, { requestId: 'req-3' }));
    const params = { day: '1', completed: 'xml' };
    expect(asked.map(({ cursor }) => cursor)).toEqual([null, 'a', 'b']);
    expect(asked.map((one) => one.params)).toEqual([params, params, params]);
  });

  it('takes the latest totals', async () => {
    const { result } = await run([
      page([1], 'a', { totalRows: 2, totalPages: 2 }),
      page([2], null, { totalRows: 3, totalPages: 4 }),
    ]);
    expect(result).toMatchObject({ totalRows: 3, totalPages: 4 });
  });

  it('is complete with no rows at all', async () => {
    const { result } = await run([page([], null, { totalRows: 0 })]);
    expect(result).toMatchObject({ rows: 0, pages: 1, totalRows: 0, totalPages: null, complete: true, why: null });
  });

  it('waits for each page to be taken', async () => {
    const seen: string[] = [];
    const gateway: LookupRequest['gateway'] = {
      lookup: (_account, _operation, _params, cursor) => {
        seen.push(`ask ${cursor ?? 'first'}`);
        return Promise.resolve(page([1], cursor === null ? 'a' : null));
      },
    };
    await runLookup({ gateway, account, operation: OPERATION, params: {} }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push('taken');
    });
    expect(seen).toEqual(['ask first', 'taken', 'ask a', 'taken']);
  });

  it('hands on a failure of the one who takes the pages', async () => {
    const broken = run([page([1], 'a')], {}, () => {
      throw new Error('disk');
    });
    await expect(broken).rejects.toThrow('disk');
  });
});

describe('at most so many rows', () => {
  const left = {
    zh: '已达到要读的行数，后面还有。',
    en: 'The number of rows asked for is reached; there are more.',
  };

  it('cuts the page that goes beyond, and says that there are more', async () => {
    const { result, pages } = await run([page([1, 2], 'a'), page([3, 4], 'b')], { most: 3 });
    expect(nos(pages)).toEqual([['1', '2'], ['3']]);
    expect(result).toMatchObject({ rows: 3, pages: 2, complete: false, enough: true, failure: null, why: left });
  });

  it('asks for no page beyond', async () => {
    const { result } = await run([page([1, 2], 'a')], { most: 2 });
    expect(result).toMatchObject({ rows: 2, pages: 1, complete: false, why: left });
  });

  it('says so when the last page is cut', async () => {
    const { result } = await run([page([1, 2], null)], { most: 1 });
    expect(result).toMatchObject({ rows: 1, complete: false, why: left });
  });

  it('is complete when they are all there are', async () => {
    const { result } = await run([page([1, 2], 'a'), page([3], null)], { most: 3 });
    expect(result).toMatchObject({ rows: 3, complete: true, why: null });
  });
});

describe('a page that cannot be read', () => {
  it.each<[string, LookupEnd, { readonly failure: VendorFailure | null; readonly why: Bilingual }]>([
    ['failed', { kind: 'failed', failure: failure('E1') }, { failure: failure('E1'), why: failure('E1').reading }],
    ['had no answer', { kind: 'unknown', why: WHY }, { failure: null, why: WHY }],
  ])(
    'because it %s ends the lookup, named and incomplete; what was read stays',
    async (_name, end, { why, failure: failed }) => {
      const { result, pages } = await run([page([1, 2], 'a', { totalPages: 9 }), end]);
      expect(result).toMatchObject({
        rows: 2,
        pages: 1,
        totalRows: null,
        totalPages: 9,
        complete: false,
        enough: false,
        failure: failed,
      });
      expect(result.missing).toMatchObject([{ name: { zh: '第 2 页', en: 'Page 2' }, why }]);
      expect(result.why?.en).toBe(`Page 2 could not be read: ${why.en}`);
      expect(nos(pages)).toEqual([['1', '2']]);
    },
  );

  it('because the account may not ask for it ends the lookup with the vendor’s reason', async () => {
    const refusal = { ...failure('E2'), class: 'permission' as const };
    const { result } = await run([page([1], 'a'), { kind: 'rejected', failure: refusal }]);
    expect(result).toMatchObject({ rows: 1, complete: false, failure: refusal, why: refusal.reading, missing: [] });
  });

  it('for the vault’s sake rejects with its error', async () => {
    const locked = appError('KEYCHAIN_LOCKED', WHY, WHY);
    const broken = run([
      () => {
        throw locked;
      },
    ]);
    await expect(broken).rejects.toBe(locked);
  });
});

describe('stopping', () => {
  const stopped = { complete: false, failure: null, why: { zh: '已停止。', en: 'Stopped.' } };

  it('between pages asks for no other', async () => {
    const stop = new AbortController();
    const { result, asked } = await run([page([1], 'a'), page([2], null)], { signal: stop.signal }, () => stop.abort());
    expect(result).toMatchObject({ ...stopped, rows: 1, pages: 1 });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  it('before the first asks for none', async () => {
    const { result, asked } = await run([], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ...stopped, rows: 0, pages: 0 });
    expect(asked).toEqual([]);
  });

  it('while a page is on its way ends as well', async () => {
    const stop = new AbortController();
    const { result } = await run(
      [
        page([1], 'a'),
        () => {
          stop.abort();
          stop.signal.throwIfAborted();
          return page([2], null);
        },
      ],
      { signal: stop.signal },
    );
    expect(result).toMatchObject({ ...stopped, rows: 1, pages: 1 });
  });
});

describe('a wrong form', () => {
  it('is refused before anything is asked, with every problem', async () => {
    const problems: Problem[] = [
      { code: 'missing', field: 'from', message: { zh: '缺少开始', en: 'No beginning' } },
      { code: 'range', message: { zh: '太长', en: 'Too long' } },
    ];
    const operation: LookupOperation = { ...OPERATION, check: () => ({ ok: false, problems }) };
    await expect(run([], { operation })).rejects.toMatchObject({
      code: 'USAGE',
      text: {
        message: {
          zh: '查询条件有误：缺少开始；太长',
          en: "The lookup's form is not right: No beginning; Too long",
        },
        remedy: { zh: '请改正后再查。', en: 'Mend it and look up again.' },
      },
      data: { fields: 'from,' },
    });
  });
});

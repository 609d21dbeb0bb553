import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Gateway, LookupEnd } from '../gateway/types.ts';
import type { LookupOperation, LookupPage, Problem, Values } from '../vendors/types.ts';

export interface LookupRequest {
  readonly gateway: Pick<Gateway, 'lookup'>;
  readonly account: Account;
  readonly operation: LookupOperation;
  /** The form as the person filled it. */
  readonly params: Values;
  readonly signal?: AbortSignal;
  /** Most rows to read; the rest is left and said to be left. */
  readonly most?: number;
}

/** How a lookup ended. A result that is not complete says why. */
export interface LookupResult {
  readonly rows: number;
  readonly pages: number;
  readonly totalRows: number | null;
  readonly totalPages: number | null;
  readonly complete: boolean;
  /** Whether it ended because the wanted number of rows was reached. */
  readonly enough: boolean;
  readonly failure: VendorFailure | null;
  readonly why: Bilingual | null;
  readonly warnings: readonly Problem[];
}

function refused(problems: readonly Problem[]): Error {
  const zh = problems.map((problem) => problem.message.zh).join('；');
  const en = problems.map((problem) => problem.message.en).join('; ');
  return appError(
    'USAGE',
    { zh: `查询条件有误：${zh}`, en: `The lookup's form is not right: ${en}` },
    { zh: '请改正后再查。', en: 'Mend it and look up again.' },
    { data: { fields: problems.map((problem) => problem.field ?? '').join(',') } },
  );
}

const LEFT: Bilingual = {
  zh: '已达到要读的行数，后面还有。',
  en: 'The number of rows asked for is reached; there are more.',
};
const STOPPED: Bilingual = { zh: '已停止。', en: 'Stopped.' };

/** The form, checked and completed; throws USAGE with what is wrong. */
export function checkedForm(
  operation: LookupOperation,
  params: Values,
  settings: Account['settings'],
): { readonly value: Values; readonly warnings: readonly Problem[] } {
  const checked = operation.check(params, settings);
  if (!checked.ok) throw refused(checked.problems);
  return checked;
}

/**
 * Reads a lookup page by page and hands each page on as it comes. A page that cannot be read ends it, incomplete and with the reason;
 * what was read before stays. Rejects with USAGE for a wrong form, and with the gateway's errors (vault, host).
 */
export async function runLookup(
  request: LookupRequest,
  onPage: (page: LookupPage) => void | Promise<void>,
): Promise<LookupResult> {
  const { account, operation, gateway, signal } = request;
  const checked = checkedForm(operation, request.params, account.settings);
  const most = request.most ?? Infinity;
  let cursor: string | null = null;
  let rows = 0;
  let pages = 0;
  let totals: { totalRows: number | null; totalPages: number | null } = { totalRows: null, totalPages: null };
  const end = (complete: boolean, failure: VendorFailure | null, why: Bilingual | null): LookupResult => {
    return { rows, pages, ...totals, complete, enough: why === LEFT, failure, why, warnings: checked.warnings };
  };
  const isStopped = (): boolean => signal?.aborted === true;
  for (;;) {
    if (isStopped()) return end(false, null, STOPPED);
    let page: LookupEnd;
    try {
      page = await gateway.lookup(account, operation, checked.value, cursor, signal === undefined ? {} : { signal });
    } catch (error) {
      if (isStopped()) return end(false, null, STOPPED);
      throw error;
    }
    if (page.kind === 'unknown') return end(false, null, page.why);
    if (page.kind !== 'page') return end(false, page.failure, page.failure.reading);
    const kept = page.rows.slice(0, most - rows);
    rows += kept.length;
    pages += 1;
    totals = { totalRows: page.totalRows ?? totals.totalRows, totalPages: page.totalPages ?? totals.totalPages };
    await onPage({ ...page, rows: kept });
    if (page.next === null)
      return end(kept.length === page.rows.length, null, kept.length === page.rows.length ? null : LEFT);
    if (rows >= most) return end(false, null, LEFT);
    cursor = page.next;
  }
}

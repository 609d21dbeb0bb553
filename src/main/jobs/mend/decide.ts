import type { Bilingual } from '../../../contract/text.ts';
import type { VendorFailure } from '../../../contract/outcome.ts';
import type { SettledRow } from '../journal/calls.ts';
import { packEntries } from '../journal/entries.ts';
import { rowPages } from '../journal/pages.ts';
import type { WindowFilter } from '../journal/window.ts';
import type { Journal } from '../runner/types.ts';
import type { Decision, Job, JournalRow } from '../types.ts';

/** Rows as a person chooses them: named one by one, or all that pass a filter but some. */
export type ChosenRows =
  | { readonly kind: 'rows'; readonly rows: ReadonlySet<number> }
  | { readonly kind: 'all'; readonly filter: WindowFilter; readonly but: ReadonlySet<number> };

/** Rows of one transaction: few enough that nothing else waits long. */
const AT_ONCE = 1_000;

const HAPPENED: Bilingual = { zh: '由您确认：确实已执行', en: 'You decided: it did happen' };
const NOT_APPLIED: VendorFailure = {
  code: 'console.decided',
  message: '',
  class: 'not_applied',
  reading: { zh: '由您确认：没有执行', en: 'You decided: it did not happen' },
  remedy: { zh: '可以重试', en: 'It can be retried' },
};

/** A row's code, as a filter means it. */
function codeOf({ failure, problem, reason, state }: JournalRow): string {
  return failure?.code ?? problem?.code ?? reason ?? state;
}

/** Whether a row is among those chosen. */
export function isChosen(chosen: ChosenRows, row: JournalRow): boolean {
  if (chosen.kind === 'rows') return chosen.rows.has(row.rowNo);
  const { state, reason, code } = chosen.filter;
  return (
    !chosen.but.has(row.rowNo) &&
    (state === undefined || row.state === state) &&
    (reason === undefined || row.reason === reason) &&
    (code === undefined || codeOf(row) === code)
  );
}

function settled({ rowNo, order }: JournalRow, as: Decision['as']): SettledRow {
  return as === 'succeeded'
    ? { rowNo, order, state: 'succeeded', note: HAPPENED }
    : { rowNo, order, state: 'failed', failure: NOT_APPLIED };
}

/**
 * Settles rows in doubt by a person's word, kept with each of them and among its events; their orders may be claimed again. Rows that are chosen and
 * in no doubt (any more) stay as they are. Answers how many were decided.
 */
export async function decideRows(
  journal: Journal,
  job: Job,
  chosen: ChosenRows,
  as: Decision['as'],
  nowMs: number,
): Promise<number> {
  const decided: Decision = { as, at: new Date(nowMs).toISOString() };
  let total = 0;
  for await (const page of rowPages(journal, job.id, { state: 'unknown' })) {
    const rows = page.filter((row) => isChosen(chosen, row)).map((row) => settled(row, as));
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const entry = { kind: 'decide', jobId: job.id, accountId: job.accountId, from: 'unknown', decided } as const;
      await journal.call('apply', {
        entries: packEntries([{ ...entry, rows: rows.slice(at, at + AT_ONCE), atMs: nowMs }]),
      });
    }
    total += rows.length;
  }
  return total;
}

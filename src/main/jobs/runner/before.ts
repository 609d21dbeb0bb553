import type { VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { LookupEnd } from '../../gateway/types.ts';
import type { BeforeWrite, LookupRow, ReadBefore, Values } from '../../vendors/types.ts';
import type { Settled } from '../journal/calls.ts';
import { ask, SPARE_PAGES, sweep } from '../sweep.ts';
import { mustRead } from '../written.ts';
import { isNetwork, networkText, pauseAfter, type Next } from './ends.ts';
import type { FedRow } from './feed.ts';
import type { JobContext } from './types.ts';

/**
 * What reading the present value says of a row: write it (and keep the old value), or where it goes instead (`streak`: no answer came,
 * which counts as it does for a write), or that no row can be read before the account is mended.
 */
export type Before =
  | { readonly kind: 'write'; readonly oldValues: Values | null }
  | {
      readonly kind: 'settled';
      readonly settled: Settled;
      readonly oldValues: Values | null;
      readonly streak: { readonly kind: NonNullable<Next['streak']>; readonly text: Bilingual } | null;
    }
  | { readonly kind: 'pause'; readonly pause: NonNullable<Next['pause']> };

const NOTHING: Bilingual = { zh: '现值已是所要的值，没有发送。', en: 'It already is as wanted; nothing was sent.' };
const CHANGED: Bilingual = {
  zh: '现值与预览时不同，没有发送；请确认后重试。',
  en: 'The present value is not the one previewed, so it was not sent; confirm it and retry.',
};

function unreadable(why: Bilingual): Bilingual {
  return {
    zh: `写入前读不到现值，没有发送：${why.zh}`,
    en: `The present value could not be read before the write, so it was not sent: ${why.en}`,
  };
}

const NOT_FOUND: Bilingual = { zh: '供应商没有返回这个订单。', en: 'The vendor returned no such order.' };

/** Whether a refusal would meet every row alike, as what ails is the account. */
export function isRefusal(failure: VendorFailure): boolean {
  return pauseAfter(failure) !== null;
}

/** Why a lookup that showed no such row did not. */
export function unreadWhy(end: LookupEnd): Bilingual {
  if (end.kind === 'page') return NOT_FOUND;
  return end.kind === 'unknown' ? end.why : end.failure.reading;
}

function sameValues(one: Values, other: Values): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => (one[key] ?? '') === (other[key] ?? ''));
}

/** Whether a person wants the row sent although its state forbids it, and that state is still the one they saw. */
export function isInsisted({ insisted, seen }: Pick<FedRow, 'insisted' | 'seen'>, present: Values): boolean {
  return insisted && seen !== null && sameValues(seen, present);
}

function judge(context: JobContext, plan: ReadBefore, row: FedRow, found: LookupRow): Before {
  const { gateway, account, job } = context;
  const nowMs = gateway.vendorNow(account);
  // What a person has seen last counts; a row of a reverse job takes what was written for granted until then.
  const expected = row.seen ?? row.expects;
  return judged(plan, row, plan.judge({ row, params: job.params, found, expected, nowMs }));
}

function judged(plan: ReadBefore, row: FedRow, verdict: BeforeWrite): Before {
  const { oldValues } = verdict;
  const kept = (settled: Settled): Before => ({ kind: 'settled', oldValues, settled, streak: null });
  switch (verdict.kind) {
    case 'write':
      return { kind: 'write', oldValues };
    case 'nothing_to_do':
      return kept({ state: 'not_sent', reason: 'nothing_to_do', note: NOTHING });
    case 'changed':
      return kept({ state: 'not_sent', reason: 'changed_since_preview', note: CHANGED });
    case 'forbidden':
      if (plan.required !== true && isInsisted(row, oldValues)) return { kind: 'write', oldValues };
      return kept({ state: 'not_sent', reason: 'state_forbids', note: verdict.why });
  }
}

/** Whether the job's rows are read just before they are written. */
export function readsBefore({ job, operation }: JobContext): boolean {
  return operation.readBefore !== undefined && (job.options.readBefore || mustRead(operation, job.params));
}

/** Rows of a call that its lookups of many show at once; one row alone is read more cheaply by its own. */
export async function sweepBefore(
  context: JobContext,
  rows: readonly FedRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, LookupRow>> {
  const found = new Map<number, LookupRow>();
  const plan = context.operation.readBefore;
  if (plan?.sweep === undefined || rows.length < 2) return found;
  const calls = plan.sweep(rows, { nowMs: context.gateway.vendorNow(context.account) });
  await sweep(
    context,
    ({ update }, row) => plan.matches(update, row),
    calls,
    rows.map((row) => ({ rowNo: row.rowNo, update: row })),
    { signal, spare: SPARE_PAGES, found: ({ rowNo }, row) => found.set(rowNo, row) },
  );
  return found;
}

/** Reads the present value of one row just before it is written, where nothing has shown it yet. */
export async function readBefore(
  context: JobContext,
  row: FedRow,
  shown: LookupRow | undefined,
  signal: AbortSignal,
): Promise<Before> {
  const plan = context.operation.readBefore;
  if (plan === undefined) return { kind: 'write', oldValues: null };
  if (shown !== undefined) return judge(context, plan, row, shown);
  const end = await ask(context, plan.lookup(row), null, signal);
  const found = end.kind === 'page' ? end.rows.find((one) => plan.matches(row, one)) : undefined;
  if (found !== undefined) return judge(context, plan, row, found);
  const said = end.kind === 'failed' ? plan.judgeFailure?.(end.failure) : undefined;
  if (said) return judged(plan, row, said);
  const pause = end.kind === 'rejected' ? pauseAfter(end.failure) : null;
  if (pause !== null) return { kind: 'pause', pause };
  // It has been tried several times; rows that nobody could read about for want of a network keep their turn.
  if (end.kind === 'rejected' && isNetwork(end.failure)) {
    return { kind: 'pause', pause: { reason: 'network', text: networkText(end.failure) } };
  }
  const mayWrite = context.job.options.writeUnreadable && !mustRead(context.operation, context.job.params);
  if (mayWrite) return { kind: 'write', oldValues: null };
  const why = unreadWhy(end);
  const failure = end.kind === 'failed' || end.kind === 'rejected' ? { failure: end.failure } : {};
  return {
    kind: 'settled',
    oldValues: null,
    settled: { state: 'not_sent', reason: 'unreadable', note: unreadable(why), ...failure },
    streak: end.kind === 'rejected' || end.kind === 'unknown' ? { kind: end.kind, text: why } : null,
  };
}

import type { Bilingual } from '../../../contract/text.ts';
import type { BeforeWrite, LookupOperation, Values } from '../../vendors/types.ts';
import type { Settled } from '../journal/calls.ts';
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

function judged(verdict: BeforeWrite): Before {
  const { oldValues } = verdict;
  if (verdict.kind === 'write') return { kind: 'write', oldValues };
  const settled: Settled =
    verdict.kind === 'nothing_to_do'
      ? { state: 'not_sent', reason: 'nothing_to_do', note: NOTHING }
      : { state: 'not_sent', reason: 'changed_since_preview', note: CHANGED };
  return { kind: 'settled', oldValues, settled, streak: null };
}

/** The lookup operation of the job's vendor by id; a definition that names one it does not have is a mistake in it. */
export function lookupOf(context: JobContext, id: string): LookupOperation {
  const found = context.vendor.operations.find((one) => one.id === id);
  if (found?.kind !== 'lookup') throw new Error(`${context.vendor.id} has no lookup ${id}`);
  return found;
}

/** Reads the present value of one row just before it is written, where the job asks for it and the operation can. */
export async function readBefore(context: JobContext, row: FedRow, signal: AbortSignal): Promise<Before> {
  const plan = context.operation.readBefore;
  if (plan === undefined || !context.job.options.readBefore) return { kind: 'write', oldValues: null };
  const call = plan.lookup(row);
  const end = await context.gateway.lookup(context.account, lookupOf(context, call.operation), call.params, null, {
    signal,
  });
  const found = end.kind === 'page' ? end.rows[0] : undefined;
  if (found !== undefined) return judged(plan.judge(row, found, row.expects));
  const pause = end.kind === 'rejected' ? pauseAfter(end.failure) : null;
  if (pause !== null) return { kind: 'pause', pause };
  // It has been tried several times; rows that nobody could read about for want of a network keep their turn.
  if (end.kind === 'rejected' && isNetwork(end.failure)) {
    return { kind: 'pause', pause: { reason: 'network', text: networkText(end.failure) } };
  }
  if (context.job.options.writeUnreadable) return { kind: 'write', oldValues: null };
  const why = end.kind === 'page' ? NOT_FOUND : end.kind === 'unknown' ? end.why : end.failure.reading;
  const failure = end.kind === 'failed' || end.kind === 'rejected' ? { failure: end.failure } : {};
  return {
    kind: 'settled',
    oldValues: null,
    settled: { state: 'not_sent', reason: 'unreadable', note: unreadable(why), ...failure },
    streak: end.kind === 'rejected' || end.kind === 'unknown' ? { kind: end.kind, text: why } : null,
  };
}

import type { ProgressView, ReasonGroup, RowFilterView, RowView } from '../../../contract/job.ts';
import { NOT_SENT_REASONS } from '../../../contract/outcome.ts';
import type { NotSentReason, RowState } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Field } from '../../../contract/vendor.ts';
import { PROBLEM_WORDS, REASON_WORDS } from '../../../contract/words.ts';
import { t } from '../../i18n/index.ts';
import { RU } from './words-run.ts';

/** A reason as a list shows it. */
export interface ReasonItem {
  readonly key: string;
  readonly state: RowState;
  readonly setAside: boolean;
  readonly text: Bilingual;
  readonly count: number;
  readonly code: string | null;
  readonly remedy: Bilingual | null;
  readonly retry: ReasonGroup['retry'];
  readonly lines: readonly number[];
  /** The rows that are meant. */
  readonly filter: RowFilterView;
}

function reasonOf(code: string): NotSentReason | undefined {
  return NOT_SENT_REASONS.find((reason) => reason === code);
}

/** Which rows a group of `jobs.reasons` stands for. */
export function filterOf({ state, code, failure }: ReasonGroup): RowFilterView {
  if (failure !== null || state !== 'not_sent') return { state, code };
  const reason = reasonOf(code);
  return reason === undefined ? { state, reason: 'set_aside', code } : { state, reason };
}

/** A problem's name; its code where nobody has named it. */
export function problemWords(code: string): Bilingual {
  return PROBLEM_WORDS[code] ?? { zh: code, en: code };
}

/** The groups of `jobs.reasons` for a list. */
export function reasonItems(groups: readonly ReasonGroup[]): readonly ReasonItem[] {
  return groups.map((group, index) => {
    const { state, code, failure, text, retry, count, lines } = group;
    const filter = filterOf(group);
    const reason = reasonOf(code);
    const own = reason === undefined ? (state === 'unknown' ? RU.unclear : problemWords(code)) : REASON_WORDS[reason];
    return {
      key: `${state}/${code}/${index}`,
      state,
      setAside: filter.reason === 'set_aside',
      text: failure?.reading ?? text ?? own,
      count,
      code: reason === undefined && code !== 'unknown' ? code : null,
      remedy: failure?.remedy ?? null,
      retry,
      lines,
      filter,
    };
  });
}

const MOST_TOP = 3;

/**
 * The three most frequent reasons of a run: as its progress tells them, before the first of it as the journal has them. The progress knows
 * failures alone, so that rows in doubt are added by their number.
 */
export function topReasons(progress: ProgressView | null, groups: readonly ReasonGroup[]): readonly ReasonItem[] {
  if (progress === null) {
    return reasonItems(groups)
      .filter(({ setAside }) => !setAside)
      .slice(0, MOST_TOP);
  }
  const plain = { setAside: false, retry: null, lines: [] };
  const failures = progress.reasons.map(({ reading, code, count }): ReasonItem => {
    // The journal's groups know what to do.
    const known = groups.find((group) => group.code === code);
    return {
      ...plain,
      key: code,
      state: known?.state ?? 'failed',
      text: reading,
      count,
      code,
      remedy: known?.failure?.remedy ?? null,
      filter: { code },
    };
  });
  const { unknown } = progress.counts;
  const doubt: ReasonItem = {
    ...plain,
    key: 'unknown',
    state: 'unknown',
    text: RU.unclear,
    count: unknown,
    code: null,
    remedy: RU.unclearRemedy,
    filter: { state: 'unknown' },
  };
  return [...failures, ...(unknown > 0 ? [doubt] : [])].sort((a, b) => b.count - a.count).slice(0, MOST_TOP);
}

/** Why a row stands as it does, in words. */
export function whyOf(row: RowView): Bilingual | null {
  if (row.problem !== null) return row.problem.message;
  if (row.failure !== null) return row.failure.reading;
  if (row.note !== null) return row.note;
  return row.reason === null ? null : REASON_WORDS[row.reason];
}

/** A field's value as a person reads it: a choice by its name. */
export function valueText(field: Field | undefined, value: string): string {
  const choice = field?.choices?.find((one) => one.value === value);
  return choice === undefined ? value : t(choice.names);
}

import type { Verdict } from '../../vendors/types.ts';
import type { Settled } from '../journal/calls.ts';

/** Where a verdict puts its row. */
export function settledBy(verdict: Verdict): Settled {
  switch (verdict.outcome) {
    case 'succeeded':
      return { state: 'succeeded', note: verdict.note };
    case 'failed':
      return { state: 'failed', failure: verdict.failure };
    case 'unknown':
      return { state: 'unknown', note: verdict.why };
  }
}

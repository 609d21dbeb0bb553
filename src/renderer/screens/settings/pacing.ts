import type { Account } from '../../../contract/account.ts';

export type PaceField = 'perSecond' | 'concurrency';
type Pacing = NonNullable<Account['pacing']>;

/** An account's pacing with one field changed; null in a field, and of the whole, is the vendor's default. */
export function withPace(pacing: Account['pacing'], field: PaceField, value: number | null): Pacing | null {
  const next: Pacing = { ...pacing, [field]: value ?? undefined };
  const { perSecond, concurrency } = next;
  if (perSecond === undefined && concurrency === undefined) return null;
  return { ...(perSecond === undefined ? {} : { perSecond }), ...(concurrency === undefined ? {} : { concurrency }) };
}

/** Whether an account is set to go faster than its vendor's safe default. */
export function isFaster(pacing: Account['pacing'], limits: Required<Pacing>): boolean {
  return (
    (pacing?.perSecond ?? limits.perSecond) > limits.perSecond ||
    (pacing?.concurrency ?? limits.concurrency) > limits.concurrency
  );
}

import type { Rejected, Unreadable } from '../vendors/types.ts';
import type { TransportEnd } from './types.ts';

/** Whether a read that ended so may end better: not when the request or the other side's identity is at fault. */
export function worthAnother(end: TransportEnd, kind: 'rejected' | 'unknown'): boolean {
  if (kind === 'unknown') return true;
  return end.kind === 'not_sent' && (end.error.code === 'CONNECT_FAILED' || end.error.code === 'DNS_FAILED');
}

/** Whether a reading is of this kind. */
export function isKind<K extends 'rejected' | 'unreadable'>(
  reading: { readonly kind: string },
  kind: K,
): reading is K extends 'rejected' ? Rejected : Unreadable {
  return reading.kind === kind;
}

import type { Bilingual } from '../../contract/text.ts';
import type { VendorFailure } from '../../contract/outcome.ts';

/** Texts of a reading that may hold the vendor's own words. */
interface Worded {
  readonly failure?: VendorFailure;
  readonly why?: Bilingual;
  readonly note?: Bilingual;
  readonly requestId?: string;
}

const says = ({ failure, why, note }: Worded): boolean =>
  failure !== undefined || why !== undefined || note !== undefined;

/** Whether neither a reading nor its rows have a text but the request's number. */
function isWordless(reading: Worded & { readonly rows?: readonly Worded[] }): boolean {
  if (says(reading)) return false;
  return reading.rows?.every((row) => !says(row) && row.requestId === undefined) ?? true;
}

/**
 * A reading with every known secret hidden in the vendor's words: a vendor, or a proxy before it, may send back what it was sent, and a
 * failure is journalled, exported and shown. Values of a lookup's rows stay as they are.
 */
export function hideInReading<T extends { readonly kind: string }>(reading: T, hide: (text: string) => string): T {
  // Most calls of a job succeed, and say no more than their number.
  if (reading.kind === 'answered' && isWordless(reading)) {
    const { requestId } = reading as T & Worded;
    return requestId === undefined ? reading : { ...reading, requestId: hide(requestId) };
  }
  // Rows of a batch share their texts.
  const known = new Map<object, object>();
  const once = <V extends object>(value: V, change: (value: V) => V): V => {
    const found = known.get(value) ?? change(value);
    known.set(value, found);
    return found as V;
  };
  const both = (text: Bilingual): Bilingual => once(text, ({ zh, en }) => ({ zh: hide(zh), en: hide(en) }));
  const failed = (failure: VendorFailure): VendorFailure =>
    once(failure, ({ code, message, reading: meaning, remedy, requestId, ...rest }) => ({
      ...rest,
      code: hide(code),
      message: hide(message),
      reading: both(meaning),
      remedy: both(remedy),
      ...(requestId === undefined ? {} : { requestId: hide(requestId) }),
    }));
  const worded = <V extends Worded>(one: V): V => ({
    ...one,
    ...(one.failure === undefined ? {} : { failure: failed(one.failure) }),
    ...(one.why === undefined ? {} : { why: both(one.why) }),
    ...(one.note === undefined ? {} : { note: both(one.note) }),
    ...(one.requestId === undefined ? {} : { requestId: hide(one.requestId) }),
  });
  const whole = worded<T & Worded & { readonly rows?: readonly Worded[] }>(reading);
  return reading.kind === 'answered' && whole.rows !== undefined ? { ...whole, rows: whole.rows.map(worded) } : whole;
}

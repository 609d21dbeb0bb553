/** One thing that is known of an account, ready to be shown. */
export interface Fact {
  readonly name: string;
  /** One value a line. */
  readonly value: string;
  /** Shown to the letter, as a host or a key. */
  readonly code?: boolean;
  readonly note?: string;
  /** Wants the person's attention. */
  readonly warn?: boolean;
  /** What the value is about, to be opened. */
  readonly quote?: string | undefined;
}

import type { ErrorCode, ErrorText } from '../../../../contract/errors.ts';
import type { WorkbookLimits } from './limits.ts';
import type { SheetRow } from './sheet.ts';

/** What the reading thread is to do. */
export interface Task {
  readonly kind: 'look' | 'rows';
  readonly path: string;
  /** The file's name as errors tell it. */
  readonly file: string;
  /** `look`: null chooses the first visible one with something in it. */
  readonly sheet: string | null;
  /** `look`: also count the rows of every sheet. */
  readonly counts: boolean;
  readonly limits: WorkbookLimits;
}

/** What it answers. `look`: first `look`, then `counts` when they are wanted; `rows`: one `rows` or `end` for each time it is asked. */
export type Answer =
  | {
      readonly kind: 'look';
      readonly sheets: readonly { readonly name: string; readonly hidden: boolean }[];
      readonly sheet: string;
      readonly head: readonly SheetRow[];
    }
  | { readonly kind: 'counts'; readonly counts: readonly { readonly filled: number; readonly hidden: number }[] }
  | { readonly kind: 'rows'; readonly rows: SheetRow[] }
  | { readonly kind: 'end'; readonly sha256: string; readonly hidden: number }
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      readonly text: ErrorText;
      readonly data: Readonly<Record<string, string | number | boolean>>;
      readonly cause: string;
    };

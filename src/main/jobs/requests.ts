import type { ExportFormat, WaitingView } from '../../contract/job.ts';
import type { ExportRequest } from './export/export.ts';
import type { Progress } from './runner/types.ts';

/** `format`: every row as CSV (when left out) or XLSX, or one page of counts as HTML. */
export type ExportOptions = Pick<ExportRequest, 'path' | 'language' | 'overwrite' | 'raw'> & {
  readonly format?: ExportFormat;
};

export interface RunOptions {
  readonly tell?: (progress: Progress) => void;
  /** Pause for the person after this many rows; null sends all. The job's own wish when left out, on its first run alone. */
  readonly firstRows?: number | null;
  /** The number of rows to be sent as the person typed it (of this run, or all that is pending), where it must be confirmed. */
  readonly confirmed?: number | null;
}

export interface LongRunRequest extends RunOptions {
  /** Told when the run begins to wait, looks again, and goes on (null). */
  readonly tellWaiting?: (waiting: WaitingView | null) => void;
}

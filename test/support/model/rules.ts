import { retryClassOf, type FailureClass } from '../../../src/contract/outcome.ts';
import type { Databases } from '../../../src/main/store/serve.ts';
import type { Values } from '../../../src/main/vendors/types.ts';
import type { InputRow } from './shop.ts';
import type { Step } from './steps.ts';
import { rowKey, type RowKey } from './watch.ts';

/** A row as it stands in the journal. */
export interface RowNow {
  readonly key: RowKey;
  readonly jobId: number;
  readonly order: string;
  /** `state`, or `not_sent:reason`. */
  readonly at: string;
  readonly attempts: number;
  readonly values: Values | null;
  readonly failureClass: FailureClass | null;
  readonly problem: string | null;
  readonly said: boolean;
}

export interface JobNow {
  readonly id: number;
  readonly state: string;
  readonly pauseReason: string | null;
}

/** All that the journal says at a moment. */
export interface Now {
  readonly jobs: readonly JobNow[];
  readonly rows: ReadonlyMap<RowKey, RowNow>;
  /** Orders in doubt and the rows that hold them, as `order key`. */
  readonly doubt: readonly string[];
}

const ROWS = `SELECT r.job_id, r.row_no, r.order_no, r.state, r.reason, r.attempts, r.fields, r.note_id, f.json ->> '$.class' AS class, p.code AS problem
  FROM row r LEFT JOIN phrase f ON f.id = r.failure_id LEFT JOIN phrase p ON p.id = r.problem_id ORDER BY r.job_id, r.row_no`;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function readNow({ reader }: Databases): Now {
  const rows = reader
    .prepare(ROWS)
    .all()
    .map((row): RowNow => {
      const reason = text(row['reason']);
      const fields = text(row['fields']);
      return {
        key: rowKey(Number(row['job_id']), Number(row['row_no'])),
        jobId: Number(row['job_id']),
        order: String(row['order_no']),
        at: reason === null ? String(row['state']) : `${String(row['state'])}:${reason}`,
        attempts: Number(row['attempts']),
        values: fields === null ? null : (JSON.parse(fields) as Values),
        failureClass: text(row['class']) as FailureClass | null,
        problem: text(row['problem']),
        said: row['note_id'] !== null,
      };
    });
  return {
    jobs: reader
      .prepare('SELECT id, state, pause_reason FROM job ORDER BY id')
      .all()
      .map((job) => ({ id: Number(job['id']), state: String(job['state']), pauseReason: text(job['pause_reason']) })),
    rows: new Map(rows.map((row) => [row.key, row])),
    doubt: reader
      .prepare('SELECT order_no, job_id, row_no FROM doubt ORDER BY order_no')
      .all()
      .map((one) => `${String(one['order_no'])} ${rowKey(Number(one['job_id']), Number(one['row_no']))}`),
  };
}

const isIn = (at: string, places: readonly string[]): boolean => places.includes(at);

/** What a person may have sent again: what was surely not acted on. */
const RETRIED = ['rejected', 'cancelled', 'not_reached', 'in_doubt_elsewhere', 'unreadable'].map(
  (r) => `not_sent:${r}`,
);
const PENDING = 'not_sent:pending';
/** Where reading a row's present value may find it, and what it may find besides. */
const SEEN = [PENDING, 'not_sent:nothing_to_do', 'not_sent:state_forbids'];
const CHANGED = 'not_sent:changed_since_preview';

/** Whether a retry could have something of a row that stands there. */
export function mayBeRetried(at: string): boolean {
  return at === 'failed' || isIn(at, RETRIED);
}

/**
 * Whether a step that works at these jobs may bring a row from where it was to where it is. `full`: the disk was full, so outcomes may be late;
 * `follows`: a run reads what was accepted to its end.
 */
export function mayMove(
  step: Step,
  own: boolean,
  before: RowNow,
  after: RowNow,
  { full, follows }: { readonly full: boolean; readonly follows: boolean },
): boolean {
  if (before.at === after.at && before.attempts === after.attempts) return true;
  // A process that dies, or is quit with outcomes that it could not write, leaves its rows in doubt.
  if (before.at === 'sending' && full && after.at === 'unknown' && before.attempts === after.attempts) return true;
  if (!own) return false;
  switch (step.do) {
    case 'run':
      if (follows && before.at === 'unknown' && before.attempts === after.attempts)
        return isIn(after.at, ['succeeded', 'failed']);
      return isIn(before.at, [PENDING, 'not_sent:rejected', ...(full ? ['sending'] : [])]);
    case 'cancel':
      return (before.at === PENDING && after.at === 'not_sent:cancelled') || (full && before.at === 'sending');
    case 'retry':
      if (after.at !== PENDING || before.attempts !== after.attempts) return false;
      if (before.at !== 'failed') return isIn(before.at, RETRIED);
      return before.failureClass !== null && retryClassOf(before.failureClass) === 'retryable';
    case 'look':
      return isIn(before.at, SEEN) && isIn(after.at, [...SEEN, CHANGED]) && before.attempts === after.attempts;
    case 'allow':
      return before.at === `not_sent:${step.reason}` && after.at === PENDING && before.attempts === after.attempts;
    case 'edit':
      return isIn(before.at, [PENDING, 'not_sent:set_aside']) && after.at === PENDING && after.attempts === 0;
    case 'decide':
      return before.at === 'unknown' && before.attempts === after.attempts && after.at === step.as;
    case 'verify':
      // A person may give up, meanwhile, what is left of the job.
      if (step.cut?.then.is === 'cancel' && before.at === PENDING && after.at === 'not_sent:cancelled') return true;
      return before.at === 'unknown' && before.attempts === after.attempts && !after.at.startsWith('not_sent');
    default:
      return false;
  }
}

/** Where an input's rows must stand after the intake: the code of what is wrong with each, null for what is fit. */
export function expectedProblems(rows: readonly InputRow[], oneVariant: boolean): (string | null)[] {
  const same = (a: InputRow, b: InputRow): boolean =>
    a.is === 'order' && b.is === 'order'
      ? a.index === b.index
      : a.is === 'strange' && b.is === 'strange' && a.index === b.index;
  const alike = (a: InputRow, b: InputRow): boolean =>
    oneVariant || a.is !== 'order' || b.is !== 'order' || a.variant === b.variant;
  return rows.map((row, at) => {
    if (row.is === 'blank') return 'blank';
    if (row.is === 'damaged') return 'order.scientific';
    if (row.is === 'wide') return 'malformed';
    const others = rows.filter((other) => same(row, other));
    if (!others.every((other) => alike(row, other))) return 'conflict';
    return rows.findIndex((other) => same(row, other)) === at ? null : 'duplicate';
  });
}

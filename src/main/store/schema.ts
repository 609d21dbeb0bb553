/**
 * The database's schema as a list of migrations: entry n brings version n to n + 1. Entries are never changed once released.
 *
 * - `job`: one bulk update. `spec` is the JobSpec as JSON.
 * - `row`: one data row of a job's input; `fields` is what will be sent, null when set aside.
 * - `call`: one signed request, with the hash of its bytes and how it ended.
 * - `doubt`: orders that are `sending` or `unknown`. Its key makes it impossible to claim such an order twice in one account.
 * - `event`: what happened to a job (and to one row of it), in order: its states, a person's decisions and edits.
 * - `mapping`: the columns a person chose for an input's header, for the next input that has the same.
 * - `phrase`: problems, failures and notes, each kept once, since a job of a million rows has few different ones.
 *
 * `row` and `call` declare no references: SQLite would look each up for each of a million rows, and the journal alone writes them.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL,
    spec TEXT NOT NULL,
    state TEXT NOT NULL,
    pause_reason TEXT,
    pause_text TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT,
    parent_id INTEGER REFERENCES job(id)
  ) STRICT;

  CREATE TABLE phrase (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    json TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    hash TEXT NOT NULL,
    stamped_at INTEGER NOT NULL,
    ended_at INTEGER,
    how TEXT,
    request_id TEXT
  ) STRICT;

  CREATE TABLE row (
    job_id INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    line INTEGER NOT NULL,
    order_no TEXT NOT NULL,
    cells TEXT NOT NULL,
    fields TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    problem_id INTEGER,
    failure_id INTEGER,
    note_id INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    call_id INTEGER,
    settled_at INTEGER,
    old_values TEXT,
    readings TEXT,
    PRIMARY KEY (job_id, row_no)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX row_by_state ON row (job_id, state, reason);
  CREATE INDEX row_by_order ON row (job_id, order_no);
  CREATE INDEX row_by_cause ON row (job_id, state, reason, problem_id, failure_id)
    WHERE problem_id IS NOT NULL OR failure_id IS NOT NULL;

  CREATE TABLE doubt (
    account_id TEXT NOT NULL,
    order_no TEXT NOT NULL,
    job_id INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    PRIMARY KEY (account_id, order_no)
  ) STRICT, WITHOUT ROWID;
  `,
  // `seen_values`, `seen_at`: the present values that the preview showed, and when. `insisted`: sent although they forbid it. `track`: the
  // vendor's own number of what a call began, by which it is followed. `decided`: what a person decided of a row in doubt. `expects`: the present
  // values that a row takes for granted. `mended`: order and values that a person gave in place of the row's, for a follow-up. `moved_to`: the
  // follow-up that has taken the row over.
  `
  ALTER TABLE row ADD COLUMN seen_values TEXT;
  ALTER TABLE row ADD COLUMN seen_at INTEGER;
  ALTER TABLE row ADD COLUMN insisted INTEGER;
  ALTER TABLE row ADD COLUMN track TEXT;
  ALTER TABLE row ADD COLUMN decided TEXT;
  ALTER TABLE row ADD COLUMN expects TEXT;
  ALTER TABLE row ADD COLUMN mended TEXT;
  ALTER TABLE row ADD COLUMN moved_to INTEGER;
  CREATE INDEX row_by_mended ON row (job_id, row_no) WHERE mended IS NOT NULL AND moved_to IS NULL;

  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL,
    row_no INTEGER,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_by_job ON event (job_id, row_no, id);

  CREATE TABLE mapping (
    vendor TEXT NOT NULL,
    operation TEXT NOT NULL,
    header TEXT NOT NULL,
    columns TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (vendor, operation, header)
  ) STRICT, WITHOUT ROWID;
  `,
];

/**
 * The schema of `customers.db`, which alone holds buyers' names, phones and addresses.
 *
 * - `account`: the accounts whose orders are kept, by a short number.
 * - `orders`: what grids show, search and sort by. `machine` '' where there is none; `state` is the place in COMMON_STATES; `cents` the amount in
 *   ten-thousandths, for its order alone.
 * - `facts`: all that the vendor said of an order (OrderFacts as JSON), personal data among it.
 * - `gram`: what finds a buyer: two characters of a name that follow each other, its last one, `#` and a phone's digits, `%` and its last four.
 * - `view`: saved views as JSON.
 *
 * The indices by which grids are sorted hold what grids are filtered by, so that a filter never reads the table.
 */
const CUSTOMER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    vendor TEXT NOT NULL
  ) STRICT;

  CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    order_no TEXT NOT NULL,
    machine TEXT NOT NULL,
    state INTEGER NOT NULL,
    vendor_state TEXT NOT NULL,
    created_at INTEGER,
    paid_at INTEGER,
    changed_at INTEGER,
    read_at INTEGER NOT NULL,
    amount TEXT,
    cents INTEGER,
    tag INTEGER,
    tag_name TEXT,
    title TEXT,
    note TEXT,
    personal INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX order_once ON orders (order_no, account, machine);
  CREATE INDEX order_by_number ON orders (order_no, state, account, created_at);
  CREATE INDEX order_by_account ON orders (account, state, created_at);
  CREATE INDEX order_by_state ON orders (state, account, created_at);
  CREATE INDEX order_by_created ON orders (created_at, state, account, order_no);
  CREATE INDEX order_by_paid ON orders (paid_at, state, account, created_at);
  CREATE INDEX order_by_changed ON orders (changed_at, state, account, created_at);
  CREATE INDEX order_by_read ON orders (read_at, state, account, created_at);
  CREATE INDEX order_by_amount ON orders (cents, state, account, created_at);

  CREATE TABLE facts (
    id INTEGER PRIMARY KEY,
    json TEXT NOT NULL
  ) STRICT;

  CREATE TABLE gram (
    gram TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (gram, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE view (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    json TEXT NOT NULL
  ) STRICT;
  `,
];

/** One of the data folder's databases. */
export interface DatabaseKind {
  readonly file: string;
  readonly migrations: readonly string[];
  /** Whether one process alone may have it open for writing. */
  readonly locked: boolean;
  readonly pragmas: string;
}

/** Its log is written back beside its commits, which do so only when 64 MB of it have gathered all the same. */
export const JOURNAL: DatabaseKind = {
  file: 'journal.db',
  migrations: MIGRATIONS,
  locked: true,
  pragmas: 'PRAGMA wal_autocheckpoint = 8000;',
};
/** What is deleted from it is overwritten, and nothing of it lies in a temporary file. */
export const CUSTOMERS: DatabaseKind = {
  file: 'customers.db',
  migrations: CUSTOMER_MIGRATIONS,
  locked: false,
  pragmas: 'PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;',
};

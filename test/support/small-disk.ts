import { parentPort, workerData } from 'node:worker_threads';
import { journalProcedures } from '../../src/main/jobs/journal/procedures.ts';
import { serve, type Databases, type StoreOptions } from '../../src/main/store/serve.ts';

/** Lets the database grow by so many pages and no further, as a full disk does; null lifts it. */
function roomFor({ writer }: Databases, args: { pages: number | null }): void {
  const now = Number(writer.db.prepare('PRAGMA page_count').get()?.['page_count'] ?? 0);
  writer.db.exec(`PRAGMA max_page_count = ${args.pages === null ? 1_000_000 : now + args.pages}`);
}

export const smallDiskProcedures = { ...journalProcedures, roomFor };
export type SmallDiskProcedures = typeof smallDiskProcedures;

// The database thread of the console, with a disk whose size a test sets.
if (parentPort !== null) serve(parentPort, workerData as StoreOptions, smallDiskProcedures);

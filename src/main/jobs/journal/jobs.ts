import type { SQLOutputValue } from 'node:sqlite';
import { appError } from '../../../contract/errors.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Connection } from '../../store/database.ts';
import type { Databases } from '../../store/serve.ts';
import { addEvent } from './events.ts';
import type { Job, JobSpec, JobState, PauseReason } from '../types.ts';

const COLUMNS = 'id, spec, state, pause_reason, pause_text, created_at, started_at, ended_at, parent_id';

function text(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function toJob(row: Record<string, SQLOutputValue>): Job {
  const pauseText = text(row['pause_text']);
  return {
    ...(JSON.parse(String(row['spec'])) as JobSpec),
    id: Number(row['id']),
    state: String(row['state']) as JobState,
    pauseReason: text(row['pause_reason']) as PauseReason | null,
    pauseText: pauseText === null ? null : (JSON.parse(pauseText) as Bilingual),
    createdAt: String(row['created_at']),
    startedAt: text(row['started_at']),
    endedAt: text(row['ended_at']),
    parentId: row['parent_id'] === null ? null : Number(row['parent_id']),
  };
}

/** Begins a job in state `intake` and returns its id. */
export function createJob({ writer }: Databases, args: { spec: JobSpec; at: string; parentId: number | null }): number {
  const added = writer
    .prepare(
      "INSERT INTO job (account_id, spec, state, created_at, parent_id) VALUES (?, ?, 'intake', ?, ?) RETURNING id",
    )
    .get(args.spec.accountId, JSON.stringify(args.spec), args.at, args.parentId);
  return Number(added?.['id']);
}

/** The job; throws JOB_NOT_FOUND. */
export function getJob({ reader }: Databases, args: { id: number }): Job {
  const row = reader.prepare(`SELECT ${COLUMNS} FROM job WHERE id = ?`).get(args.id);
  if (row !== undefined) return toJob(row);
  throw appError(
    'JOB_NOT_FOUND',
    { zh: `没有编号为 ${args.id} 的任务。`, en: `There is no job ${args.id}.` },
    { zh: '请在任务列表里查看现有任务。', en: 'See the list of jobs for those there are.' },
    { data: { job: args.id } },
  );
}

/** Gives a job a name, or takes it away. */
export function nameJob({ writer }: Databases, args: { id: number; title: string | null }): void {
  const named = args.title === null ? "json_remove(spec, '$.title')" : "json_set(spec, '$.title', ?2)";
  writer
    .prepare(`UPDATE job SET spec = ${named} WHERE id = ?1`)
    .run(args.id, ...(args.title === null ? [] : [args.title]));
}

/** Keeps that nothing is left to erase of a job's rows. */
export function markErased({ writer }: Databases, args: { id: number }): void {
  writer.prepare("UPDATE job SET spec = json_set(spec, '$.erased', json('true')) WHERE id = ?").run(args.id);
}

/** All jobs, the newest first. */
export function listJobs({ reader }: Databases): Job[] {
  return reader.prepare(`SELECT ${COLUMNS} FROM job ORDER BY id DESC`).all().map(toJob);
}

/** What must fit for a run to be worth going on with. */
const ROOM = ' '.repeat(256 * 1024);

/** Writes so much of a job's, durably, and takes it back: throws DISK_FULL or DATABASE_BUSY while the journal can't be written. */
export function tryWrite({ writer }: Databases, args: { id: number }): void {
  writer.transaction(() => {
    const added = writer
      .prepare("INSERT INTO event (job_id, row_no, at, kind, data) VALUES (?, NULL, 0, 'state', ?)")
      .run(args.id, ROOM);
    writer.prepare('DELETE FROM event WHERE id = ?').run(added.lastInsertRowid);
  });
}

export interface JobChange {
  readonly id: number;
  readonly state: JobState;
  readonly reason?: PauseReason;
  readonly text?: Bilingual;
  /** ISO 8601. */
  readonly at: string;
}

/** Moves a job to another state; the first `running` is its start, `finished` and `cancelled` are its end. Kept as an event, too. */
export function setJobState({ writer }: Databases, change: JobChange): void {
  writer.transaction(() => moveJob(writer, change));
}

function moveJob(writer: Connection, change: JobChange): void {
  const ends = change.state === 'finished' || change.state === 'cancelled';
  writer
    .prepare(
      `UPDATE job SET state = ?, pause_reason = ?, pause_text = ?,
         started_at = CASE WHEN ? = 'running' THEN coalesce(started_at, ?) ELSE started_at END,
         ended_at = CASE WHEN ? THEN ? ELSE NULL END
       WHERE id = ?`,
    )
    .run(
      change.state,
      change.reason ?? null,
      change.text === undefined ? null : JSON.stringify(change.text),
      change.state,
      change.at,
      ends ? 1 : 0,
      change.at,
      change.id,
    );
  addEvent(writer, {
    jobId: change.id,
    rowNo: null,
    atMs: Date.parse(change.at),
    kind: 'state',
    data: { state: change.state, reason: change.reason ?? null },
  });
}

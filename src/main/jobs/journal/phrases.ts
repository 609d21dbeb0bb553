import type { Connection } from '../../store/database.ts';
import type { VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Problem } from '../../vendors/types.ts';

const MOST_CACHED = 500;
const caches = new WeakMap<Connection, Map<string, number>>();

/** The id of a phrase (a problem, failure or note), kept once however many rows share it; null for null. */
export function phraseId(writer: Connection, code: string, value: object | null): number | null {
  if (value === null) return null;
  const json = JSON.stringify(value);
  let cache = caches.get(writer);
  if (cache === undefined) {
    cache = new Map();
    caches.set(writer, cache);
  }
  const known = cache.get(json);
  if (known !== undefined) return known;
  writer.prepare('INSERT OR IGNORE INTO phrase (code, json) VALUES (?, ?)').run(code, json);
  const id = Number(writer.prepare('SELECT id FROM phrase WHERE json = ?').get(json)?.['id']);
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(json, id);
  return id;
}

/** A transaction that may make phrases: ids are cached as they are made, so one that is rolled back must forget them. */
export function phrasing<T>(writer: Connection, body: () => T, durable?: 'now' | 'withNext'): T {
  try {
    return writer.transaction(body, durable);
  } catch (error) {
    caches.delete(writer);
    throw error;
  }
}

/** The phrase of a failure without its request id, which is the call's and would make every phrase different. */
export function failureId(writer: Connection, failure: VendorFailure | null): number | null {
  if (failure === null) return null;
  const { requestId: _ofTheCall, ...shared } = failure;
  return phraseId(writer, failure.code, shared);
}

export function problemId(writer: Connection, problem: Problem | null): number | null {
  return problem === null ? null : phraseId(writer, problem.code, problem);
}

export function noteId(writer: Connection, note: Bilingual | null): number | null {
  return phraseId(writer, 'note', note);
}

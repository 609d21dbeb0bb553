import { hash as digest } from 'node:crypto';
import { auditEntrySchema, type AuditEntry, type AuditVerdict } from '../../contract/audit.ts';
import type { Bilingual } from '../../contract/text.ts';

/** What the first line follows. */
export const ORIGIN = '0'.repeat(64);

/** A line of the trail: the entry, the hash of the line before it, and its own, which covers every byte before it. */
export interface ChainedLine {
  readonly text: string;
  readonly hash: string;
}

const ENDING = /,"hash":"([0-9a-f]{64})"\}$/u;

/** Makes the line of an entry that follows the one with the hash `prev`. */
export function chained(entry: AuditEntry, prev: string): ChainedLine {
  const body = JSON.stringify({ ...entry, prev });
  const hash = digest('sha256', body, 'hex');
  return { text: `${body.slice(0, -1)},"hash":"${hash}"}`, hash };
}

interface ReadLine {
  readonly entry: AuditEntry;
  readonly prev: string;
  readonly hash: string;
}

/** A line as it was read; null when its hash is not that of its bytes, or it is no line of ours. */
function readLine(text: string): ReadLine | null {
  const hash = ENDING.exec(text)?.[1];
  if (hash === undefined) return null;
  const body = `${text.slice(0, text.length - `,"hash":"${hash}"}`.length)}}`;
  if (digest('sha256', body, 'hex') !== hash) return null;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const entry = auditEntrySchema.safeParse(json);
  if (!entry.success || typeof json !== 'object' || json === null || !('prev' in json)) return null;
  return typeof json.prev === 'string' ? { entry: entry.data, prev: json.prev, hash } : null;
}

/** What the trail's end was last known to be. `next`: the hash of a line that was being added. */
export interface Head {
  readonly count: number;
  readonly hash: string;
  readonly next?: string | undefined;
}

const MESSAGES: Readonly<Record<NonNullable<AuditVerdict['fault']>['kind'], (line: number) => Bilingual>> = {
  altered: (line) => ({ zh: `第 ${line} 行被改动过。`, en: `Line ${line} was altered.` }),
  broken: (line) => ({
    zh: `第 ${line} 行不接着前一行：它前面有行被删除、插入或调换。`,
    en: `Line ${line} does not follow the one before it: a line before it was removed, inserted or moved.`,
  }),
  cut_off: (line) => ({ zh: `末尾少了 ${line} 行。`, en: `${line} lines are missing at the end.` }),
  added: () => ({ zh: '末尾多了不是控制台写的行。', en: 'There are lines at the end that the console did not write.' }),
  no_head: () => ({
    zh: '记录还在，但单独保存的末尾标记不见了或被改动，所以不知道末尾是否完整。',
    en: 'The trail is there, but the mark of its end, which is kept apart, is gone or altered, so its end cannot be vouched for.',
  }),
  no_trail: () => ({
    zh: '末尾标记还在，但记录本身不见了。',
    en: 'The mark of its end is there, but the trail itself is gone.',
  }),
};

/** The lines of a trail's text. A last line without its end was being written and is one, too. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The entries of lines, those that cannot be read left out. */
export function entriesOf(lines: readonly string[]): AuditEntry[] {
  return lines.flatMap((line) => {
    const read = readLine(line);
    return read === null ? [] : [read.entry];
  });
}

/** Checks every line and the end. `head` null: there is none, or it cannot be read. */
export function verifyChain(lines: readonly string[], head: Head | null): AuditVerdict {
  let prev = ORIGIN;
  const fault = (kind: NonNullable<AuditVerdict['fault']>['kind'], line: number | null, facts = 0): AuditVerdict => ({
    ok: false,
    entries: lines.length,
    head: prev === ORIGIN ? '' : prev,
    fault: { kind, line, message: MESSAGES[kind](line ?? facts) },
  });
  for (const [at, text] of lines.entries()) {
    const read = readLine(text);
    if (read === null) return fault('altered', at + 1);
    if (read.prev !== prev || read.entry.n !== at + 1) return fault('broken', at + 1);
    prev = read.hash;
  }
  if (head === null) return lines.length === 0 ? sound(0, '') : fault('no_head', null);
  if (lines.length === 0 && head.count > 0) return fault('no_trail', null);
  const isAtHead = lines.length === head.count && (head.count === 0 ? ORIGIN : prev) === head.hash;
  const isAtNext = lines.length === head.count + 1 && prev === head.next;
  if (isAtHead || isAtNext) return sound(lines.length, prev === ORIGIN ? '' : prev);
  return lines.length < head.count ? fault('cut_off', null, head.count - lines.length) : fault('added', null);
}

function sound(entries: number, head: string): AuditVerdict {
  return { ok: true, entries, head, fault: null };
}

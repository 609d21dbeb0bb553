import path from 'node:path';
import type { Judgement } from './judge.ts';
import type { Mutant } from './instrument.ts';

/** What became of a mutant; `no test` reaches it, or it is ignored for a reason. */
export interface Fate {
  readonly mutant: Mutant;
  readonly verdict: Judgement['verdict'] | 'no test' | 'ignored';
  readonly by: string | null;
}

interface Count {
  killed: number;
  survived: number;
  untested: number;
  ignored: number;
}

/** Killed of all that were run, in percent; a mutant that no test reaches counts as alive. */
export function percentKilled({ killed, survived, untested }: Omit<Count, 'ignored'>): number {
  const all = killed + survived + untested;
  return all === 0 ? 100 : (100 * killed) / all;
}

function countOf(fates: readonly Fate[]): Count {
  const count: Count = { killed: 0, survived: 0, untested: 0, ignored: 0 };
  for (const { verdict } of fates) {
    if (verdict === 'survived') count.survived += 1;
    else if (verdict === 'no test') count.untested += 1;
    else if (verdict === 'ignored') count.ignored += 1;
    else count.killed += 1;
  }
  return count;
}

function row(name: string, fates: readonly Fate[]): string {
  const count = countOf(fates);
  const numbers = [count.killed, count.survived, count.untested, count.ignored].map((n) => String(n).padStart(9));
  return `${name.padEnd(34)}${numbers.join('')}${percentKilled(count).toFixed(1).padStart(8)} %`;
}

/** Counts by file, by room and in total, and the total in percent. */
export function table(fates: readonly Fate[]): { text: string; percent: number } {
  const inSources = (fate: Fate): string => path.posix.relative('src/main', fate.mutant.file);
  const roomOf = (fate: Fate): string => inSources(fate).split('/')[0] ?? '';
  const lines = [
    `${''.padEnd(34)}${['killed', 'survived', 'no test', 'ignored'].map((n) => n.padStart(9)).join('')}   score`,
  ];
  for (const room of new Set(fates.map(roomOf))) {
    const ofRoom = fates.filter((fate) => roomOf(fate) === room);
    for (const file of new Set(ofRoom.map(inSources)))
      lines.push(
        row(
          file,
          ofRoom.filter((fate) => inSources(fate) === file),
        ),
      );
    lines.push(row(`= ${room}`, ofRoom));
  }
  lines.push(row('= all', fates));
  const timeouts = fates.filter(({ verdict }) => verdict === 'timeout').length;
  const crashes = fates.filter(({ verdict }) => verdict === 'crash').length;
  lines.push(`killed: ${timeouts} of them by running over time, ${crashes} by ending the process`);
  for (const reason of new Set(fates.map(({ mutant }) => mutant.ignored)))
    if (reason !== null)
      lines.push(`ignored: ${fates.filter(({ mutant }) => mutant.ignored === reason).length} — ${reason}`);
  return { text: lines.join('\n'), percent: percentKilled(countOf(fates)) };
}

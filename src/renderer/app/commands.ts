import type { Command } from '../../contract/events.ts';

const heard = new Map<Command, Set<() => void>>();

/** Hears a command of menu, keyboard or palette until the answer is called. */
export function onCommand(command: Command, then: () => void): () => void {
  const known = heard.get(command) ?? new Set();
  heard.set(command, known);
  known.add(then);
  return () => void known.delete(then);
}

/** Tells everyone who hears a command; answers whether anyone did. */
export function runCommand(command: Command): boolean {
  const all = [...(heard.get(command) ?? [])];
  for (const then of all) then();
  return all.length > 0;
}

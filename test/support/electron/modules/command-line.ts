import { provide } from '../provided.ts';
import { runtime, switchValue } from '../runtime.ts';

const added = new Map<string, string>();

/** `app.commandLine`: switches are kept and answered, and not handed to Chromium. */
export const commandLine = provide('app.commandLine', {
  appendSwitch: (name: string, value = ''): void => void added.set(name, value),
  appendArgument: (): void => undefined,
  hasSwitch: (name: string): boolean => added.has(name) || switchValue(runtime().argv, name) !== null,
  getSwitchValue: (name: string): string => added.get(name) ?? switchValue(runtime().argv, name) ?? '',
  removeSwitch: (name: string): void => void added.delete(name),
});

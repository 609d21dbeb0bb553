import { app, dialog } from 'electron';
import { languageOf } from './languages.ts';
import { failureText } from './dialog-words.ts';

/**
 * Says why the console cannot start, on standard error and in a box, and ends with code 1. An error that is none of ours is told by its own
 * message; a stack is never shown.
 */
export async function startFailed(name: string, error: unknown): Promise<void> {
  const text = failureText(error, languageOf(app.getPreferredSystemLanguages()));
  process.stderr.write(`${name}: ${text.replaceAll('\n', ' ')}\n`);
  // Before that a box is no more than a line on some systems.
  await app.whenReady();
  dialog.showErrorBox(name, text);
  app.exit(1);
}

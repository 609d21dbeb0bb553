import { app, dialog } from 'electron';
import type { BrowserWindow, FileFilter } from 'electron';
import path from 'node:path';
import { say } from '../../contract/text.ts';
import type { Bilingual, Language } from '../../contract/text.ts';
import { backupFilters, DIALOG_TITLES, inputFilters, outputFilters, questionBox, withKind } from './dialog-words.ts';
import type { Question } from './dialog-words.ts';

/** What native dialogs need: the window they belong to, if there is one, and the language of the moment. */
export interface DialogHome {
  readonly window: () => BrowserWindow | null;
  readonly language: () => Language;
  readonly title: string;
}

/** Asks; true to act. Whatever closes the box in another way, `signal` too, answers false; so does a box that can't be shown. Never rejects. */
export async function ask(home: DialogHome, question: Question, signal?: AbortSignal): Promise<boolean> {
  const box = { ...questionBox(question, home.language(), home.title), ...(signal === undefined ? {} : { signal }) };
  const window = home.window();
  try {
    const { response } = await (window === null ? dialog.showMessageBox(box) : dialog.showMessageBox(window, box));
    return response === 1;
  } catch {
    return false;
  }
}

async function chooseFile(home: DialogHome, title: Bilingual, filters: FileFilter[]): Promise<string | null> {
  const options = { title: say(title, home.language()), filters, properties: ['openFile' as const] };
  const window = home.window();
  const chosen = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

/** Lets the person choose one CSV or XLSX file: its path; null when none is chosen. */
export function chooseInput(home: DialogHome): Promise<string | null> {
  return chooseFile(home, DIALOG_TITLES.open, inputFilters(home.language()));
}

/** Lets the person choose one backup file: its path; null when none is chosen. */
export function chooseBackup(home: DialogHome): Promise<string | null> {
  return chooseFile(home, DIALOG_TITLES.openBackup, backupFilters(home.language()));
}

function downloads(): string {
  try {
    return app.getPath('downloads');
  } catch {
    // A Linux without that folder.
    return app.getPath('home');
  }
}

/** Lets the person choose where a file of the name's kind is saved, in the downloads folder at first: its path; null when none is chosen. */
export async function chooseOutput(home: DialogHome, name: string): Promise<string | null> {
  const language = home.language();
  const options = {
    title: say(DIALOG_TITLES.save, language),
    defaultPath: path.join(downloads(), name),
    filters: outputFilters(language, name),
    properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const],
  };
  const window = home.window();
  const chosen = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  return chosen.canceled || chosen.filePath === '' ? null : withKind(chosen.filePath, name);
}

import { provide } from '../provided.ts';
import { note } from '../runtime.ts';
import { askPerson, choosePath } from '../person.ts';

export interface MessageBox {
  readonly title?: string;
  readonly message: string;
  readonly detail?: string;
  readonly buttons?: readonly string[];
  readonly defaultId?: number;
  readonly cancelId?: number;
  readonly checkboxChecked?: boolean;
  readonly signal?: AbortSignal;
}

export interface FileChoice {
  readonly title?: string;
  readonly defaultPath?: string;
  readonly properties?: readonly string[];
  readonly filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[];
}

/** Electron's dialogs take a window first, or none. */
const optionsOf = (args: readonly unknown[]): unknown => (args.length > 1 ? args[1] : args[0]);

/** What closes a box in another way answers. */
function cancelOf({ buttons = ['OK'], cancelId }: MessageBox): number {
  const cancels = buttons.findIndex((label) => /^(?:cancel|no|取消|否)$/i.test(label));
  return cancelId ?? (cancels < 0 ? 0 : cancels);
}

/**
 * A driven program is answered with the button that STAND_IN_BUTTON numbers, or the box's default; tests that want another answer put their own
 * function in the place of this one.
 */
async function showMessageBox(...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
  const box = optionsOf(args) as MessageBox;
  const { buttons = ['OK'], defaultId = 0, message, detail = '', checkboxChecked = false } = box;
  if (box.signal?.aborted === true) return { response: cancelOf(box), checkboxChecked };
  const asked = await askPerson(
    `${message}${detail === '' ? '' : `\n\n${detail}`}`,
    buttons,
    cancelOf(box),
    box.signal,
  );
  const response = asked ?? Number(process.env['STAND_IN_BUTTON'] ?? defaultId);
  note(`a box asked "${message.replaceAll('\n', ' ')}" and was answered "${buttons[response] ?? ''}"`);
  return { response, checkboxChecked };
}

async function showOpenDialog(...args: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
  const chosen = await choosePath('open', optionsOf(args) as FileChoice);
  note(chosen === null ? 'a dialog to open a file was answered with none' : 'a file was chosen to open');
  return { canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] };
}

async function showSaveDialog(...args: unknown[]): Promise<{ canceled: boolean; filePath: string }> {
  const chosen = await choosePath('save', optionsOf(args) as FileChoice);
  note(chosen === null ? 'a dialog to save a file was answered with none' : `a file is saved to ${chosen}`);
  return { canceled: chosen === null, filePath: chosen ?? '' };
}

/** Electron's `dialog`. Its functions may be replaced, as tests do. */
export const dialog = provide('dialog', {
  showMessageBox,
  showOpenDialog,
  showSaveDialog,
  showMessageBoxSync: (...args: unknown[]): number => (optionsOf(args) as MessageBox).defaultId ?? 0,
  showErrorBox: (title: string, content: string): void => note(`an error box says "${title}: ${content}"`),
});

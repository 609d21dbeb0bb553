import { spawn } from 'node:child_process';
import { runtime } from './runtime.ts';
import { allContents } from './modules/web-contents.ts';
import type { FileChoice } from './modules/dialog.ts';

/** Runs a program that shows a window of its own: its output, null when it was cancelled, undefined when there is no such program. */
function shown(program: string, args: readonly string[]): Promise<string | null | undefined> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? output.replace(/\n$/, '') : null));
  });
}

/** Asks whoever sits before the window: the number of the chosen button, null when nobody can be asked. */
export async function askPerson(
  text: string,
  buttons: readonly string[],
  cancel: number,
  signal?: AbortSignal,
): Promise<number | null> {
  const contents = allContents()[0];
  if (runtime().driven || contents === undefined) return null;
  const close = (): void => contents.cdp.tell('Page.handleJavaScriptDialog', { accept: false });
  signal?.addEventListener('abort', close, { once: true });
  const act = buttons.findIndex((_label, index) => index !== cancel);
  if (buttons.length < 2 || act < 0) {
    await contents.executeJavaScript(`alert(${JSON.stringify(text)})`).catch(() => undefined);
    return 0;
  }
  const question = `${text}\n\n[OK] ${buttons[act] ?? ''}    [Cancel] ${buttons[cancel] ?? ''}`;
  const agreed = await contents.executeJavaScript(`confirm(${JSON.stringify(question)})`).catch(() => false);
  return agreed === true ? act : cancel;
}

/** Lets a person choose a file by GTK's own dialog; where there is none, in the page. Null when none was chosen, or in a driven program. */
export async function choosePath(kind: 'open' | 'save', choice: FileChoice): Promise<string | null> {
  if (runtime().driven) return null;
  const { title = '', defaultPath = '', filters = [] } = choice;
  const patterns = filters.map(
    ({ name, extensions }) => `--file-filter=${name} | ${extensions.map((one) => `*.${one}`).join(' ')}`,
  );
  const save = kind === 'save' ? ['--save', '--confirm-overwrite'] : [];
  const chosen = await shown('zenity', [
    '--file-selection',
    `--title=${title}`,
    `--filename=${defaultPath}`,
    ...save,
    ...patterns,
  ]);
  if (chosen !== undefined) return chosen;
  const contents = allContents()[0];
  if (contents === undefined) return null;
  const typed = await contents
    .executeJavaScript(`prompt(${JSON.stringify(title)}, ${JSON.stringify(defaultPath)})`)
    .catch(() => null);
  return typeof typed === 'string' && typed !== '' ? typed : null;
}

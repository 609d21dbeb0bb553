import type { LinkId } from '../../contract/links.ts';
import type { Newer, NewerWish } from '../../contract/newer.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Language } from '../../contract/text.ts';
import type { Notice } from './notices.ts';

/** What the system says of the way to an address. `unsupported` is a proxy of a kind that the console does not speak. */
export type SystemWay =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly url: string }
  | { readonly kind: 'unsupported'; readonly what: string };

/** What the routes need of the desktop: all of it Electron's, so that they know no window. */
export interface Desk {
  /** Lets the person choose a CSV or XLSX file: its path, null for none. */
  chooseFile(): Promise<string | null>;
  /**
   * Lets the person choose where a file (CSV, XLSX or HTML by the name's extension) is saved, and whether one that is there is replaced: its
   * path, null for none.
   */
  saveFile(name: string): Promise<string | null>;
  /** Lets the person choose a backup file: its path, null for none. */
  chooseBackup(): Promise<string | null>;
  /** Shows a file in its folder. */
  reveal(path: string): void;
  /** Opens one of the console's links in the person's browser; false when that fails. */
  openLink(link: LinkId): Promise<boolean>;
  /** Shows a folder in the system's file manager; false when that fails. */
  showFolder(path: string): Promise<boolean>;
  copyText(text: string): void;
  /** Whether the system can ask who the person is (Touch ID). */
  canAskPerson(): boolean;
  /** Lets the system ask; false when it is not the person, or they gave up. */
  askPerson(reason: string): Promise<boolean>;
  /** Loads the window's page anew, so that nothing of what it held is left. */
  reloadPage(): void;
  /** The languages that the person's system prefers, best first (BCP 47). */
  systemLanguages(): readonly string[];
  applyTheme(theme: Settings['theme']): void;
  applyLanguage(language: Language): void;
  /** The system's way to an origin. */
  resolveProxy(origin: string): Promise<SystemWay>;
  /** Keeps the machine from sleeping while a job runs. */
  keepAwake(on: boolean): void;
  /** The bar on the program's icon: 0..1, null for none. `paused` while a job waits, `error` when one stopped and waits for the person. */
  progressBar(fraction: number | null, state: 'normal' | 'paused' | 'error'): void;
  /** Tells by a notification of the desktop, unless the window is in front. */
  notify(notice: Notice): void;
  /** Whether there is a newer console; looks for it or loads it first, where that is asked. Never rejects. */
  newer(wish: NewerWish): Promise<Newer>;
  /** Whether to watch for a network that comes back. */
  watchNetwork(on: boolean): void;
}

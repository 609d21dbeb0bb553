import { join } from 'node:path';
import { APP_ORIGIN, type BridgeError, type Envelope } from '../../../src/contract/bridge.ts';
import type { EventData, EventName } from '../../../src/contract/events.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../../src/contract/routes.ts';
import type { Newer, NewerWish } from '../../../src/contract/newer.ts';
import { createEvents } from '../../../src/main/ipc/events.ts';
import { createGate, type Gate } from '../../../src/main/ipc/gate.ts';
import { createConsole, type Console, type ConsoleOptions } from '../../../src/main/routes/console.ts';
import { openLock } from '../../../src/main/lock/lock.ts';
import type { Notice } from '../../../src/main/routes/notices.ts';
import type { Desk, SystemWay } from '../../../src/main/routes/desk.ts';
import { openSettings } from '../../../src/main/routes/settings.ts';
import { temporaryFolder } from '../../support/journal.ts';

const WORKER = new URL('../../../src/main/data-worker.ts', import.meta.url);
const PAGE = { url: `${APP_ORIGIN}/`, isMainFrame: true, isOurWindow: true };

/** A desktop that does what the test says and writes down what it was asked. */
export class FakeDesk implements Desk {
  chosen: string | null = null;
  backup: string | null = null;
  saveTo: ((name: string) => string) | null = null;
  languages: readonly string[] = ['en-GB'];
  way: SystemWay = { kind: 'direct' };
  works = true;
  readonly asked: (readonly [string, unknown])[] = [];

  chooseFile = async (): Promise<string | null> => this.chosen;
  chooseBackup = async (): Promise<string | null> => this.backup;
  saveFile = async (name: string): Promise<string | null> => this.saveTo?.(name) ?? null;
  reveal = (path: string): void => this.#note('reveal', path);
  openLink = async (link: string): Promise<boolean> => {
    this.#note('openLink', link);
    return this.works;
  };
  showFolder = async (path: string): Promise<boolean> => {
    this.#note('showFolder', path);
    return this.works;
  };
  person = false;
  canAskPerson = (): boolean => this.person;
  askPerson = async (reason: string): Promise<boolean> => {
    this.#note('askPerson', reason);
    return this.works;
  };
  reloadPage = (): void => this.#note('reloadPage', null);
  copyText = (text: string): void => this.#note('copyText', text);
  systemLanguages = (): readonly string[] => this.languages;
  applyTheme = (theme: string): void => this.#note('applyTheme', theme);
  applyLanguage = (language: string): void => this.#note('applyLanguage', language);
  resolveProxy = async (): Promise<SystemWay> => this.way;
  keepAwake = (on: boolean): void => this.#note('keepAwake', on);
  progressBar = (fraction: number | null, state: string): void => {
    this.#note('progressBar', fraction);
    this.#note('barState', state);
  };
  notify = (notice: Notice): void => this.#note('notify', notice);
  newer = async (wish: NewerWish): Promise<Newer> => {
    this.#note('newer', wish);
    return wish === 'state' ? { kind: 'not_looked' } : { kind: 'found', version: '9.0.0' };
  };
  watchNetwork = (on: boolean): void => this.#note('watchNetwork', on);

  /** What one of them was asked, in order. */
  of(what: string): unknown[] {
    return this.asked.filter(([name]) => name === what).map(([, value]) => value);
  }

  #note(what: string, value: unknown): void {
    this.asked.push([what, value]);
  }
}

interface Told {
  readonly event: EventName;
  readonly data: unknown;
}

/** A console with a real database thread and a fake desktop, called through the real gate. */
export class TestConsole {
  readonly folder: string;
  readonly desk = new FakeDesk();
  readonly told: Told[] = [];
  /** All that crossed: each answer as it left the gate. */
  readonly answers: Envelope<unknown>[] = [];
  readonly logged: unknown[] = [];
  readonly console: Console;
  readonly #gate: Gate;
  readonly #waiting = new Set<() => void>();

  private constructor(folder: string, make: (test: TestConsole) => Console) {
    this.folder = folder;
    this.console = make(this);
    this.#gate = createGate({
      handlers: this.console.handlers,
      log: (what, fields) => this.logged.push([what, fields]),
      isLocked: () => this.console.isLocked(),
    });
  }

  static async start(folder: string, change: Partial<ConsoleOptions> = {}): Promise<TestConsole> {
    const settings = await openSettings(folder);
    const lock = await openLock({ folder, cost: { N: 1_024, r: 8, p: 1 } });
    return new TestConsole(folder, (test) =>
      createConsole({
        folder,
        worker: WORKER,
        version: '1.2.3',
        electron: '45',
        desk: test.desk,
        events: createEvents({ send: (event, data) => test.#hear({ event, data }) }),
        settings,
        lock,
        workspace: 'practice',
        twinPacing: { perSecond: 1_000, concurrency: 8 },
        licences: async () => [{ name: 'a', version: '1', licence: 'MIT' }],
        env: {},
        ...change,
      }),
    );
  }

  /** An answer as the window gets it, whatever was asked. */
  async answer(route: string, input?: unknown): Promise<Envelope<unknown>> {
    const answer = await this.#gate(PAGE, route, input);
    this.answers.push(answer);
    return answer;
  }

  /** The data of a call that must succeed. */
  async call<R extends RouteName>(
    route: R,
    ...input: RouteInput<R> extends undefined ? [] : [RouteInput<R>]
  ): Promise<RouteOutput<R>> {
    const answer = await this.answer(route, input[0]);
    if (!answer.ok) throw new Error(`${route}: ${JSON.stringify(answer.error)} ${JSON.stringify(this.logged.at(-1))}`);
    return answer.data as RouteOutput<R>;
  }

  /** The error of a call that must fail. */
  async refusal<R extends RouteName>(route: R, input?: RouteInput<R>): Promise<BridgeError> {
    const answer = await this.answer(route, input);
    if (answer.ok) throw new Error(`${route} was not refused: ${JSON.stringify(answer.data)}`);
    return answer.error;
  }

  /** The events of a kind so far. */
  events<E extends EventName>(event: E): EventData<E>[] {
    return this.told.filter((one) => one.event === event).map((one) => one.data as EventData<E>);
  }

  /** The first event of a kind, from `after` on, that fits. */
  async heard<E extends EventName>(
    event: E,
    fits: (data: EventData<E>) => boolean = () => true,
  ): Promise<EventData<E>> {
    for (;;) {
      const found = this.events(event).find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Forgets the events so far. */
  forget(): void {
    this.told.length = 0;
  }

  #hear(told: Told): void {
    this.told.push(told);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** The id of the practice workspace's account of a vendor. */
export async function accountOf(test: TestConsole, vendor: string): Promise<string> {
  const found = (await test.call('accounts.list')).find((account) => account.vendor === vendor);
  if (found === undefined) throw new Error(`no account of ${vendor}`);
  return found.id;
}

export function folderOf(): { readonly path: string; remove(): void } {
  return temporaryFolder();
}

export const inFolder = (folder: string, ...names: readonly string[]): string => join(folder, ...names);

export const WHOLE_VIEW = { sort: null, find: '', values: {} } as const;

/** A lookup that has ended, by its id. */
export async function lookedUp(
  test: TestConsole,
  input: RouteInput<'lookups.start'>,
): Promise<RouteOutput<'lookups.status'>> {
  const { lookupId } = await test.call('lookups.start', input);
  await test.heard('lookup', (status) => status.lookupId === lookupId && !status.running);
  return test.call('lookups.status', { lookupId });
}

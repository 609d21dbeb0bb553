import { appError } from '../../contract/errors.ts';
import type { AppState } from '../../contract/routes.ts';
import type { Events } from '../ipc/events.ts';
import type { Lock, LockReason } from '../lock/lock.ts';
import type { Handlers } from '../ipc/gate.ts';
import { describeVendor, VENDORS } from '../vendors/registry.ts';
import { accountRoutes } from './accounts.ts';
import { auditRoutes } from './audit.ts';
import { backupRoutes } from './backup.ts';
import type { RouteContext, Routes } from './context.ts';
import type { Desk } from './desk.ts';
import { FileRegistry, fileRoutes } from './files.ts';
import { jobRoutes } from './jobs.ts';
import type { Licences } from './licences.ts';
import { lockRoutes, lockWindow } from './lock.ts';
import { lookupRoutes } from './lookups.ts';
import { orderRoutes } from './orders.ts';
import { proxyBySettings } from './proxy.ts';
import { stillWorking } from './refusals.ts';
import { languageOf, type SettingsFile } from './settings.ts';
import { rotationRoutes } from './rotation.ts';
import { signRoutes } from './sign.ts';
import { updateRoutes } from './updates.ts';
import { openWorkspace, type Workspace, type WorkspaceName, type WorkspaceOptions } from './workspace.ts';

export interface ConsoleOptions extends Omit<
  WorkspaceOptions,
  'events' | 'desk' | 'proxy' | 'confirmAbove' | 'keepDays' | 'notices'
> {
  readonly version: string;
  readonly electron: string;
  readonly platform?: NodeJS.Platform;
  readonly desk: Desk;
  readonly events: Events;
  /** From `openSettings` on the same folder. */
  readonly settings: SettingsFile;
  /** From `openLock` on the same folder. */
  readonly lock: Lock;
  /** The workspace to begin in; the real one by default. */
  readonly workspace?: WorkspaceName;
  /** The packages that the program is made of. */
  readonly licences: () => Promise<Licences>;
  /** Where the proxy of the environment is looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Everything that a window can ask of main, and what leaving takes. */
export interface Console {
  readonly handlers: Handlers;
  /** For the gate: writes to the present workspace's log. */
  readonly log: (what: string, fields: Readonly<Record<string, unknown>>) => void;
  /** How many jobs run, are verified or are read in. */
  runningJobs(): number;
  /** Pauses all jobs; resolves when nothing is under way. */
  pauseAll(): Promise<void>;
  /** Whether the window is locked. */
  isLocked(): boolean;
  /** Locks the window, where it has a passphrase; answers whether it does. A running job goes on. */
  lock(why: LockReason): boolean;
  /** Nobody has used the machine for so long. */
  idleFor(seconds: number): void;
  /** The machine is about to sleep: runs pause, and go on when it is awake. */
  suspended(): void;
  /** The machine woke up. */
  resumed(): Promise<void>;
  /** The network is back: runs that wait for it look at once. */
  networkChanged(): void;
  /** The network changed or the machine woke: new connections are made, by the proxy that then holds. */
  reconnect(): Promise<void>;
  /** Pauses all and closes the services. To be called once, at the end. */
  close(): Promise<void>;
}

function linkFailed(): Error {
  return appError(
    'LINK_FAILED',
    { zh: '无法打开。', en: 'It could not be opened.' },
    { zh: '请检查系统的默认浏览器或文件管理器。', en: "Check the system's default browser or file manager." },
  );
}

/**
 * The console behind its window. It answers at once and opens its workspace meanwhile: the routes wait for it. Reads no secret until one is
 * needed. A workspace that can't be opened makes every route reject with the reason; `app.workspace` tries anew.
 */
export function createConsole(options: ConsoleOptions): Console {
  return new OpenConsole(options);
}

class OpenConsole implements Console {
  readonly handlers: Handlers;
  readonly #options: ConsoleOptions;
  #name: WorkspaceName;
  #opening: Promise<Workspace>;
  /** The workspace when it is open. */
  #open: Workspace | null = null;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#name = options.workspace ?? 'real';
    this.#opening = this.#begin(this.#name);
    const { desk, events, settings } = options;
    const context: RouteContext = {
      desk,
      events,
      settings,
      files: new FileRegistry(),
      workspace: () => this.#opening,
    };
    this.handlers = {
      ...this.#appRoutes(),
      ...this.#settingsRoutes(),
      ...accountRoutes(context),
      ...signRoutes(context),
      ...auditRoutes(context),
      ...backupRoutes(context),
      ...rotationRoutes(context),
      ...lockRoutes(context, options.lock),
      ...lookupRoutes(context),
      ...orderRoutes(context),
      ...fileRoutes(context.files, desk),
      ...updateRoutes(context),
      ...jobRoutes(context),
      'vendors.list': () => Object.values(VENDORS).map(describeVendor),
    };
  }

  readonly log: Console['log'] = (what, fields) => this.#open?.services.log.warn(`route_${what}`, fields);

  isLocked(): boolean {
    return this.#options.lock.isLocked();
  }

  lock(why: LockReason): boolean {
    const { lock, desk, settings } = this.#options;
    const bySystem = why === 'screen' || why === 'suspend';
    if (bySystem && !settings.get().lockWithScreen) return false;
    return lockWindow(lock, desk, why);
  }

  idleFor(seconds: number): void {
    const { lockAfterMinutes } = this.#options.settings.get();
    if (lockAfterMinutes > 0 && seconds >= lockAfterMinutes * 60) this.lock('idle');
  }

  runningJobs(): number {
    return this.#open === null ? 0 : this.#open.jobs.size + this.#open.imports.size;
  }

  async pauseAll(): Promise<void> {
    const workspace = await this.#opening.catch(() => null);
    await workspace?.pauseAll();
  }

  suspended(): void {
    this.#open?.services.jobs.suspended();
  }

  async resumed(): Promise<void> {
    this.#open?.services.jobs.resumed();
    await this.reconnect();
  }

  networkChanged(): void {
    this.#open?.services.jobs.networkChanged();
  }

  async reconnect(): Promise<void> {
    await this.#open?.services.gateway.reconnect();
  }

  async close(): Promise<void> {
    const workspace = await this.#opening.catch(() => null);
    this.#open = null;
    await workspace?.close();
  }

  #begin(name: WorkspaceName): Promise<Workspace> {
    const { settings, desk, env } = this.#options;
    const confirmAbove = (): number => settings.get().confirmAbove;
    const keepDays = (): number => settings.get().keepDays;
    const proxy = proxyBySettings(() => settings.get(), desk, env);
    const notices = {
      wanted: () => settings.get().notify,
      language: () => languageOf(settings.get(), desk.systemLanguages()),
    };
    const opening = openWorkspace(name, { ...this.#options, proxy, confirmAbove, keepDays, notices }).then(
      (workspace) => {
        this.#open = workspace;
        const { log, recovered } = workspace.services;
        if (settings.putAside !== null) log.warn('settings_put_aside', { file: settings.putAside });
        if (recovered !== null && recovered.interrupted.length > 0) log.warn('recovered', { ...recovered });
        return workspace;
      },
    );
    // Met by the routes; until one asks, it must not count as unhandled.
    opening.catch(() => {});
    return opening;
  }

  /** Closes the present workspace and opens another; the same one anew only where that may make it better. */
  async #switch(name: WorkspaceName): Promise<void> {
    const present = await this.#opening.catch(() => null);
    if (present !== null) {
      if (name === present.name && !present.readOnly) return;
      if (present.isAtWork()) throw stillWorking();
    }
    this.#open = null;
    this.#name = name;
    this.#opening = Promise.resolve(present?.close()).then(() => this.#begin(name));
    this.#opening.catch(() => {});
    await this.#opening;
  }

  async #state(): Promise<AppState> {
    const { version, platform = process.platform, electron, settings, desk, folder } = this.#options;
    const workspace = await this.#opening;
    const left = await workspace.services.journal.call('crashedJobs', undefined);
    return {
      version,
      platform,
      electron,
      language: languageOf(settings.get(), desk.systemLanguages()),
      settings: settings.get(),
      workspace: workspace.name,
      dataFolder: folder,
      keychain: workspace.watched.state(),
      readOnly: workspace.readOnly,
      interrupted: left.map(({ jobId, unknown }) => ({ jobId, inDoubt: workspace.inDoubt[jobId] ?? unknown })),
    };
  }

  #appRoutes(): Routes<'app'> {
    const { desk, folder, licences } = this.#options;
    return {
      'app.state': () => this.#state(),
      'app.workspace': async (name) => {
        await this.#switch(name);
        return this.#state();
      },
      'app.open': async (link) => {
        if (!(await desk.openLink(link))) throw linkFailed();
      },
      'app.showDataFolder': async () => {
        if (!(await desk.showFolder(folder))) throw linkFailed();
      },
      'app.licences': () => licences(),
      'app.newer': (wish) => desk.newer(wish),
      'app.copy': (text) => {
        // The page holds no secret; what came to it by way of a vendor's words does not leave here either.
        desk.copyText(this.#open?.services.redactor.redact(text) ?? text);
      },
    };
  }

  #settingsRoutes(): Routes<'settings'> {
    const { desk, events, settings } = this.#options;
    return {
      'settings.change': async (patch) => {
        const before = settings.get();
        const after = await settings.change(patch);
        const language = languageOf(after, desk.systemLanguages());
        if (after.theme !== before.theme) desk.applyTheme(after.theme);
        if (language !== languageOf(before, desk.systemLanguages())) desk.applyLanguage(language);
        // Calls under way end on the connections they have.
        if (after.proxy !== before.proxy || after.proxyUrl !== before.proxyUrl) {
          this.reconnect().catch((error: unknown) => this.log('reconnect', { error }));
        }
        events.tellNow('settings', { settings: after, language });
        return after;
      },
    };
  }
}

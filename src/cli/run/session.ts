import { join } from 'node:path';
import { appError } from '../../contract/errors.ts';
import type { Account } from '../../contract/account.ts';
import { say, type Bilingual } from '../../contract/text.ts';
import { addTwinAccounts, closeTwins, startTryOutTwins } from '../../main/embedded.ts';
import { dataFolder } from '../../main/folders.ts';
import { clockWords } from '../../main/gateway/clock.ts';
import type { GatewayEvent } from '../../main/gateway/types.ts';
import { openAccounts, openServices, type AccountServices, type Services } from '../../main/services.ts';
import { createKeytarKeychain, createMemoryKeychain, SERVICE, type Keychain } from '../../main/vault/index.ts';
import { OrderKeeper, type OrderStore } from '../../main/orders/keeper.ts';
import { vendor } from '../../main/vendors/registry.ts';
import { openSettings } from '../../main/routes/settings.ts';
import type { Operation } from '../../main/vendors/types.ts';
import type { Invocation } from '../args.ts';
import type { ExitCode } from '../exit.ts';
import type { CommandBody, CommandContext } from '../frame.ts';

/** What every command works with. */
export interface Session extends CommandContext {
  /** The text in the person's language. */
  readonly t: (text: Bilingual) => string;
}

/** A command's body made from one that takes a session. */
export function command(body: (session: Session) => Promise<ExitCode>): CommandBody {
  return (context) => body({ ...context, t: (text) => say(text, context.terminal.language) });
}

/** The database thread's entry: the source, or beside the built program what it was built to. */
export const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? '../../main/data-worker.ts' : './data-worker.js',
  import.meta.url,
);

/** Where the settings lie, whichever accounts are used. */
function baseFolder(invocation: Invocation): string {
  return invocation.text('data-folder') ?? dataFolder();
}

function folderOf(invocation: Invocation): string {
  const base = baseFolder(invocation);
  // Twins have a folder of their own, so that made-up orders never stand beside real ones.
  return invocation.flag('twins') ? join(base, 'twins') : base;
}

function keychainOf({ invocation }: Session): Keychain {
  return invocation.flag('twins') ? createMemoryKeychain() : createKeytarKeychain({ service: SERVICE });
}

/** Tells of back-offs and of a wrong clock while calls are made. */
function teller({ terminal, t }: Session): (event: GatewayEvent) => void {
  let warned = false;
  return (event) => {
    if (event.kind === 'backing_off') {
      const seconds = Math.max(1, Math.ceil((event.untilMs - Date.now()) / 1000));
      terminal.note(
        t({
          zh: `供应商要求放慢：${event.failure.reading.zh}；等待约 ${seconds} 秒。`,
          en: `The vendor asks to slow down: ${event.failure.reading.en}. Waiting about ${seconds} s.`,
        }),
      );
    } else if (event.kind === 'clock' && event.warn && !warned) {
      warned = true;
      const { zh, en } = clockWords(event.offsetMs);
      terminal.note(
        t({
          zh: `注意：${zh}；已按供应商的时间签名，请校准本机时钟。`,
          en: `Note: ${en}; requests are signed with the vendor's time. Please set the clock right.`,
        }),
      );
    }
  };
}

/** Runs `work` with accounts and gateway, and closes them. With `--twins` the accounts are the embedded twins'. */
export async function withAccounts<T>(session: Session, work: (services: AccountServices) => Promise<T>): Promise<T> {
  const keychain = session.invocation.flag('twins')
    ? createMemoryKeychain()
    : createKeytarKeychain({ service: SERVICE });
  const services = openAccounts({ folder: folderOf(session.invocation), keychain, onGateway: teller(session) });
  return withTwins(session, services, () => work(services));
}

/** Runs `work` with the accounts and the kept orders, which a window may have open at the same time, and closes them. */
export function withOrders<T>(
  session: Session,
  work: (services: AccountServices, store: OrderStore) => Promise<T>,
): Promise<T> {
  return withKeeper(session, async (services, keeper) => work(services, await keeper.open()));
}

/** Runs `work` with the accounts and what keeps orders, which opens its database when it is first needed, and closes them. */
export function withKeeper<T>(
  session: Session,
  work: (services: AccountServices, keeper: OrderKeeper) => Promise<T>,
): Promise<T> {
  return withAccounts(session, async (services) => {
    const { keepDays } = (await openSettings(baseFolder(session.invocation))).get();
    const keeper = new OrderKeeper({
      folder: services.folder,
      worker: WORKER,
      account: (id) => services.vault.get(id),
      keepDays: () => keepDays,
    });
    try {
      return await work(services, keeper);
    } finally {
      await keeper.close();
    }
  });
}

/** Opens all services; a writer first tells what a dead process left behind. */
export async function openSession(
  session: Session,
  options: { readonly folder: string; readonly mode: 'write' | 'read'; readonly keychain: Keychain },
): Promise<Services> {
  const { confirmAbove, keepDays } = (await openSettings(baseFolder(session.invocation))).get();
  const services = await openServices({
    ...options,
    worker: WORKER,
    onGateway: teller(session),
    confirmAbove: () => confirmAbove,
    keepDays: () => keepDays,
  });
  tellRecovery(session, services);
  return services;
}

/** Runs `work` with all services, and closes them. */
export async function withServices<T>(
  session: Session,
  mode: 'write' | 'read',
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const services = await openSession(session, {
    folder: folderOf(session.invocation),
    mode,
    keychain: keychainOf(session),
  });
  return withTwins(session, services, () => work(services));
}

async function withTwins<T>(session: Session, services: AccountServices, work: () => Promise<T>): Promise<T> {
  const twins = session.invocation.flag('twins') ? await startTryOutTwins() : null;
  try {
    if (twins !== null) await addTwinAccounts(services.vault, twins);
    return await work();
  } finally {
    await services.close();
    if (twins !== null) await closeTwins(twins);
  }
}

function tellRecovery({ terminal, t }: Session, services: Services): void {
  const { recovered } = services;
  if (recovered === null) return;
  for (const id of recovered.interrupted) {
    const rows = recovered.inDoubt[id] ?? 0;
    terminal.note(
      t({
        zh: `任务 ${id} 上次意外中断，有 ${rows} 行当时正在发送，现为「未知」。用 jobs verify ${id} 查证，用 jobs resume ${id} 继续。`,
        en: `Job ${id} was interrupted; ${rows} rows were being sent and are unknown now. Check them with "jobs verify ${id}", go on with "jobs resume ${id}".`,
      }),
    );
  }
}

/** The account's operation of this kind, or of any; USAGE with the ones there are when there is none of that name. */
export function operationOf(account: Account, id: string): Operation;
export function operationOf<K extends Operation['kind']>(
  account: Account,
  id: string,
  kind: K,
): Extract<Operation, { kind: K }>;
export function operationOf(account: Account, id: string, kind?: Operation['kind']): Operation {
  const all = vendor(account.vendor).operations.filter((one) => kind === undefined || one.kind === kind);
  const found = all.find((one) => one.id === id);
  if (found !== undefined) return found;
  const names = (language: 'zh' | 'en'): string =>
    all.map((one) => `${one.id} (${one.names[language]})`).join(', ') || '-';
  throw appError(
    'USAGE',
    {
      zh: `「${id}」不是 ${account.vendor} 的可用操作。`,
      en: `"${id}" is no operation of ${account.vendor} that fits here.`,
    },
    { zh: `可用的有：${names('zh')}。`, en: `There are: ${names('en')}.` },
  );
}

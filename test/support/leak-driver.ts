// A process of its own that does, on a given data folder, all that could let a secret out: right and wrong accounts of all vendors, broken
// replies, errors shown and logged, dry runs, exports; and dies of an unhandled error, with its database still open.
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Account } from '../../src/contract/account.ts';
import { AppError } from '../../src/contract/errors.ts';
import { LANGUAGES } from '../../src/contract/text.ts';
import { VENDOR_IDS, type VendorId } from '../../src/contract/vendor.ts';
import { describeRequest } from '../../src/main/gateway/describe.ts';
import type { Build } from '../../src/main/gateway/types.ts';
import type { JobOptions } from '../../src/main/jobs/types.ts';
import { runLookup } from '../../src/main/lookups/run.ts';
import { openServices, type Services } from '../../src/main/services.ts';
import { createMemoryKeychain } from '../../src/main/vault/index.ts';
import { operation, vendor } from '../../src/main/vendors/registry.ts';
import type { Values } from '../../src/main/vendors/types.ts';
import { addTwinAccount, DATA_WORKER } from './twin-accounts.ts';

export interface LeakShop {
  readonly vendor: VendorId;
  readonly url: string;
  /** The twin's own, planted ones. */
  readonly credentials: Values;
  /** Secret fields, planted and not the twin's. */
  readonly wrong: Values;
  readonly lookups: readonly { readonly operation: string; readonly params: Values }[];
  readonly update: {
    readonly operation: string;
    readonly params: Values;
    readonly paste: string;
    readonly options: JobOptions;
  } | null;
}

export interface LeakPlan {
  readonly folder: string;
  readonly shops: readonly LeakShop[];
}

/** What the driver tells last: customers' phones that it read, and what became of the jobs. */
export interface LeakMessage {
  readonly phones: readonly string[];
  readonly jobs: readonly {
    readonly label: string;
    readonly state: string;
    readonly reason: string | null;
    readonly failures: readonly string[];
  }[];
}

const phones = new Set<string>();
const jobsDone: LeakMessage['jobs'][number][] = [];

/** Shows a value as a program, a person and a careless developer would see it. */
function show(what: string, value: unknown): void {
  console.log(what, inspect(value, { depth: 8 }));
  console.log(what, JSON.stringify(value));
  if (value instanceof AppError) for (const language of LANGUAGES) console.error(value.say(language));
  if (value instanceof Error) console.error(value);
}

async function attempt(services: Services, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    show(what, await work());
  } catch (error) {
    show(`${what} failed`, error);
    services.log.error(what, { error });
  }
}

/** Every operation's request as a dry run shows it. */
async function dryRuns(services: Services, shop: LeakShop, account: Account): Promise<void> {
  const builds: Build[] = shop.lookups.map((one) => {
    const found = operation(account.vendor, one.operation, 'lookup');
    return (context) => found.request(one.params, null, context);
  });
  const { update } = shop;
  if (update !== null) {
    const found = operation(account.vendor, update.operation, 'update');
    const rows = [
      { order: '1234567', values: { order: '1234567', machine_no: '12345678', status: '1', note: '备注' } },
    ];
    builds.push((context) => found.request(rows, update.params, context));
  }
  for (const build of builds) {
    await attempt(services, 'dry run', async () => {
      const prepared = await services.gateway.prepare(account, build, { expired: true });
      const described = describeRequest(prepared.request, await services.vault.readSecrets(account.id));
      services.log.info('dry_run', { described, request: prepared.request, prepared });
      return described;
    });
  }
}

async function readings(services: Services, shop: LeakShop, account: Account): Promise<void> {
  const { gateway, log } = services;
  for (const one of vendor(account.vendor).operations) {
    if (one.kind === 'ping') await attempt(services, `ping ${account.label}`, () => gateway.ping(account, one));
  }
  for (const one of shop.lookups) {
    const found = operation(account.vendor, one.operation, 'lookup');
    await attempt(services, `lookup ${account.label}`, () =>
      runLookup({ gateway, account, operation: found, params: one.params, most: 100 }, ({ fresh: rows }) => {
        for (const { values } of rows) {
          for (const value of Object.values(values)) if (/^1[3-9]\d{9}$/.test(value)) phones.add(value);
        }
        // The careless line that the logger must make harmless.
        log.info('rows', { rows: rows.slice(0, 5) });
      }),
    );
  }
}

async function jobOf(services: Services, shop: LeakShop, account: Account): Promise<void> {
  if (shop.update === null) return;
  const { jobs, journal, folder } = services;
  const { params, options, paste } = shop.update;
  const found = operation(account.vendor, shop.update.operation, 'update');
  const source = { kind: 'paste', text: paste, name: 'paste' } as const;
  const { jobId } = await jobs.import({ account, operation: found, params, source, options });
  await attempt(services, 'run', () => jobs.run(jobId, { tell: (progress) => show('progress', progress) }));
  await attempt(services, 'verify', () => jobs.verify(jobId, { waitMs: 0 }));
  await attempt(services, 'job', () => jobs.get(jobId));
  for (const language of LANGUAGES) {
    for (const raw of [true, false]) {
      const path = join(folder, `${account.label}.${language}.${raw ? 'raw' : 'safe'}.csv`);
      await attempt(services, 'export', () => jobs.export(jobId, { path, language, raw }));
    }
    for (const format of ['xlsx', 'html'] as const) {
      const path = join(folder, `${account.label}.${language}.${format}`);
      await attempt(services, `export ${format}`, () => jobs.export(jobId, { path, language, format }));
    }
  }
  const rows = await journal.call('getRows', { jobId, after: 0, limit: 2_000 });
  const failures = rows.flatMap((row) => (row.failure === null ? [] : [row.failure.code]));
  show('failures', new Set(rows.flatMap(({ failure, note }) => [JSON.stringify(failure), JSON.stringify(note)])));
  const { state, pauseReason } = (await jobs.get(jobId)).job;
  jobsDone.push({ label: account.label, state, reason: pauseReason, failures: [...new Set(failures)].sort() });
}

/** What a person may get wrong with a secret in hand, and what a careless line may log. */
async function mistakes(services: Services, shop: LeakShop, account: Account): Promise<void> {
  const { vault, log } = services;
  const { plain, settings, baseUrl } = account;
  const secrets = await vault.readSecrets(account.id);
  const change = (edit: (secret: string) => string): Values =>
    Object.fromEntries(Object.entries(secrets).map(([field, secret]) => [field, edit(secret)]));
  const wrong: Record<string, Values> = {
    spaced: change((secret) => ` ${secret}`),
    broken: change((secret) => `${secret}\r\n`),
    nul: change((secret) => `${secret}\0`),
    long: change((secret) => secret.repeat(100)),
    'of another field': { ...secrets, other: Object.values(secrets)[0] ?? '' },
    'half a character': change((secret) => `${secret}\ud800`),
  };
  const base = { vendor: account.vendor, environment: 'twin', baseUrl, plain, settings } as const;
  for (const [what, given] of Object.entries(wrong)) {
    await attempt(services, `add ${what}`, () => vault.add({ ...base, label: what, secrets: given }));
    await attempt(services, `replace ${what}`, () => vault.replaceSecrets(account.id, given));
  }
  await attempt(services, 'add in the open', () =>
    vault.add({ ...base, label: 'open', plain: { ...plain, ...secrets }, secrets: {} }),
  );
  for (const secret of Object.values(secrets)) {
    log.error(`a careless event ${secret}`, {
      [secret]: 1,
      secret,
      url: `https://example.com/?key=${encodeURIComponent(secret)}`,
      form: new URLSearchParams({ secret }).toString(),
      json: JSON.stringify({ secret }),
      base64: [0, 1, 2].map((lead) => Buffer.from(`${'x'.repeat(lead)}${secret}`).toString('base64')),
      hex: Buffer.from(secret).toString('hex'),
      wide: Buffer.from(secret, 'utf16le').toString('base64'),
      bytes: Buffer.from(secret),
      error: new Error(`inner ${secret}`, { cause: new Error(secret) }),
      padded: 'x'.repeat(8_192 - 5) + secret,
    });
  }
  await attempt(services, 'replace', () => vault.replaceSecrets(account.id, shop.wrong));
  await attempt(services, 'remove', () => vault.remove(account.id));
}

async function main(plan: LeakPlan): Promise<void> {
  const keychain = createMemoryKeychain();
  const services = await openServices({ folder: plan.folder, mode: 'write', worker: DATA_WORKER, keychain });
  const pacing = { perSecond: 1_000, concurrency: 1 };
  for (const shop of plan.shops) {
    const add = (label: string, credentials: Values): Promise<Account> =>
      addTwinAccount(services.vault, shop, { label: `${label}-${shop.vendor}`, credentials, pacing });
    for (const account of [await add('right', {}), await add('wrong', shop.wrong)]) {
      await dryRuns(services, shop, account);
      await readings(services, shop, account);
      await jobOf(services, shop, account);
    }
    await mistakes(services, shop, await add('spare', {}));
  }
  show('accounts', await services.vault.list());
  show('services', services);
  await new Promise((resolve) =>
    process.send?.({ phones: [...phones], jobs: jobsDone } satisfies LeakMessage, resolve),
  );
  const last = plan.shops.find((shop) => VENDOR_IDS[0] === shop.vendor);
  // Nobody catches this one.
  void services.vault.add({
    label: 'last',
    vendor: VENDOR_IDS[0],
    environment: 'twin',
    baseUrl: last?.url,
    plain: {},
    settings: {},
    secrets: Object.fromEntries(Object.entries(last?.wrong ?? {}).map(([field, secret]) => [field, `${secret}\n`])),
  });
}

process.once('message', (message) => void main(message as LeakPlan));

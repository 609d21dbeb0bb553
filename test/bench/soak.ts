import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import type { Account } from '../../src/contract/account.ts';
import { createGateway } from '../../src/main/gateway/gateway.ts';
import type { Gateway } from '../../src/main/gateway/types.ts';
import type { JournalProcedures } from '../../src/main/jobs/journal/procedures.ts';
import { rowPages } from '../../src/main/jobs/journal/pages.ts';
import { Mailbox } from '../../src/main/jobs/mailbox.ts';
import type { Journal } from '../../src/main/jobs/runner/types.ts';
import type { JobService } from '../../src/main/jobs/service.ts';
import { runLookup } from '../../src/main/lookups/run.ts';
import { startStore } from '../../src/main/store/client.ts';
import { DATABASE_FILE } from '../../src/main/store/serve.ts';
import { TWIN_CREDENTIALS, type FaultRule } from '../../src/main/twins/index.ts';
import { pddTwin } from '../../src/main/twins/pdd.ts';
import { polyvTwin } from '../../src/main/twins/polyv.ts';
import { suningSources } from '../../src/main/twins/suningOrders.ts';
import { vendingTwin } from '../../src/main/twins/vending.ts';
import { operation, vendor as vendorOf } from '../../src/main/vendors/registry.ts';
import type { Values } from '../../src/main/vendors/types.ts';
import { beijing, type Updating } from '../support/crash-shop.ts';
import { SmallBatches } from '../support/small-batches.ts';
import { credentialsOf } from '../support/twin-accounts.ts';
import { WORKER } from './console.ts';
import { megabytes, seconds } from './figures.ts';
import { benchFolder, ordersOf, type Orders } from './inputs.ts';
import { peakMemory, startTwinProcess } from './processes.ts';

const ORDERS = 1_000_000;
/** A reply that is not there by then is given up: only a vendor that keeps silent takes it. */
const TIMEOUT_MS = 1_000;
const CONCURRENCY = 32;
/** Orders of one of Polyv's calls: of its thousand too few calls would be made to meet every fault. */
const BATCH_SIZE = 50;
/** Rounds of verify, retry and run after which every order must stand where it stays. */
const MOST_ROUNDS = 12;
const DAY_MS = 86_400_000;

const USAGE = `Usage: npm run bench:soak -- [--scale 0.01]
1,000,000 orders over all vendors, with 1 % of all requests failing in one way or another: updates at Polyv, Pinduoduo and DingShang, look-ups at
Suning. The exit code is 1 when an order was acted on twice, is not where the vendor has it, or is in doubt without a word.`;

/** One request in a hundred, of ten kinds; the vendors' own limits and doubts among them. */
function faultsFor(vendor: keyof typeof TWIN_CREDENTIALS): FaultRule[] {
  const when = { probability: 0.001 };
  const own: FaultRule =
    vendor === 'pdd'
      ? { kind: 'failure', code: '52102', message: '服务暂时不可用', acted: true, when }
      : { kind: 'limit', retryAfter: 1, when };
  return [
    own,
    { kind: 'limit', when },
    { kind: 'reset_before', when },
    { kind: 'reset_after', when },
    { kind: 'close_reused', when },
    { kind: 'truncated', when },
    { kind: 'html', status: 502, acted: true, when },
    { kind: 'server_error', status: 500, when },
    { kind: 'empty', acted: true, when },
    { kind: 'silent', when },
  ];
}

/** A clock whose waits take no time: the vendors' blocks and the minute between two readings are skipped. */
class SkippedClock {
  #skippedMs = 0;
  readonly steady = (): number => performance.now() + this.#skippedMs;
  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    await setImmediate(undefined, signal === undefined ? undefined : { signal });
    this.#skippedMs += ms;
  };

  get skippedMs(): number {
    return this.#skippedMs;
  }
}

interface Soaked {
  readonly vendor: string;
  readonly orders: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly twice: number;
  readonly unsaid: number;
  readonly wrong: readonly string[];
  readonly ms: number;
}

const VENDOR_OPTIONS: Record<keyof typeof TWIN_CREDENTIALS, readonly string[]> = {
  polyv: ['rate=off', 'orders=waiting', 'data=lists'],
  pdd: [],
  vending: ['orders=unpaid', 'expiry=off'],
  suning: [],
};

function accountFor(vendor: keyof typeof TWIN_CREDENTIALS, url: string): { account: Account; secrets: Values } {
  const { plain, secrets } = credentialsOf(vendor, TWIN_CREDENTIALS[vendor]);
  const account: Account = {
    id: `soak-${vendor}`,
    label: vendor,
    vendor,
    environment: 'twin',
    baseUrl: url,
    hosts: [new URL(url).host],
    plain,
    settings: {},
    pacing: { concurrency: CONCURRENCY },
    createdAt: new Date().toISOString(),
  };
  return { account, secrets };
}

function gatewayFor(account: Account, secrets: Values, clock: SkippedClock): Gateway {
  const gateway = createGateway({
    secrets: async () => secrets,
    vendors: vendorOf,
    steadyNow: clock.steady,
    sleep: clock.sleep,
    timeouts: { headersMs: TIMEOUT_MS, bodyMs: TIMEOUT_MS },
  });
  gateway.pace(account, { perSecond: Infinity });
  return gateway;
}

interface Input {
  readonly header: string;
  line(index: number): string;
  readonly operation: string;
  readonly params: Values;
}

function inputFor(vendor: Updating, { seed, count, epochMs }: Orders): Input {
  const setup = { seed, orders: count, epochMs, credentials: {} };
  switch (vendor) {
    case 'polyv': {
      const twin = polyvTwin({ ...setup, vendorOptions: {} });
      const line = (index: number): string => twin.orderNumber(index);
      return { header: 'orderNo', line, operation: 'update-status', params: { status: 'delivering' } };
    }
    case 'pdd': {
      const twin = pddTwin({ ...setup, vendorOptions: {} });
      const line = (index: number): string => `${twin.orderNumber(index)},soaked ${index}`;
      return { header: 'order_sn,note', line, operation: 'note-update', params: {} };
    }
    case 'vending': {
      const twin = vendingTwin({ ...setup, vendorOptions: { orders: 'unpaid', expiry: 'off' } });
      const line = (index: number): string => {
        const { number, machineNo, createdAt } = twin.order(index);
        return `${number},${machineNo},${beijing(createdAt)}`;
      };
      return { header: 'order_id,machine_no,created_at', line, operation: 'order-update', params: { status: '1' } };
    }
  }
}

async function writeInput(path: string, { header, line }: Input, count: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${header}\n`);
  for (let index = 0; index < count; index += 1) {
    if (!file.write(`${line(index)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** Runs, verifies and retries a job until nothing of it moves any more. */
async function toTheEnd(jobs: JobService, jobId: number): Promise<string[]> {
  let before = '';
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const end = await jobs.run(jobId, { firstRows: null });
    await jobs.verify(jobId, { waitMs: 600_000 });
    const again = await jobs.retry(jobId);
    const { counts } = await jobs.get(jobId);
    const now = JSON.stringify(counts);
    if (end.state === 'finished' && again === 0 && now === before) return [];
    before = now;
  }
  return [`job ${jobId} has not come to its end`];
}

/** Holds each row of a job against the vendor's ledger. */
async function compare(
  journal: Journal,
  jobId: number,
  acted: ReadonlyMap<string, number>,
): Promise<Pick<Soaked, 'outcomes' | 'twice' | 'unsaid' | 'wrong'>> {
  const outcomes: Record<string, number> = {};
  const wrong: string[] = [];
  let twice = 0;
  let unsaid = 0;
  for await (const rows of rowPages(journal, jobId)) {
    for (const { order, state, note, failure } of rows) {
      const times = acted.get(order) ?? 0;
      outcomes[state] = (outcomes[state] ?? 0) + 1;
      if (times > 1) twice += 1;
      if (state === 'sending') wrong.push(`${order} is still sending`);
      if (state === 'unknown' && note === null && failure === null) unsaid += 1;
      if (times > 0 && state !== 'succeeded' && state !== 'unknown')
        wrong.push(`${order} was acted on and is ${state}`);
      if (times === 0 && state === 'succeeded') wrong.push(`${order} was not acted on and is ${state}`);
    }
  }
  return { outcomes, twice, unsaid, wrong };
}

async function soakUpdates(vendor: Updating, count: number): Promise<Soaked> {
  const from = performance.now();
  const orders = ordersOf(count);
  const folder = benchFolder();
  const twin = await startTwinProcess(vendor, orders, VENDOR_OPTIONS[vendor]);
  const clock = new SkippedClock();
  const { account, secrets } = accountFor(vendor, twin.url);
  const gateway = gatewayFor(account, secrets, clock);
  const journal: Journal = await startStore<JournalProcedures>(WORKER, { folder: folder.path, mode: 'write' });
  try {
    const input = inputFor(vendor, orders);
    const path = join(folder.path, 'orders.csv');
    await writeInput(path, input, count);
    const jobs = new SmallBatches(
      {
        journal,
        gateway: {
          prepare: (...args) => gateway.prepare(...args),
          update: (...args) => gateway.update(...args),
          lookup: (...args) => gateway.lookup(...args),
          vendorNow: (one) => gateway.vendorNow(one) + clock.skippedMs,
        },
        account: async () => account,
        mailbox: new Mailbox(join(folder.path, 'wishes')),
        sleep: clock.sleep,
      },
      BATCH_SIZE,
    );
    const imported = await jobs.import({
      account,
      operation: operation(vendor, input.operation, 'update'),
      params: input.params,
      source: { kind: 'file', path },
      options: { readBefore: vendor === 'pdd', writeUnreadable: true, firstRows: null, verifyAfter: false },
    });
    await twin.setFaults(faultsFor(vendor));
    const late = await toTheEnd(jobs, imported.jobId);
    const faults = await twin.struck();
    const compared = await compare(journal, imported.jobId, await twin.acted());
    const unheld = doubtBeside(join(folder.path, DATABASE_FILE));
    const wrong = [...late, ...unheld, ...compared.wrong];
    const sum = Object.values(compared.outcomes).reduce((total, n) => total + n, 0);
    if (sum !== count) wrong.push(`${sum} outcomes of ${count} orders`);
    return { vendor, orders: count, ...compared, wrong, faults, ms: performance.now() - from };
  } finally {
    await gateway.close();
    await journal.close();
    await twin.stop();
    folder.remove();
  }
}

/** Orders in doubt that nothing holds, and held ones in no doubt. */
function doubtBeside(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const of = (sql: string): number => Number(database.prepare(sql).get()?.['n']);
    const doubtful = of("SELECT count(*) AS n FROM row WHERE state IN ('sending', 'unknown')");
    const held = of('SELECT count(*) AS n FROM doubt');
    return doubtful === held ? [] : [`${doubtful} orders are in doubt, ${held} are held`];
  } finally {
    database.close();
  }
}

/** Looks all of Suning's orders up, week by week and source by source; a look-up that says it is incomplete is made again. */
async function soakLookups(count: number): Promise<Soaked> {
  const from = performance.now();
  const orders = ordersOf(count);
  const twin = await startTwinProcess('suning', orders, VENDOR_OPTIONS.suning);
  const { account, secrets } = accountFor('suning', twin.url);
  const gateway = gatewayFor(account, secrets, new SkippedClock());
  const found = new Set<string>();
  const wrong: string[] = [];
  let incomplete = 0;
  try {
    await twin.setFaults(faultsFor('suning'));
    const status = operation('suning', 'order-status', 'lookup');
    const key = status.columns.find(({ kind }) => kind === 'order')?.id ?? '';
    for (const orderSource of suningSources) {
      for (let week = 0; week < 9; week += 1) {
        const toMs = orders.epochMs - week * 7 * DAY_MS;
        const params = {
          orderSource,
          startTime: beijing(toMs - 7 * DAY_MS),
          endTime: beijing(toMs),
          queryType: '0',
          pageSize: '50',
        };
        for (let tries = 1; ; tries += 1) {
          const result = await runLookup({ gateway, account, operation: status, params }, ({ fresh }) => {
            for (const { values } of fresh) found.add(values[key] ?? '');
          });
          if (result.complete) break;
          incomplete += 1;
          if (result.failure === null && result.why === null) wrong.push(`${orderSource}: incomplete without a word`);
          if (tries === MOST_ROUNDS) {
            wrong.push(`${orderSource}: incomplete after ${tries} tries`);
            break;
          }
        }
      }
    }
    if (found.size < count) wrong.push(`${found.size} of ${count} orders were found`);
    const outcomes = { found: found.size, 'made again': incomplete };
    return {
      vendor: 'suning',
      orders: count,
      outcomes,
      faults: await twin.struck(),
      twice: 0,
      unsaid: 0,
      wrong,
      ms: performance.now() - from,
    };
  } finally {
    await gateway.close();
    await twin.stop();
  }
}

function print(soaked: readonly Soaked[]): void {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ');
  for (const { vendor, orders, outcomes, faults, twice, unsaid, wrong, ms } of soaked) {
    const struck = Object.values(faults).reduce((sum, n) => sum + n, 0);
    console.log(`${vendor.padEnd(9)}${String(orders).padStart(8)} orders in ${seconds(ms)}: ${list(outcomes)}`);
    console.log(`${''.padEnd(9)}${String(struck).padStart(8)} faults: ${list(faults)}`);
    console.log(
      `${''.padEnd(9)}${String(twice).padStart(8)} acted on twice, ${unsaid} in doubt unsaid, ${wrong.length} not as the vendor has them`,
    );
    for (const one of wrong.slice(0, 10)) console.log(`${''.padEnd(18)}${one}`);
  }
}

async function main(args: readonly string[]): Promise<number> {
  let scale: number;
  try {
    scale = Number(parseArgs({ args: [...args], options: { scale: { type: 'string', default: '1' } } }).values.scale);
  } catch {
    scale = NaN;
  }
  if (!(scale > 0 && scale <= 1)) {
    console.error(USAGE);
    return 2;
  }
  const from = performance.now();
  const each = Math.round((ORDERS * scale) / 4);
  const soaked: Soaked[] = [];
  for (const vendor of ['polyv', 'pdd', 'vending'] as const) {
    console.error(`soaking ${vendor} …`);
    soaked.push(await soakUpdates(vendor, each));
  }
  console.error('soaking suning …');
  soaked.push(await soakLookups(each));
  print(soaked);
  const total = soaked.reduce((sum, { orders }) => sum + orders, 0);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  console.log(
    `${total} orders in ${seconds(performance.now() - from)}; peak memory ${megabytes(peakMemory())}; load ${load}.`,
  );
  return soaked.some(({ twice, unsaid, wrong }) => twice + unsaid + wrong.length > 0) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));

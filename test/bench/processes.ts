import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { VendorId } from '../../src/contract/vendor.ts';
import type { FaultRule } from '../../src/main/twins/index.ts';

const TWINS = fileURLToPath(new URL('../../src/main/twins/main.ts', import.meta.url));

/** A measuring process that is still running; `lines` are what it prints. */
export interface Child {
  readonly lines: AsyncIterator<string, undefined>;
  kill(): void;
  /** Resolves when it has ended; rejects unless it ended well, or was killed by us. */
  readonly ended: Promise<void>;
}

/** The flags for what is no part of the console (twins, what it is compared with): Node.js' own memory settings. */
const PLAIN_FLAGS = process.execArgv.filter((flag) => !/^--(?:max-semi-space|heap-growing)-/u.test(flag));
const COMPARED: ReadonlySet<string> = new Set(['papaparse', 'hucre', 'bare']);

/** Starts `children/<name>.ts` with one JSON argument. Its errors are printed as they are. */
export function startChild(name: string, args: unknown): Child {
  const file = join(import.meta.dirname, 'children', `${name}.ts`);
  const flags = COMPARED.has(name) ? PLAIN_FLAGS : process.execArgv;
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(args)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let killed = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 || killed) resolve();
      else reject(new Error(`${name} ended with ${signal ?? String(code)}`));
    });
  });
  ended.catch(() => undefined);
  return {
    lines: createInterface(child.stdout)[Symbol.asyncIterator](),
    kill: () => {
      killed = true;
      child.kill('SIGKILL');
    },
    ended,
  };
}

/** Runs a measuring process to its end and returns what it answered. */
export async function runChild(name: string, args: unknown): Promise<Record<string, number>> {
  const child = startChild(name, args);
  const line = await child.lines.next();
  await child.ended;
  return JSON.parse(line.value ?? '{}') as Record<string, number>;
}

/** In a measuring process: what it was started with. */
export function given(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** In a measuring process: prints its answer. */
export function answer(value: Readonly<Record<string, number>>): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/**
 * The most memory this process has held, bytes. The system's own figure for a process also counts what its parent held when it
 * started it, so Linux is asked for the address space's.
 */
export function peakMemory(): number {
  if (process.platform === 'linux') {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

export interface TwinProcess {
  readonly url: string;
  /** Replaces the fault rules. */
  setFaults(rules: readonly FaultRule[]): Promise<void>;
  /** How many requests each kind of fault has struck. */
  struck(): Promise<Readonly<Record<string, number>>>;
  /** How often each order was acted on, those never left out. */
  acted(): Promise<ReadonlyMap<string, number>>;
  /** CPU time that the twin has used, ms, and the orders it has acted on (each time counted). */
  totals(): Promise<{ cpuMs: number; actions: number }>;
  stop(): Promise<void>;
}

interface TwinLedger {
  readonly cpu: { readonly user: number; readonly system: number };
  readonly twins: Readonly<Record<string, { readonly actions: number }>>;
  readonly faults: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Starts one vendor's twin in its own process, without latency, with a ledger of counts. */
export async function startTwinProcess(
  vendor: VendorId,
  orders: { readonly count: number; readonly seed: number; readonly epochMs: number },
  options: readonly string[] = [],
): Promise<TwinProcess> {
  const args = ['--vendor', vendor, '--orders', String(orders.count), '--seed', String(orders.seed)];
  args.push('--epoch', String(orders.epochMs), '--ledger', 'counts');
  for (const option of options) args.push('--option', option);
  const child = spawn(process.execPath, [...PLAIN_FLAGS, TWINS, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (line.done === true) throw new Error('the twin did not start');
  const told = JSON.parse(line.value) as { control: string; twins: Record<string, { url: string }> };
  const url = told.twins[vendor]?.url ?? '';
  const ledger = async (): Promise<TwinLedger> => {
    const reply = await fetch(`${told.control}/__twin/ledger`);
    return (await reply.json()) as TwinLedger;
  };
  return {
    url,
    async setFaults(rules) {
      await fetch(`${told.control}/__twin/faults?vendor=${vendor}`, { method: 'POST', body: JSON.stringify(rules) });
    },
    struck: async () => (await ledger()).faults[vendor] ?? {},
    async acted() {
      const reply = await fetch(`${told.control}/__twin/acted?vendor=${vendor}`);
      const lines = (await reply.text()).split('\n').filter((line) => line !== '');
      return new Map(lines.map((line) => line.split('\t')).map(([order = '', count]) => [order, Number(count)]));
    },
    async totals() {
      const found = await ledger();
      return { cpuMs: (found.cpu.user + found.cpu.system) / 1000, actions: found.twins[vendor]?.actions ?? 0 };
    },
    stop() {
      child.stdin.end();
      return ended;
    },
  };
}

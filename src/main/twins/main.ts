/**
 * Twins in a process of their own, for benches and crash tests:
 *
 *   node src/main/twins/main.ts --vendor pdd --vendor polyv --orders 100000 --ledger counts --option rate=off
 *
 * Prints one JSON line, `{"control":"http://127.0.0.1:…","twins":{"pdd":{"url","seed","epochMs","orders"}}}`, and ends when its
 * standard input does, so it never outlives the process that started it (which must keep that pipe open).
 * `--port` gives the first twin's port, the next ones follow (default: free ones).
 *
 * The control address serves
 *   GET  /__twin/ledger             totals of each twin and its faults by kind, process.cpuUsage() in microseconds, resident bytes
 *   GET  /__twin/acted?vendor=pdd   one line an order acted on: number, tab, count
 *   GET  /__twin/orders?vendor=pdd&from=0&count=100   one JSON line an order as it is now
 *   POST /__twin/faults?vendor=pdd  replaces the fault rules by the JSON array in the body
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { parseArgs } from 'node:util';
import { startTwin, twinVendors } from './index.ts';
import type { FaultRule, Twin, TwinOptions } from './index.ts';

type Vendor = (typeof twinVendors)[number];

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw new RangeError(`--${name} takes a whole number`);
  return Number(text);
}

function vendorOf(text: string | null): Vendor {
  const vendor = twinVendors.find((one) => one === text);
  if (vendor === undefined) throw new RangeError(`no vendor "${text ?? ''}"; there are ${twinVendors.join(', ')}`);
  return vendor;
}

async function startAll(args: readonly string[]): Promise<Map<Vendor, Twin>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      vendor: { type: 'string', multiple: true },
      port: { type: 'string' },
      orders: { type: 'string' },
      seed: { type: 'string' },
      epoch: { type: 'string' },
      skew: { type: 'string' },
      latency: { type: 'string' },
      ledger: { type: 'string' },
      option: { type: 'string', multiple: true },
    },
  });
  const given = (
    name: 'port' | 'orders' | 'seed' | 'epoch' | 'skew' | 'latency',
    key: keyof TwinOptions,
  ): TwinOptions => {
    const value = whole(values[name], name);
    return value === undefined ? {} : { [key]: value };
  };
  const port = whole(values.port, 'port') ?? 0;
  const options: TwinOptions = {
    ...given('orders', 'orders'),
    ...given('seed', 'seed'),
    ...given('epoch', 'epochMs'),
    ...given('skew', 'clockSkewMs'),
    ...given('latency', 'latencyMs'),
    ledger: values.ledger === 'counts' ? 'counts' : 'full',
    vendorOptions: Object.fromEntries(
      (values.option ?? []).map((pair) => {
        const mark = pair.indexOf('=');
        return [pair.slice(0, mark), pair.slice(mark + 1)];
      }),
    ),
  };
  const vendors = values.vendor === undefined ? twinVendors : values.vendor.map(vendorOf);
  const twins = new Map<Vendor, Twin>();
  for (const vendor of vendors) {
    twins.set(vendor, await startTwin(vendor, { ...options, port: port === 0 ? 0 : port + twins.size }));
  }
  return twins;
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** The control's answer: a text, or null for an unknown path. Throws a RangeError for wrong values. */
async function control(twins: ReadonlyMap<Vendor, Twin>, message: IncomingMessage): Promise<string | null> {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const route = `${message.method ?? ''} ${url.pathname}`;
  if (route === 'GET /__twin/ledger') {
    const totals = Object.fromEntries([...twins].map(([vendor, twin]) => [vendor, twin.ledger.totals]));
    const faults = Object.fromEntries([...twins].map(([vendor, twin]) => [vendor, twin.faultsStruck]));
    return JSON.stringify({ faults, cpu: process.cpuUsage(), residentBytes: process.memoryUsage.rss(), twins: totals });
  }
  const twin = twins.get(vendorOf(url.searchParams.get('vendor')));
  if (twin === undefined) return null;
  switch (route) {
    case 'GET /__twin/acted':
      return Array.from(twin.ledger.counted(), ([order, count]) => `${order}\t${String(count)}\n`).join('');
    case 'GET /__twin/orders': {
      const from = whole(url.searchParams.get('from') ?? '0', 'from') ?? 0;
      const count = whole(url.searchParams.get('count') ?? '100', 'count') ?? 0;
      const last = Math.min(from + count, twin.orderCount);
      let text = '';
      for (let index = from; index < last; index += 1) text += `${JSON.stringify(twin.order(index))}\n`;
      return text;
    }
    case 'POST /__twin/faults':
      twin.setFaults(JSON.parse(await bodyOf(message)) as FaultRule[]);
      return '';
    default:
      return null;
  }
}

const twins = await startAll(process.argv.slice(2));
const server = createServer((message, response) => {
  control(twins, message).then(
    (text) => response.writeHead(text === null ? 404 : 200).end(text ?? ''),
    (error: unknown) => response.writeHead(400).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const told: Record<string, unknown> = {};
  for (const [vendor, { url, seed, epochMs, orderCount }] of twins)
    told[vendor] = { url, seed, epochMs, orders: orderCount };
  process.stdout.write(`${JSON.stringify({ control: `http://127.0.0.1:${String(port)}`, twins: told })}\n`);
});
process.stdin.on('close', () => process.exit(0));
process.stdin.resume();

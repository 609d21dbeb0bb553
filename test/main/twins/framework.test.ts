import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Faults, mix, names } from '../../../src/main/twins/faults.ts';
import type { FaultRule } from '../../../src/main/twins/faults.ts';
import { Ledger } from '../../../src/main/twins/ledger.ts';
import {
  beijingDigits,
  beijingInstant,
  beijingTime,
  buyer,
  createdAt,
  pick,
  Scatter,
} from '../../../src/main/twins/orders.ts';
import { closeTwins, startTwins, TWIN_CREDENTIALS, twinVendors } from '../../../src/main/twins/index.ts';
import { serveTwin } from '../../../src/main/twins/server.ts';
import type { PartFactory, Twin, TwinOptions } from '../../../src/main/twins/server.ts';

/** A vendor as small as can be: POST /act with an order number acts on it. */
const plain: PartFactory = ({ orders, vendorOptions }) => ({
  size: orders,
  orderNumber: (index) => `N${String(index)}`,
  indexOf: (order) => (/^N\d+$/.test(order) && Number(order.slice(1)) < orders ? Number(order.slice(1)) : -1),
  order: (index) => ({ index, number: `N${String(index)}` }),
  handle: (call) => {
    const order = call.body.toString();
    if (call.unknownOrders !== null) return { status: 400, body: `unknown ${call.unknownOrders.join()}` };
    if (order !== '') call.act(Number(order.slice(1)), order, 'set', call.path);
    return { status: 200, body: `acted on ${order}`, contentType: 'text/plain' };
  },
  limited: () =>
    vendorOptions['limit'] === 'close' ? 'close' : { status: 429, body: 'limit', headers: { 'X-Limit': 'yes' } },
  failed: (code, message) => ({ status: 200, body: `${code ?? '-'} ${message ?? '-'}` }),
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
  /** Whether the connection ended before the body did. */
  cut: boolean;
}

let twin: Twin;
let agent: Agent;

async function start(options: TwinOptions = {}): Promise<void> {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  twin = await serveTwin('pdd', plain, { orders: 100, now: () => 1_700_000_000_900, ...options });
}

afterEach(async () => {
  agent.destroy();
  await twin.close();
});

function send(body: string, path = '/act'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      twin.url + path,
      { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(body) } },
      (reply) => {
        const chunks: Buffer[] = [];
        const answer = (cut: boolean): void => {
          resolve({
            status: reply.statusCode ?? 0,
            headers: reply.headers,
            body: Buffer.concat(chunks).toString(),
            cut,
          });
        };
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => {
          answer(false);
        });
        reply.on('error', () => {
          answer(true);
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

const actions = (): string[] =>
  twin.ledger.actions.map((entry) => `${String(entry.requestSeq)} ${entry.order} ${entry.value}`);
const arrivals = (): string[] =>
  twin.ledger.arrivals.map(
    (one) => `${one.path} ${one.reusedConnection ? 'reused' : 'new'} ${String(one.status)} ${String(one.actedOrders)}`,
  );

describe('a twin', () => {
  it('is a real server on loopback with its own clock in the Date header', async () => {
    await start({ clockSkewMs: 100_000 });
    expect(twin.url).toBe(`http://127.0.0.1:${String(twin.port)}`);
    const answer = await send('N1', '/act?x=1');
    expect(answer).toMatchObject({ status: 200, body: 'acted on N1', cut: false });
    expect(answer.headers).toMatchObject({
      date: 'Tue, 14 Nov 2023 22:15:00 GMT',
      'content-type': 'text/plain',
      'content-length': '11',
    });
    twin.setClockSkew(-100_000);
    expect((await send('')).headers['date']).toBe('Tue, 14 Nov 2023 22:11:40 GMT');
    expect(twin.now()).toBe(1_700_000_000_900 - 100_000);
    expect(arrivals()).toEqual(['/act new 200 1', '/act reused 200 0']);
    expect([twin.orderCount, twin.seed, twin.epochMs, twin.vendor]).toEqual([100, 1, 1_700_000_100_900, 'pdd']);
    expect(twin.credentials).toEqual({
      appId: 'test_app_001',
      appSecret: 'test_secret_0123456789abcdef',
      sellerNick: 'pdd00000000001',
    });
  });

  it('takes credentials, seed and epoch as given, and refuses a port that is taken', async () => {
    await start({ credentials: { appSecret: 'other' }, seed: 9, epochMs: 5 });
    expect(twin.credentials).toMatchObject({ appId: 'test_app_001', appSecret: 'other' });
    expect([twin.seed, twin.epochMs]).toEqual([9, 5]);
    await expect(serveTwin('pdd', plain, { port: twin.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('calls its hooks when a request has arrived, was acted on, and was replied to', async () => {
    await start();
    const seen: string[] = [];
    const note = (what: string) => async (): Promise<void> => {
      await Promise.resolve();
      seen.push(`${what} ${String(twin.ledger.totals.arrivals)} ${String(twin.ledger.count('N5'))}`);
    };
    twin.onArrival = note('arrived');
    twin.onActed = note('acted');
    const replied = new Promise<void>((resolve) => {
      twin.afterReply = (call) => {
        seen.push(`replied ${String(call.seq)} ${call.body.toString()}`);
        resolve();
      };
    });
    expect((await send('N5')).body).toBe('acted on N5');
    await replied;
    expect(seen).toEqual(['arrived 1 0', 'acted 1 1', 'replied 1 N5']);
    expect([twin.onArrival, twin.onActed, twin.afterReply].every((hook) => typeof hook === 'function')).toBe(true);
  });

  it('does not act any more on what arrived when it is closed', async () => {
    await start();
    const closing: Promise<void>[] = [];
    twin.onArrival = () => {
      closing.push(twin.close());
    };
    await expect(send('N1')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await Promise.all(closing);
    expect(closing).toHaveLength(1);
    expect(twin.ledger.totals).toEqual({ arrivals: 1, actions: 0, orders: 0 });
  });

  it('ends the connection when its own part breaks, without an answer', async () => {
    await start({ orders: 2 });
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    await expect(send('N7')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await warned).message).toBe('no order 7 in this twin');
  });

  it('refuses to read more than sixteen mebibytes', async () => {
    await start();
    await expect(send('N'.repeat(16 * 1024 * 1024 + 1))).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|EPIPE/) as string,
    });
    expect(twin.ledger.totals.arrivals).toBe(0);
  });
});

describe('faults', () => {
  const acted = ['1 N1 /act'];
  it.each<[string, FaultRule, Partial<Answer> | 'lost', string[]]>([
    ['the limit', { kind: 'limit' }, { status: 429, body: 'limit' }, []],
    ['a block', { kind: 'block' }, { status: 429, body: 'limit' }, []],
    ['5xx', { kind: 'server_error' }, { status: 500, body: 'Internal Server Error' }, []],
    [
      '503 after acting',
      { kind: 'server_error', status: 503, acted: true, message: 'busy' },
      { status: 503, body: 'busy' },
      acted,
    ],
    ['a reset before', { kind: 'reset_before' }, 'lost', []],
    ['a reset after', { kind: 'reset_after' }, 'lost', acted],
    ['half a body', { kind: 'truncated' }, { status: 200, body: 'acted', cut: true }, acted],
    ['half a body, not acted on', { kind: 'truncated', acted: false }, 'lost', []],
    ['a page', { kind: 'html', message: '<p>' }, { status: 200, body: '<p>' }, []],
    [
      'a page after acting',
      { kind: 'html', status: 502, acted: true, message: '<p>' },
      { status: 502, body: '<p>' },
      acted,
    ],
    ['an empty body', { kind: 'empty' }, { status: 200, body: '', cut: false }, []],
    ['an empty 204 after acting', { kind: 'empty', status: 204, acted: true }, { status: 204, body: '' }, acted],
    ['a failure', { kind: 'failure', code: '7', message: 'no' }, { status: 200, body: '7 no' }, []],
    ['a failure after acting', { kind: 'failure', code: '7', acted: true }, { status: 200, body: '7 -' }, acted],
    ['a limit after acting', { kind: 'limit', acted: true }, { status: 429, body: 'limit' }, acted],
    ['a failure of its own choice', { kind: 'failure' }, { status: 200, body: '- -' }, []],
    ['an unknown order', { kind: 'unknown_order', when: { orders: ['N1'] } }, { status: 400, body: 'unknown N1' }, []],
    ['latency', { kind: 'latency', ms: 1 }, { status: 200, body: 'acted on N1' }, acted],
  ])('%s', async (_name, rule, expected, done) => {
    await start({ faults: [rule] });
    if (expected === 'lost') await expect(send('N1')).rejects.toMatchObject({ code: 'ECONNRESET' });
    else expect(await send('N1')).toMatchObject(expected);
    expect(actions()).toEqual(done);
    expect(twin.ledger.totals).toEqual({ arrivals: 1, actions: done.length, orders: done.length });
    expect(twin.ledger.arrivals[0]?.status).toBe(expected === 'lost' ? 0 : expected.status);
  });

  it('closes a reused connection after reading, never a new one, and counts one arrival', async () => {
    await start({ faults: [{ kind: 'close_reused', when: { nth: [1] } }] });
    expect((await send('N1')).status).toBe(200);
    await expect(send('N2')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await send('N3')).status).toBe(200);
    expect((await send('N4')).status).toBe(200);
    expect(actions()).toEqual(['1 N1 /act', '3 N3 /act', '4 N4 /act']);
    expect(arrivals()).toEqual(['/act new 200 1', '/act reused 0 0', '/act new 200 1', '/act reused 200 1']);
  });

  it('is silent after acting until the connection ends', async () => {
    await start({ faults: [{ kind: 'silent' }] });
    const handed = new Promise<void>((resolve) => {
      twin.afterReply = () => {
        resolve();
      };
    });
    const sent = send('N1');
    await handed;
    expect(actions()).toEqual(['1 N1 /act']);
    agent.destroy();
    await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('blocks for five minutes of the twin’s clock, or as long as told', async () => {
    let nowMs = 0;
    await start({ now: () => nowMs, faults: [{ kind: 'block', when: { nth: [1] } }] });
    const statuses: number[] = [];
    for (nowMs of [0, 299_999, 300_000]) statuses.push((await send('')).status);
    expect(statuses).toEqual([429, 429, 200]);
    twin.setFaults([{ kind: 'block', ms: 10, when: { nth: [1] } }]);
    for (nowMs of [400_000, 400_009, 400_010]) statuses.push((await send('')).status);
    expect(statuses.slice(3)).toEqual([429, 429, 200]);
  });

  it('closes the connection where the vendor’s limit does', async () => {
    await start({ vendorOptions: { limit: 'close' }, faults: [{ kind: 'limit', retryAfter: 3 }] });
    await expect(send('N1')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('adds Retry-After to the vendor’s own headers', async () => {
    await start({ faults: [{ kind: 'limit', retryAfter: 3 }] });
    expect((await send('N1')).headers).toMatchObject({ 'retry-after': '3', 'x-limit': 'yes' });
  });

  it('skews the clock of one request', async () => {
    await start({ faults: [{ kind: 'clock_skew', ms: -60_000, when: { nth: [2] } }] });
    const dates = [await send('N1'), await send('N1'), await send('N1')].map((answer) => answer.headers['date']);
    expect(dates).toEqual([
      'Tue, 14 Nov 2023 22:13:20 GMT',
      'Tue, 14 Nov 2023 22:12:20 GMT',
      'Tue, 14 Nov 2023 22:13:20 GMT',
    ]);
    expect(twin.ledger.acted('N1').map((entry) => entry.atMs)).toEqual([
      1_700_000_000_900, 1_699_999_940_900, 1_700_000_000_900,
    ]);
  });

  it('lets the first rule end the request and adds latency to it', async () => {
    await start({
      faults: [{ kind: 'latency', ms: 1, acted: true }, { kind: 'server_error', status: 502 }, { kind: 'limit' }],
    });
    expect((await send('N1')).status).toBe(502);
  });
});

describe('rules', () => {
  const subject = (path: string, body = '', reused = false, query = ''): Parameters<Faults['strike']>[0] => ({
    path,
    query,
    reused,
    bodyText: () => body,
  });
  const struck = (rules: FaultRule[], subjects: Parameters<Faults['strike']>[0][], seed = 1): boolean[] => {
    const faults = new Faults(seed);
    faults.set(rules);
    return subjects.map((one) => faults.strike(one).length > 0);
  };

  it('count nth among the requests that match path and orders', () => {
    const calls = ['/a', '/b', '/b', '/a', '/b'].map((path) => subject(path, 'N1'));
    expect(struck([{ kind: 'limit', when: { path: '/b', nth: [1, 3] } }], calls)).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(struck([{ kind: 'limit', when: { nth: [2] } }], calls)).toEqual([false, true, false, false, false]);
    const orders = [
      subject('/a', 'N12'),
      subject('/a', '["N1"]'),
      subject('/N1/x'),
      subject('/a', '', false, 'o=N1&b'),
    ];
    expect(struck([{ kind: 'limit', when: { orders: ['N9', 'N1'] } }], orders)).toEqual([false, true, true, true]);
  });

  it('strike a share of the requests, the same ones for the same seed', () => {
    const calls = Array.from({ length: 4000 }, () => subject('/a'));
    const rule: FaultRule = { kind: 'limit', when: { probability: 0.25 } };
    const first = struck([rule], calls, 5);
    expect(first.filter(Boolean).length / 4000).toBeCloseTo(0.25, 1);
    expect(struck([rule], calls, 5)).toEqual(first);
    expect(struck([rule], calls, 6)).not.toEqual(first);
    expect(struck([{ kind: 'limit', when: { probability: 0 } }], calls)).not.toContain(true);
    expect(struck([{ kind: 'limit', when: { probability: 1 } }], calls)).not.toContain(false);
  });

  it('start their counters anew when set', () => {
    const faults = new Faults(1);
    expect(faults.none).toBe(true);
    const rules: FaultRule[] = [{ kind: 'limit', when: { nth: [1] } }];
    faults.set(rules);
    expect(faults.none).toBe(false);
    expect([faults.strike(subject('/a')), faults.strike(subject('/a'))]).toEqual([rules, []]);
    faults.set(rules);
    expect(faults.strike(subject('/a'))).toEqual(rules);
  });

  it('find an order as a whole word only', () => {
    expect(['x N1', 'N1', '"N1",', 'N12 N1'].map((text) => names(text, 'N1'))).toEqual([true, true, true, true]);
    expect(['N12', 'AN1', '', 'N1a'].map((text) => names(text, 'N1'))).toEqual([false, false, false, false]);
  });
});

describe('the ledger', () => {
  const index = {
    size: 5,
    orderNumber: (at: number) => `N${String(at)}`,
    indexOf: (order: string) => Number(order.slice(1)),
  };

  it.each(['full', 'counts'] as const)('counts in mode %s', (mode) => {
    const ledger = new Ledger(mode, index);
    expect([...ledger.counted()]).toEqual([]);
    expect(ledger.count('N3')).toBe(0);
    const arrival = ledger.arrive('POST', '/x', false);
    for (const at of [3, 1, 3]) ledger.act(arrival, at, `N${String(at)}`, 'set', 'v', 9);
    expect(ledger.totals).toEqual({ arrivals: 1, actions: 3, orders: 2 });
    expect([...ledger.counted()]).toEqual([
      ['N1', 1],
      ['N3', 2],
    ]);
    expect([ledger.count('N3'), ledger.count('N0'), ledger.count('N-1'), ledger.count('N9')]).toEqual([2, 0, 0, 0]);
    expect(arrival.actedOrders).toBe(3);
    expect([ledger.actions.length, ledger.arrivals.length]).toEqual(mode === 'full' ? [3, 1] : [0, 0]);
  });

  it('keeps every action of an order in full mode, and says that counts does not', () => {
    const ledger = new Ledger('full', index);
    ledger.act(ledger.arrive('PUT', '/a', false), 2, 'N2', 'set', 'a', 1);
    ledger.act(ledger.arrive('PUT', '/b', true), 2, 'N2', 'set', 'b', 2);
    expect(ledger.acted('N2')).toEqual([
      { seq: 1, order: 'N2', action: 'set', value: 'a', atMs: 1, requestSeq: 1 },
      { seq: 2, order: 'N2', action: 'set', value: 'b', atMs: 2, requestSeq: 2 },
    ]);
    expect(ledger.acted('N1')).toEqual([]);
    expect(() => new Ledger('counts', index).acted('N2')).toThrow('use count(order)');
  });
});

describe('generated orders', () => {
  it('scatter leads back, and never to the same number twice', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 32 }), fc.nat(), (seed, bits, value) => {
        const scatter = new Scatter(seed, bits);
        const index = value % 2 ** bits;
        const to = scatter.to(index);
        expect(to).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThan(2 ** bits);
        expect(scatter.back(to)).toBe(index);
      }),
      { seed: 1, numRuns: 300 },
    );
    const byte = new Scatter(3, 8);
    expect(new Set(Array.from({ length: 256 }, (_, index) => byte.to(index))).size).toBe(256);
  });

  it('Beijing time goes there and back', () => {
    const ms = Date.UTC(2024, 4, 22, 3, 29, 1);
    expect([beijingTime(ms), beijingDigits(ms)]).toEqual(['2024-05-22 11:29:01', '20240522112901']);
    expect(beijingInstant('2024-05-22 11:29:01')).toBe(ms);
    for (const text of [
      '2024-05-22',
      '2024-02-30 00:00:00',
      '2024-05-22T11:29:01',
      '2024-13-01 00:00:00',
      '2024-05-22 24:00:00',
    ])
      expect(beijingInstant(text)).toBeNaN();
  });

  it('are made newest first over their span', () => {
    const times = Array.from({ length: 50 }, (_, index) => createdAt(4, index, 50, 1_700_000_000_000, 5_000_000));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(Math.max(...times)).toBeLessThanOrEqual(1_700_000_000_000);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1_700_000_000_000 - 5_001_000);
    expect(times.every((ms) => ms % 1000 === 0)).toBe(true);
  });

  it('have buyers who stay the same', () => {
    expect(buyer(1, 5)).toEqual(buyer(1, 5));
    expect(new Set(Array.from({ length: 100 }, (_, index) => buyer(1, index).mobile)).size).toBe(100);
    expect(mix(1, 2, 3)).not.toBe(mix(1, 3, 2));
    expect(() => pick([], 1)).toThrow(RangeError);
  });
});

describe('all twins', () => {
  it('start together with common options and a vendor’s own, each on its port', async () => {
    await start();
    const all = await startTwins({ orders: 3, seed: 2 }, { polyv: { orders: 5, credentials: { appSecret: 'own' } } });
    try {
      expect(Object.values(all).map((one) => [one.vendor, one.orderCount, one.seed])).toEqual([
        ['polyv', 5, 2],
        ['pdd', 3, 2],
        ['vending', 3, 2],
        ['suning', 3, 2],
      ]);
      expect(twinVendors).toEqual(['polyv', 'pdd', 'vending', 'suning']);
      expect(all.polyv.credentials).toEqual({ appId: 'testappid1', appSecret: 'own' });
      expect(all.suning.credentials).toMatchObject(TWIN_CREDENTIALS.suning);
      expect(new Set(Object.values(all).map((one) => one.port)).size).toBe(4);
      for (const one of Object.values(all)) expect(one.indexOf(one.orderNumber(2))).toBe(2);
    } finally {
      await closeTwins(all);
    }
    await expect(fetch(all.pdd.url)).rejects.toThrow();
  });
});

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import type { FailureClass, VendorFailure } from '../../../src/contract/outcome.ts';
import { EXPIRED_MS } from '../../../src/main/gateway/gateway.ts';
import type { GatewayOptions } from '../../../src/main/gateway/gateway.ts';
import { createRedactor } from '../../../src/main/gateway/redact.ts';
import { SECRET_IDLE_MS } from '../../../src/main/gateway/secrets.ts';
import type { Build, GatewayEvent } from '../../../src/main/gateway/types.ts';
import type {
  LookupOperation,
  LookupReading,
  PingOperation,
  Reply,
  SigningContext,
  UpdateOperation,
  UpdateReading,
  UpdateRow,
} from '../../../src/main/vendors/types.ts';
import { closedPort, fakeClock, gateway, post, serveHttp, serveTcp, twin } from './support.ts';

const words = { zh: '话', en: 'words' };
const failure = (code: string, failureClass: FailureClass): VendorFailure => ({
  code,
  message: 'm',
  class: failureClass,
  reading: words,
  remedy: words,
});
const textOf = (reply: Reply): string => Buffer.from(reply.body).toString('utf8');

/** What a test vendor's reply says, in one word. */
function read(
  reply: Reply,
):
  | { kind: 'ok' }
  | Extract<UpdateReading, { kind: 'rejected' | 'unreadable' }>
  | { kind: 'failed'; failure: VendorFailure } {
  const text = textOf(reply);
  if (text === 'limit') return { kind: 'rejected', failure: failure('L1', 'limit') };
  if (text === 'limit 700') return { kind: 'rejected', failure: failure('L1', 'limit'), retryAfterMs: 700 };
  if (text === 'clock') return { kind: 'rejected', failure: failure('C1', 'clock') };
  if (text === 'sign') return { kind: 'rejected', failure: failure('S1', 'sign') };
  if (text === 'failed') return { kind: 'failed', failure: failure('F1', 'state') };
  if (text === 'throw') throw new Error('reader');
  return text === 'ok' ? { kind: 'ok' } : { kind: 'unreadable', why: { zh: '怪', en: text } };
}

const request = (context: SigningContext): ReturnType<Build> => ({
  method: 'POST',
  url: `${context.baseUrl}/call`,
  headers: {},
  body: Buffer.from(context.nowMs.toString()),
  signedText: '',
  sign: '',
});
const base = { names: words, params: [], warnings: [] };
const update: UpdateOperation = {
  ...base,
  id: 'u',
  kind: 'update',
  rowFields: [],
  batchSize: 10,
  repeatable: 'never',
  checkParams: (value) => ({ ok: true, value, warnings: [] }),
  checkRow: (values) => ({ ok: true, value: { order: '1', values }, warnings: [] }),
  request: (_rows, _params, context) => request(context),
  read: (reply, rows, params, settings): UpdateReading => {
    if (textOf(reply) === 'batch') return { kind: 'batch_failed', failure: failure('B1', 'input') };
    if (textOf(reply) === 'short') return { kind: 'answered', rows: [] };
    const reading = read(reply);
    if (reading.kind === 'failed')
      return { kind: 'answered', rows: rows.map(() => ({ outcome: 'failed', failure: reading.failure })) };
    return reading.kind === 'ok'
      ? {
          kind: 'answered',
          rows: rows.map(() => ({ outcome: 'succeeded' })),
          requestId: `${params['a'] ?? ''}/${settings['format'] ?? ''}`,
        }
      : reading;
  },
};
const lookup: LookupOperation = {
  ...base,
  id: 'l',
  kind: 'lookup',
  columns: [],
  check: (value) => ({ ok: true, value, warnings: [] }),
  request: (params, cursor, context) => ({
    ...request(context),
    url: `${context.baseUrl}/call?q=${params['q'] ?? ''}&c=${cursor ?? 'null'}`,
  }),
  read: (reply, params, cursor, settings): LookupReading => {
    const reading = read(reply);
    return reading.kind === 'ok'
      ? { kind: 'page', rows: [], next: `${params['q'] ?? ''} ${cursor ?? 'null'} ${settings['format'] ?? ''}` }
      : reading;
  },
};
const ping: PingOperation = {
  ...base,
  id: 'p',
  kind: 'ping',
  proves: words,
  request,
  read: (reply) => {
    const reading = read(reply);
    return reading.kind === 'ok' ? { kind: 'ok', requestId: 'r-1' } : reading;
  },
};
const rows: readonly UpdateRow[] = [{ order: '1', values: {} }];

/** A server without a Date that answers with the texts in turn, the last again and again, and keeps the bodies that came. */
async function answers(
  ...texts: (string | ((request: IncomingMessage, response: ServerResponse) => void))[]
): Promise<{ port: number; bodies: string[] }> {
  const bodies: string[] = [];
  const port = await serveHttp((incoming, response) => {
    const chunks: Buffer[] = [];
    response.sendDate = false;
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const next = texts[Math.min(bodies.length, texts.length - 1)] ?? '';
      bodies.push(Buffer.concat(chunks).toString());
      if (typeof next === 'string') response.end(next);
      else next(incoming, response);
    });
  });
  return { port, bodies };
}

const reset = (incoming: IncomingMessage): void => void incoming.socket.resetAndDestroy();
const dated =
  (text: string, date: Date, headers: Record<string, string> = {}) =>
  (_incoming: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(200, { date: date.toUTCString(), ...headers }).end(text);

/** A sleep that takes no time but is written down. */
function noSleep(): {
  sleeps: number[];
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  now: () => number;
} {
  const sleeps: number[] = [];
  let now = Date.now();
  return {
    sleeps,
    now: () => now,
    sleep: (ms) => {
      sleeps.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

describe('prepare', () => {
  it('gives the operation credentials, settings, address and time, and makes the hash of what it built', async () => {
    const seen: SigningContext[] = [];
    const made = gateway({ now: () => 1_700_000_000_123 });
    const account = twin(8080, { settings: { zone: 'x' } });
    const prepared = await made.prepare(account, (context) => {
      seen.push(context);
      return post('/p?a=1', 'body 中')(context);
    });
    expect(seen).toEqual([
      {
        credentials: { appId: 'app-1', appSecret: 'secret-1' },
        settings: { format: 'xml', zone: 'x' },
        baseUrl: 'http://127.0.0.1:8080',
        nowMs: 1_700_000_000_123,
      },
    ]);
    expect(prepared.stampedAtMs).toBe(1_700_000_000_123);
    expect(prepared.account).toBe(account);
    expect(prepared.hash).toBe(createHash('sha256').update('POST http://127.0.0.1:8080/p?a=1\nbody 中').digest('hex'));
    expect((await made.prepare(account, post('/p', null))).hash).toBe(
      createHash('sha256').update('POST http://127.0.0.1:8080/p\n').digest('hex'),
    );
    const own = await made.prepare({ ...account, settings: { format: 'json' } }, (context) => ({
      ...post('/')(context),
      sign: context.settings['format'] ?? '',
    }));
    expect(own.request.sign).toBe('json');
  });

  it('stamps the time after the slot was won, and gives slots in order', async () => {
    const clock = fakeClock();
    const made = gateway({ now: clock.now, sleep: clock.sleep });
    const account = twin(8080, { pacing: { perSecond: 10, concurrency: 2_000 } });
    const stamps: number[] = [];
    for (let number = 0; number < 1_000; number++)
      void made.prepare(account, post('/')).then((prepared) => stamps.push(prepared.stampedAtMs));
    await clock.advance(100_000);
    expect(stamps.length).toBe(1_000);
    expect(stamps).toEqual(
      Array.from({ length: 1_000 }, (_, number) => 1_700_000_000_000 + (number === 0 ? 0 : number * 100 - 10)),
    );
  });

  it('asks for a secret once, however many wait, and again after it was forgotten or lay idle', async () => {
    let now = 1_000_000;
    let reads = 0;
    const made = gateway({
      secrets: (id) => {
        expect(id).toBe('twin-1');
        return Promise.resolve({ appSecret: `secret-${(++reads).toString()}` });
      },
      steadyNow: () => now,
    });
    const account = twin(8080, { pacing: { concurrency: 100 } });
    const secret: Build = (context) => ({ ...post('/')(context), sign: context.credentials['appSecret'] ?? '' });
    const take = async (): Promise<string> => {
      const prepared = await made.prepare(account, secret);
      prepared.release();
      return prepared.request.sign;
    };
    expect(new Set(await Promise.all(Array.from({ length: 50 }, take)))).toEqual(new Set(['secret-1']));
    now += SECRET_IDLE_MS - 1;
    expect(await take()).toBe('secret-1');
    now += SECRET_IDLE_MS - 1;
    expect(await take()).toBe('secret-1');
    now += SECRET_IDLE_MS;
    expect(await take()).toBe('secret-2');
    made.forget('someone-else');
    expect(await take()).toBe('secret-2');
    made.forget('twin-1');
    expect(await take()).toBe('secret-3');
    expect(SECRET_IDLE_MS).toBe(300_000);
  });

  it('passes the vault’s error on, takes no slot for it, and asks again the next time', async () => {
    let reads = 0;
    const locked = appError('KEYCHAIN_LOCKED', words, words);
    const made = gateway({ secrets: () => (++reads === 1 ? Promise.reject(locked) : Promise.resolve({})) });
    const account = twin(8080, { pacing: { concurrency: 1 } });
    await expect(made.prepare(account, post('/'))).rejects.toBe(locked);
    (await made.prepare(account, post('/'))).release();
    expect(reads).toBe(2);
  });

  it('gives the slot back when signing fails or the host is refused', async () => {
    const made = gateway();
    const account = twin(8080, { pacing: { concurrency: 1 } });
    for (let turn = 0; turn < 3; turn++) {
      await expect(
        made.prepare(account, () => {
          throw new Error('sign');
        }),
      ).rejects.toThrow('sign');
      await expect(
        made.prepare(account, (context) => ({ ...post('/')(context), url: 'https://evil.test/' })),
      ).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    }
    const prepared = await made.prepare(account, post('/'));
    prepared.release();
    prepared.release();
    const again = await made.prepare(account, post('/'));
    const stop = new AbortController();
    const waiting = made.prepare(account, post('/'), { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    again.release();
    await expect(made.prepare(account, post('/'), { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('for a dry run stamps a time long past and takes no slot', async () => {
    const made = gateway();
    const account = twin(8080, { pacing: { concurrency: 1 } });
    const held = await made.prepare(account, post('/'));
    const dry = await made.prepare(account, request, { expired: true });
    expect(dry.stampedAtMs).toBe(1_000_000_000_000);
    expect(EXPIRED_MS).toBe(1_000_000_000_000);
    expect(Buffer.from(dry.request.body ?? []).toString()).toBe('1000000000000');
    dry.release();
    const stop = new AbortController();
    const waiting = made.prepare(account, post('/'), { signal: stop.signal });
    stop.abort(new Error('still taken'));
    await expect(waiting).rejects.toThrow('still taken');
    held.release();
  });

  it('signs through the signer, and shows secrets to the redactor alone', async () => {
    const redactor = createRedactor();
    const made = gateway({
      redactor,
      signer: (account, build, context) => Promise.resolve({ ...build(context), sign: `relay of ${account.id}` }),
    });
    expect((await made.prepare(twin(8080), post('/'))).request.sign).toBe('relay of twin-1');
    expect(redactor.redact('a secret-1 b app-1')).toBe('a ••• b app-1');
  });

  it('follows a change of the account’s pacing, and of one’s own', async () => {
    const clock = fakeClock();
    const made = gateway({ now: clock.now, sleep: clock.sleep });
    const slow = twin(8080, { pacing: { perSecond: 0.001, concurrency: 1 } });
    const take = (account = slow): Promise<number> =>
      made.prepare(account, post('/')).then((prepared) => prepared.stampedAtMs - 1_700_000_000_000);
    expect(await take()).toBe(0);
    const waiting = take();
    made.pace(slow, { perSecond: Infinity });
    await clock.advance(0);
    made.pace(slow, { concurrency: 3 });
    expect(await waiting).toBe(0);
    expect(await take()).toBe(0);
    // Other settings of the same account keep what was set by hand.
    const stop = new AbortController();
    const fourth = made.prepare({ ...slow, label: 'new' }, post('/'), { signal: stop.signal });
    await clock.advance(1_000);
    stop.abort(new Error('three at once'));
    await expect(fourth).rejects.toThrow('three at once');
  });
});

describe('update', () => {
  const run = async (text: Parameters<typeof answers>[0], options: Partial<GatewayOptions> = {}): Promise<unknown> => {
    const { port } = await answers(text);
    const made = gateway(options);
    return made.update(await made.prepare(twin(port), request), update, rows, { a: 'p' });
  };

  it('is answered, and the reading has parameters and settings', async () => {
    expect(await run('ok')).toEqual({ kind: 'answered', rows: [{ outcome: 'succeeded' }], requestId: 'p/xml' });
    expect(await run('failed')).toEqual({
      kind: 'answered',
      rows: [{ outcome: 'failed', failure: failure('F1', 'state') }],
    });
    expect(await run('batch')).toEqual({ kind: 'batch_failed', failure: failure('B1', 'input') });
    expect(await run('sign')).toEqual({ kind: 'rejected', failure: failure('S1', 'sign') });
  });

  it('is unknown when the reply cannot be trusted', async () => {
    expect(await run('<html>')).toEqual({ kind: 'unknown', why: { zh: '怪', en: '<html>' } });
    expect(await run('throw')).toEqual({
      kind: 'unknown',
      why: {
        zh: '收到了应答，但控制台读它时出错，不能判断结果。',
        en: 'A reply came, but the console failed to read it, so the result cannot be told.',
      },
    });
    expect(await run('short')).toEqual({
      kind: 'unknown',
      why: {
        zh: '收到了应答，但其中的结果数与所发的订单数不符。',
        en: 'A reply came, but the number of results in it is not that of the orders sent.',
      },
    });
    expect(await run(reset)).toMatchObject({
      kind: 'unknown',
      why: { en: expect.stringContaining('the connection broke before a whole reply') as string },
    });
  });

  it('is rejected with our own code when surely nothing was sent', async () => {
    const port = await closedPort();
    const made = gateway();
    const end = await made.update(await made.prepare(twin(port), request), update, rows, {});
    expect(end).toEqual({
      kind: 'rejected',
      failure: {
        code: 'console.connect_failed',
        message: '',
        class: 'transport',
        reading: {
          zh: `没有发送：连接不上 127.0.0.1:${port.toString()}。`,
          en: `Nothing was sent: no connection to 127.0.0.1:${port.toString()} could be made.`,
        },
        remedy: {
          zh: '请检查网络、防火墙和账号的接口地址，稍后再试。',
          en: "Check the network, the firewall and the account's address, then try again.",
        },
      },
    });
  });

  it('is never repeated', async () => {
    for (const text of ['limit', 'clock', '<html>', reset]) {
      const { port, bodies } = await answers(text);
      const made = gateway();
      await made.update(await made.prepare(twin(port), request), update, rows, {});
      expect(bodies.length).toBe(1);
    }
  });

  it('with a limit backs the account off: its own wish, else Retry-After, else the vendor’s; and says so', async () => {
    const clock = fakeClock();
    const events: GatewayEvent[] = [];
    const retryAfter = (_incoming: IncomingMessage, response: ServerResponse): void =>
      void response.writeHead(429, { 'retry-after': '7' }).end('limit');
    const { port } = await answers('limit 700', retryAfter, 'limit', 'ok', 'limit');
    const made = gateway({ now: clock.now, sleep: clock.sleep, onEvent: (event) => events.push(event) });
    const account = twin(port);
    const waits: unknown[] = [];
    const starts: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const preparing = made.prepare(account, request);
      await clock.advance(20_000);
      const prepared = await preparing;
      starts.push(prepared.stampedAtMs - 1_700_000_000_000);
      const end = await made.update(prepared, update, rows, {});
      waits.push(end.kind === 'rejected' ? end.retryAfterMs : end.kind);
    }
    // 700; 7 s doubled; 2 s doubled twice; after a success the plain 2 s.
    expect(waits).toEqual([700, 14_000, 8_000, 'answered', 2_000]);
    expect(starts).toEqual([0, 20_700, 54_000, 68_000, 80_000]);
    const offs = events.filter((event) => event.kind === 'backing_off');
    expect(offs.map((event) => event.accountId)).toEqual(['twin-1', 'twin-1', 'twin-1', 'twin-1']);
    expect(offs[0]).toEqual({
      kind: 'backing_off',
      accountId: 'twin-1',
      untilMs: 1_700_000_020_700,
      failure: failure('L1', 'limit'),
    });
  });

  it('tells one back-off once, however many calls under way are refused', async () => {
    const events: GatewayEvent[] = [];
    const { port } = await answers('limit');
    const made = gateway({ onEvent: (event) => events.push(event), steadyNow: () => 5 });
    const account = twin(port);
    const prepared = await Promise.all(Array.from({ length: 8 }, () => made.prepare(account, request)));
    const ends = await Promise.all(prepared.map((call) => made.update(call, update, rows, {})));
    expect(ends.map((end) => end.kind === 'rejected' && end.retryAfterMs)).toEqual(
      Array.from({ length: 8 }, () => 2_000),
    );
    expect(events.filter((event) => event.kind === 'backing_off').length).toBe(1);
  });
});

describe('the vendor’s clock', () => {
  it('is learnt from replies, told once, and stamps the next call', async () => {
    const now = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
    const events: GatewayEvent[] = [];
    const { port, bodies } = await answers(dated('ok', new Date(now + 252_000)));
    const made = gateway({ now: () => now, steadyNow: () => 0, onEvent: (event) => events.push(event) });
    const account = twin(port);
    expect(made.clockOffset(account)).toBeNull();
    expect(made.vendorNow(account)).toBe(now);
    for (let turn = 0; turn < 3; turn++) await made.update(await made.prepare(account, request), update, rows, {});
    expect(bodies.map((body) => Number(body) - now)).toEqual([0, 252_000, 252_000]);
    expect(events).toEqual([{ kind: 'clock', accountId: 'twin-1', offsetMs: 252_000, warn: true }]);
    expect(made.clockOffset(account)).toBe(252_000);
    expect(made.vendorNow(account)).toBe(now + 252_000);
  });

  it.each([
    [30_000, false],
    [31_000, true],
    [-31_000, true],
  ])('%i ms off: warned of %s', async (offset, warn) => {
    const now = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
    const events: GatewayEvent[] = [];
    const { port } = await answers(dated('ok', new Date(now + offset)));
    const made = gateway({ now: () => now, steadyNow: () => 0, onEvent: (event) => events.push(event) });
    await made.commit(await made.prepare(twin(port), request));
    expect(events).toEqual([{ kind: 'clock', accountId: 'twin-1', offsetMs: offset, warn }]);
  });

  it('is not learnt from a reply out of a cache, nor told when it is right', async () => {
    const now = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
    const events: GatewayEvent[] = [];
    const { port } = await answers(
      dated('ok', new Date(now - 900_000), { age: '900' }),
      dated('ok', new Date(now + 1_000)),
    );
    const made = gateway({ now: () => now, steadyNow: () => 0, onEvent: (event) => events.push(event) });
    const account = twin(port);
    await made.commit(await made.prepare(account, request));
    expect(made.clockOffset(account)).toBeNull();
    await made.commit(await made.prepare(account, request));
    expect(made.clockOffset(account)).toBe(1_000);
    expect(made.vendorNow(account)).toBe(now);
    expect(events).toEqual([]);
  });

  it('is learnt anew from a reply that refuses the stamp', async () => {
    const now = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
    const right = dated('ok', new Date(now));
    const { port, bodies } = await answers(right, right, dated('clock', new Date(now + 600_000)), right);
    const made = gateway({ now: () => now, steadyNow: () => 0 });
    const account = twin(port);
    for (let turn = 0; turn < 4; turn++) await made.update(await made.prepare(account, request), update, rows, {});
    expect(bodies.map((body) => Number(body) - now)).toEqual([0, 0, 0, 600_000]);
  });
});

describe('lookup', () => {
  it('gives the page that was read', async () => {
    const paths: string[] = [];
    const port = await serveHttp((incoming, response) => {
      paths.push(incoming.url ?? '');
      response.end('ok');
    });
    const made = gateway();
    expect(await made.lookup(twin(port), lookup, { q: 'a' }, 'c2')).toEqual({
      kind: 'page',
      rows: [],
      next: 'a c2 xml',
    });
    expect(await made.lookup(twin(port), lookup, { q: 'a' }, null)).toEqual({
      kind: 'page',
      rows: [],
      next: 'a null xml',
    });
    expect(paths).toEqual(['/call?q=a&c=c2', '/call?q=a&c=null']);
  });

  it.each([
    ['failed', { kind: 'failed', failure: failure('F1', 'state') }],
    ['sign', { kind: 'rejected', failure: failure('S1', 'sign') }],
  ])('%s is given back after one call', async (text, end) => {
    const { port, bodies } = await answers(text);
    expect(await gateway().lookup(twin(port), lookup, {}, null)).toEqual(end);
    expect(bodies.length).toBe(1);
  });

  it('waits limits out', async () => {
    const time = noSleep();
    const { port, bodies } = await answers('limit', 'limit', 'ok');
    const made = gateway({ now: time.now, sleep: time.sleep });
    expect(await made.lookup(twin(port), lookup, {}, null)).toMatchObject({ kind: 'page' });
    expect(bodies.length).toBe(3);
    expect(time.sleeps).toEqual([2_000, 4_000]);
  });

  it('gives up after the sixth limit', async () => {
    const time = noSleep();
    const { port, bodies } = await answers('limit');
    const made = gateway({ now: time.now, sleep: time.sleep });
    expect(await made.lookup(twin(port), lookup, {}, null)).toEqual({
      kind: 'rejected',
      failure: failure('L1', 'limit'),
      retryAfterMs: 64_000,
    });
    expect(bodies.length).toBe(6);
  });

  it('re-signs once after a clock error, with the time just learnt', async () => {
    const now = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
    const wrong = dated('clock', new Date(now + 600_000));
    const good = await answers(wrong, 'ok');
    const made = gateway({ now: () => now, steadyNow: () => 0 });
    expect(await made.lookup(twin(good.port), lookup, {}, null)).toMatchObject({ kind: 'page' });
    expect(good.bodies.map((body) => Number(body) - now)).toEqual([0, 600_000]);
    const bad = await answers(wrong);
    expect(await made.lookup(twin(bad.port, { id: 'other' }), lookup, {}, null)).toEqual({
      kind: 'rejected',
      failure: failure('C1', 'clock'),
    });
    expect(bad.bodies.length).toBe(2);
  });

  it('reads again after a broken or strange reply, three times in all', async () => {
    const time = noSleep();
    const options = { now: time.now, sleep: time.sleep };
    const mended = await answers(reset, '<html>', 'ok');
    expect(await gateway(options).lookup(twin(mended.port), lookup, {}, null)).toMatchObject({ kind: 'page' });
    expect(time.sleeps).toEqual([200, 400]);
    const broken = await answers('<html>');
    expect(await gateway(options).lookup(twin(broken.port), lookup, {}, null)).toEqual({
      kind: 'unknown',
      why: { zh: '怪', en: '<html>' },
    });
    expect(broken.bodies.length).toBe(3);
    const thrown = await answers('throw');
    expect(await gateway(options).lookup(twin(thrown.port), lookup, {}, null)).toMatchObject({ kind: 'unknown' });
    const cut = await answers(reset);
    expect(await gateway(options).lookup(twin(cut.port), lookup, {}, null)).toMatchObject({ kind: 'unknown' });
    expect(cut.bodies.length).toBe(3);
  });

  it('tries a connection three times', async () => {
    const time = noSleep();
    const port = await closedPort();
    const made = gateway({ now: time.now, sleep: time.sleep });
    expect(await made.lookup(twin(port), lookup, {}, null)).toMatchObject({
      kind: 'rejected',
      failure: { code: 'console.connect_failed', class: 'transport' },
    });
    expect(time.sleeps).toEqual([200, 400]);
  });

  it('does not try again what can’t get better', async () => {
    const time = noSleep();
    const made = gateway({ now: time.now, sleep: time.sleep });
    const invalid: LookupOperation = {
      ...lookup,
      request: (_p, _c, context) => ({ ...request(context), headers: { 'bad name': '' } }),
    };
    expect(await made.lookup(twin(await closedPort()), invalid, {}, null)).toMatchObject({
      kind: 'rejected',
      failure: { code: 'console.request_invalid' },
    });
    expect(time.sleeps).toEqual([]);
  });

  it('ends at once when it is given up: waiting, under way, or between tries', async () => {
    const { port } = await answers(() => undefined);
    const made = gateway();
    const account = twin(port, { pacing: { concurrency: 1 } });
    const stop = new AbortController();
    const under = made.lookup(account, lookup, {}, null, { signal: stop.signal });
    const waiting = made.lookup(account, lookup, {}, null, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 30);
    await expect(under).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    (await made.prepare(account, request)).release();

    const strange = await answers('<html>');
    const between = new AbortController();
    const patient = gateway({
      sleep: (_ms, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
          between.abort(new Error('between'));
        }),
    });
    await expect(patient.lookup(twin(strange.port), lookup, {}, null, { signal: between.signal })).rejects.toThrow(
      'between',
    );
    expect(strange.bodies.length).toBe(1);
  });

  it('passes on what prepare refuses', async () => {
    const away: LookupOperation = {
      ...lookup,
      request: (_p, _c, context) => ({ ...request(context), url: 'https://evil.test/' }),
    };
    await expect(gateway().lookup(twin(8080), away, {}, null)).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  });
});

describe('ping', () => {
  it('says ok with the clock’s offset', async () => {
    const now = Date.UTC(2026, 0, 1, 8, 0, 0, 500);
    const { port } = await answers(dated('ok', new Date(now + 5_000)));
    expect(await gateway({ now: () => now, steadyNow: () => 0 }).ping(twin(port), ping)).toEqual({
      ok: true,
      requestId: 'r-1',
      clockOffsetMs: 5_000,
    });
    const silent = await serveTcp((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')),
    );
    const plain: PingOperation = { ...ping, read: () => ({ kind: 'ok' }) };
    expect(await gateway().ping(twin(silent), plain)).toEqual({ ok: true, clockOffsetMs: 0 });
  });

  it('says what failed', async () => {
    const time = noSleep();
    const options = { now: time.now, sleep: time.sleep };
    const end = async (text: string): Promise<unknown> => gateway(options).ping(twin((await answers(text)).port), ping);
    expect(await end('failed')).toEqual({ ok: false, failure: failure('F1', 'state') });
    expect(await end('sign')).toEqual({ ok: false, failure: failure('S1', 'sign') });
    expect(await end('<html>')).toEqual({ ok: false, why: { zh: '怪', en: '<html>' } });
    await expect(gateway().ping(twin(8080), ping, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow(
      'no',
    );
  });
});

describe('close', () => {
  it('lets a call end and closes its connection; no call is sent after it is opened anew', async () => {
    let open = 0;
    const port = await serveTcp((socket) => {
      open++;
      socket.on('close', () => open--);
      socket.on('data', () => setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 20));
    });
    const made = gateway();
    const call = made.commit(await made.prepare(twin(port), request));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await made.close();
    expect(await call).toMatchObject({ kind: 'replied' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(open).toBe(0);
  });
});

import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExchangeEnd } from '../../../src/main/gateway/exchange.ts';
import { CutShort, Exchange } from '../../../src/main/gateway/exchange.ts';
import { later, serveTcp } from './support.ts';

const limits = { maxBodyBytes: 100, headersMs: 5_000, bodyMs: 5_000 };

/** A server that counts the requests that arrive and answers each with 204 after 20 ms. */
async function counting(): Promise<{ pool: Pool; arrivals: () => number }> {
  let arrivals = 0;
  const port = await serveTcp((socket) =>
    socket.on('data', () => {
      arrivals++;
      setTimeout(() => socket.write('HTTP/1.1 204 No Content\r\n\r\n'), 20);
    }),
  );
  const pool = new Pool(`http://127.0.0.1:${port.toString()}`, { connections: 1 });
  later(() => pool.destroy());
  return { pool, arrivals: () => arrivals };
}

function exchange(): { handler: Exchange; ends: ExchangeEnd[]; over: Promise<void> } {
  const ends: ExchangeEnd[] = [];
  let done: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (done = resolve));
  const handler = new Exchange(limits, (end) => {
    ends.push(end);
    done();
  });
  return { handler, ends, over };
}

const codes = (ends: readonly ExchangeEnd[]): unknown[] =>
  ends.map((end) =>
    end.ok ? end.status : [end.started, end.error instanceof CutShort ? end.error.code : String(end.error)],
  );

const options: Dispatcher.DispatchOptions = { path: '/', method: 'POST', body: 'a' };

describe('an exchange', () => {
  it('refuses to be sent a second time, and counts as lost then', async () => {
    const { pool, arrivals } = await counting();
    const { handler, ends, over } = exchange();
    pool.dispatch(options, handler);
    pool.dispatch(options, handler);
    await over;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(codes(ends)).toEqual([204]);
    expect(arrivals()).toBe(1);

    const again = exchange();
    const controller = {} as Dispatcher.DispatchController;
    again.handler.onRequestStart(controller);
    expect(() => again.handler.onRequestStart(controller)).toThrow('GATEWAY_SECOND_SEND');
    expect(codes(again.ends)).toEqual([[true, 'GATEWAY_SECOND_SEND']]);
  });

  it('that is given up before its turn is never written', async () => {
    const { pool, arrivals } = await counting();
    const first = exchange();
    const second = exchange();
    pool.dispatch(options, first.handler);
    pool.dispatch(options, second.handler);
    second.handler.abort();
    expect(codes(second.ends)).toEqual([[false, 'GATEWAY_ABORTED']]);
    await first.over;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(codes(first.ends)).toEqual([204]);
    expect(codes(second.ends)).toEqual([[false, 'GATEWAY_ABORTED']]);
    expect(arrivals()).toBe(1);
  });

  it('that is given up under way may have arrived', async () => {
    const { pool, arrivals } = await counting();
    const { handler, ends } = exchange();
    pool.dispatch(options, handler);
    while (arrivals() === 0) await new Promise((resolve) => setImmediate(resolve));
    handler.abort();
    handler.abort();
    expect(codes(ends)).toEqual([[true, 'GATEWAY_ABORTED']]);
  });

  it('that waits in a pool which is closed by force was not sent', async () => {
    const { pool } = await counting();
    const first = exchange();
    const second = exchange();
    pool.dispatch(options, first.handler);
    pool.dispatch(options, second.handler);
    await pool.destroy();
    expect(second.ends[0]).toMatchObject({ ok: false, started: false });
  });
});

describe('the time limits of an exchange', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** An exchange whose head may take 1000 ms and its body 300 ms, and what undici is told. */
  function started(): {
    handler: Exchange;
    ends: ExchangeEnd[];
    aborted: unknown[];
    it: Dispatcher.DispatchController;
  } {
    const ends: ExchangeEnd[] = [];
    const aborted: unknown[] = [];
    const handler = new Exchange({ maxBodyBytes: 4, headersMs: 1_000, bodyMs: 300 }, (end) => ends.push(end));
    const controller = { abort: (reason: unknown) => aborted.push(reason) } as unknown as Dispatcher.DispatchController;
    handler.onRequestStart(controller);
    return { handler, ends, aborted, it: controller };
  }
  const reasons = (aborted: readonly unknown[]): unknown[] =>
    aborted.map((reason) => reason instanceof CutShort && [reason.name, reason.code]);

  it('end it when no head has come, and tell undici', () => {
    const { ends, aborted } = started();
    vi.advanceTimersByTime(999);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(codes(ends)).toEqual([[true, 'UND_ERR_HEADERS_TIMEOUT']]);
    expect(reasons(aborted)).toEqual([['CutShort', 'UND_ERR_HEADERS_TIMEOUT']]);
  });

  it('run on through interim replies', () => {
    const { handler, ends, it: controller } = started();
    vi.advanceTimersByTime(900);
    handler.onResponseStart(controller, 199, { link: 'x' });
    vi.advanceTimersByTime(100);
    expect(codes(ends)).toEqual([[true, 'UND_ERR_HEADERS_TIMEOUT']]);
  });

  it('begin again with the head, for the body', () => {
    const { handler, ends, it: controller } = started();
    vi.advanceTimersByTime(900);
    handler.onResponseStart(controller, 200, {});
    vi.advanceTimersByTime(299);
    expect(ends).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(codes(ends)).toEqual([[true, 'UND_ERR_BODY_TIMEOUT']]);
  });

  it('are over with the reply', () => {
    const { handler, ends, aborted, it: controller } = started();
    handler.onResponseStart(controller, 201, { a: ['1', '2'], b: '3', c: undefined });
    handler.onResponseData(controller, Buffer.from('ab'));
    handler.onResponseData(controller, Buffer.from('cd'));
    handler.onResponseEnd();
    expect(vi.getTimerCount()).toBe(0);
    expect(ends).toEqual([{ ok: true, status: 201, headers: { a: '1, 2', b: '3' }, body: Buffer.from('abcd') }]);
    expect(aborted).toEqual([]);
  });

  it('are over with an error, and the first end stays', () => {
    const { handler, ends, it: controller } = started();
    handler.onResponseError(controller, new Error('gone'));
    handler.onResponseEnd();
    expect(vi.getTimerCount()).toBe(0);
    expect(codes(ends)).toEqual([[true, 'Error: gone']]);
  });
});

describe('the parts of a reply', () => {
  const controller = {} as Dispatcher.DispatchController;

  it('that come in one piece are not copied, and none are an empty body', () => {
    const one = exchange();
    const piece = Buffer.from('all');
    one.handler.onResponseData(controller, piece);
    one.handler.onResponseEnd();
    expect(one.ends[0]?.ok === true && one.ends[0].body).toBe(piece);
    const none = exchange();
    none.handler.onResponseEnd();
    expect(none.ends[0]?.ok === true && none.ends[0].body.length).toBe(0);
  });

  it('may be as many bytes as the limit says', () => {
    const { handler, ends } = exchange();
    handler.onResponseData(controller, Buffer.alloc(60));
    handler.onResponseData(controller, Buffer.alloc(40));
    expect(ends).toEqual([]);
    handler.onResponseData(controller, Buffer.alloc(1));
    expect(codes(ends)).toEqual([[false, 'GATEWAY_TOO_LARGE']]);
  });

  it('never begin once it was given up', () => {
    const { handler, ends } = exchange();
    handler.abort();
    expect(() => handler.onRequestStart(controller)).toThrow('GATEWAY_ABORTED');
    handler.onResponseError(controller, new Error('late'));
    expect(codes(ends)).toEqual([[false, 'GATEWAY_ABORTED']]);
  });

  it('that fail before the request was begun were not sent', () => {
    const { handler, ends } = exchange();
    handler.onResponseError(controller, new Error('refused'));
    expect(codes(ends)).toEqual([[false, 'Error: refused']]);
  });
});

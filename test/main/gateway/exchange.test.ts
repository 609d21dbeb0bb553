import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
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

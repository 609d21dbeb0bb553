import { describe, expect, it } from 'vitest';
import type { VendorFailure } from '../../../src/contract/outcome.ts';
import { createLog } from '../../../src/main/gateway/log.ts';
import { createRedactor } from '../../../src/main/gateway/redact.ts';
import type { UpdateOperation } from '../../../src/main/vendors/types.ts';
import { gateway, post, serveHttp, serveTcp, twin } from './support.ts';

const words = { zh: '话', en: 'words' };

describe('a prepared call', () => {
  it('that is committed twice at once is sent once', async () => {
    let arrivals = 0;
    const port = await serveHttp((_request, response) => {
      arrivals++;
      setTimeout(() => response.end('ok'), 20);
    });
    const made = gateway();
    const prepared = await made.prepare(twin(port), post('/'));
    const ends = await Promise.all([made.commit(prepared), made.commit(prepared)]);
    expect(ends.map(({ kind }) => kind)).toEqual(['replied', 'not_sent']);
    expect(ends[1].kind === 'not_sent' && [ends[1].error.code, ends[1].error.data]).toEqual([
      'REQUEST_INVALID',
      { what: 'prepared' },
    ]);
    expect(arrivals).toBe(1);
  });
});

describe('a vendor that sends a secret back', () => {
  const secret = 'very-secret-value-1';
  const operation: UpdateOperation = {
    id: 'u',
    kind: 'update',
    names: words,
    params: [],
    warnings: [],
    rowFields: [],
    batchSize: 1,
    repeatable: 'never',
    checkParams: (value) => ({ ok: true, value, warnings: [] }),
    checkRow: (values) => ({ ok: true, value: { order: '1', values }, warnings: [] }),
    request: (_rows, _params, context) => post('/')(context),
    read: (reply) => {
      const text = Buffer.from(reply.body).toString('utf8');
      if (text === 'throw') throw new Error(`cannot read ${secret}`);
      const failure: VendorFailure = { code: 'F1', message: text, class: 'input', reading: words, remedy: words };
      return { kind: 'answered', rows: [{ outcome: 'failed', failure }] };
    },
  };

  async function update(answer: string): Promise<{ end: unknown; log: string }> {
    const port = await serveHttp((_request, response) => void response.end(answer));
    const redactor = createRedactor();
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), redactor, level: 'debug' });
    const made = gateway({ secrets: () => Promise.resolve({ appSecret: secret }), redactor, log });
    const rows = [{ order: '1', values: {} }];
    const prepared = await made.prepare(twin(port), (context) => operation.request(rows, {}, context));
    return { end: await made.update(prepared, operation, rows, {}), log: lines.join('') };
  }

  it('has it hidden in what is journalled', async () => {
    const { end, log } = await update(`bad sign of ${secret}`);
    expect(end).toMatchObject({ kind: 'answered', rows: [{ outcome: 'failed', failure: { code: 'F1' } }] });
    expect(JSON.stringify(end)).toContain('bad sign of ');
    expect(JSON.stringify(end) + log).not.toContain(secret);
    expect(log).toContain('"event":"call","account":"twin-1"');
  });

  it('has it hidden in the log of a reply that could not be read', async () => {
    const { end, log } = await update('throw');
    expect(end).toMatchObject({ kind: 'unknown' });
    expect(log).toContain('"event":"read_failed","account":"twin-1","status":200');
    expect(log).toContain('cannot read ');
    expect(JSON.stringify(end) + log).not.toContain(secret);
  });
});

describe('a call that is lost', () => {
  it('stands in the log with its account and host', async () => {
    const port = await serveTcp((socket) => socket.on('data', () => socket.resetAndDestroy()));
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), redactor: createRedactor() });
    const made = gateway({ log });
    await made.commit(await made.prepare(twin(port), post('/')));
    expect(JSON.parse(lines.join(''))).toMatchObject({
      level: 'warn',
      event: 'call_lost',
      account: 'twin-1',
      host: `127.0.0.1:${port}`,
      error: { code: 'CONNECTION_LOST' },
    });
  });
});

import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TransportEnd } from '../../../src/main/gateway/types.ts';
import { closedPort, gateway, later, post, serveHttp, serveTcp, twin } from './support.ts';

/** For what must run out of time; elsewhere a busy machine would. */
const quick = { connectMs: 400, headersMs: 60, bodyMs: 60 };

/** How one call to a server ends, as one word and a code. */
async function call(port: number, path = '/', options: Parameters<typeof gateway>[0] = {}): Promise<TransportEnd> {
  const made = gateway(options);
  return made.commit(await made.prepare(twin(port), post(path)));
}

const verdict = (end: TransportEnd): string =>
  end.kind === 'replied' ? `replied ${end.reply.status.toString()}` : `${end.kind} ${end.error.code}`;

/** Answers every request on a connection with those bytes, once its head and body have come. */
function answering(bytes: string, then: (socket: Socket) => void = () => undefined): Promise<number> {
  return serveTcp((socket) => {
    socket.on('data', () => {
      socket.write(bytes);
      then(socket);
    });
  });
}

describe('a call that gets a whole reply', () => {
  it('sends the exact bytes and gives status, headers and body back', async () => {
    const seen: string[] = [];
    const port = await serveTcp((socket) => {
      socket.on('data', (data) => {
        seen.push(data.toString('latin1'));
        socket.write('HTTP/1.1 418 Teapot\r\nX-Two: a\r\nX-Two: b\r\nContent-Length: 5\r\n\r\nhello');
      });
    });
    const end = await call(port, '/a%20b?x=1&y=%E4%B8%AD');
    expect(seen).toEqual([
      `POST /a%20b?x=1&y=%E4%B8%AD HTTP/1.1\r\nhost: 127.0.0.1:${port.toString()}\r\nconnection: keep-alive\r\n` +
        'accept-encoding: identity\r\ncontent-type: text/plain\r\ncontent-length: 7\r\n\r\norder=1',
    ]);
    expect(end).toMatchObject({
      kind: 'replied',
      reply: { status: 418, headers: { 'x-two': 'a, b', 'content-length': '5' } },
    });
    expect(end.kind === 'replied' && Buffer.from(end.reply.body).toString()).toBe('hello');
    expect(end.kind === 'replied' && end.elapsedMs >= 0).toBe(true);
  });

  it('puts the chunks of a body together', async () => {
    const end = await call(
      await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n'),
    );
    expect(end.kind === 'replied' && Buffer.from(end.reply.body).toString()).toBe('abcdefg');
  });

  it('takes an empty body and interim replies', async () => {
    const port = await answering(
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    );
    const end = await call(port);
    expect(end).toMatchObject({ kind: 'replied', reply: { status: 200, headers: { 'content-length': '0' } } });
    expect(end.kind === 'replied' && end.reply.body.length).toBe(0);
    expect(end.kind === 'replied' && 'link' in end.reply.headers).toBe(false);
  });

  it('does not follow a redirect', async () => {
    const paths: string[] = [];
    const port = await serveHttp((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(verdict(await call(port, '/first'))).toBe('replied 307');
    expect(paths).toEqual(['/first']);
  });

  it('sends no body and no length with a null body of a GET', async () => {
    const heads: string[] = [];
    const port = await serveTcp((socket) => {
      socket.on('data', (data) => {
        heads.push(data.toString());
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const made = gateway();
    const build = (): ReturnType<ReturnType<typeof post>> => ({
      method: 'GET',
      url: `http://127.0.0.1:${port.toString()}?a=1`,
      headers: {},
      body: null,
      signedText: '',
      sign: '',
    });
    await made.commit(await made.prepare(twin(port), build));
    expect(heads).toEqual([
      `GET /?a=1 HTTP/1.1\r\nhost: 127.0.0.1:${port.toString()}\r\nconnection: keep-alive\r\naccept-encoding: identity\r\n\r\n`,
    ]);
  });
});

describe('a call of which surely no byte left', () => {
  it('is not_sent when the connection is refused', async () => {
    const port = await closedPort();
    const end = await call(port);
    expect(verdict(end)).toBe('not_sent CONNECT_FAILED');
    expect(end.kind === 'not_sent' && end.error.data).toEqual({
      host: `127.0.0.1:${port.toString()}`,
      code: 'ECONNREFUSED',
    });
    expect(end.kind === 'not_sent' && end.error.say('en')).toBe(
      `Nothing was sent: no connection to 127.0.0.1:${port.toString()} could be made. Check the network, the firewall and the account's address, then try again.`,
    );
  });

  it('is not_sent when a header or a path cannot be written', async () => {
    let arrivals = 0;
    const port = await serveTcp(() => arrivals++);
    const made = gateway({ timeouts: quick });
    const bad = (headers: Record<string, string>) => (): ReturnType<ReturnType<typeof post>> => ({
      method: 'POST',
      url: `http://127.0.0.1:${port.toString()}/`,
      headers,
      body: null,
      signedText: '',
      sign: '',
    });
    for (const headers of [
      { 'x-a': 'b\r\nx-c: d' },
      { 'bad name': 'x' },
      { expect: '100-continue' },
      { 'content-length': '-1' },
    ] as Record<string, string>[]) {
      const end = await made.commit(await made.prepare(twin(port), bad(headers)));
      expect(verdict(end)).toBe('not_sent REQUEST_INVALID');
      expect(end.kind === 'not_sent' && end.error.data).toEqual({ what: 'request' });
    }
    expect(arrivals).toBe(0);
  });

  it('is not_sent when a call is committed twice, after its release, or with an expired stamp', async () => {
    let arrivals = 0;
    const port = await serveHttp((_request, response) => {
      arrivals++;
      response.end('ok');
    });
    const made = gateway();
    const prepared = await made.prepare(twin(port), post('/'));
    expect(verdict(await made.commit(prepared))).toBe('replied 200');
    expect(verdict(await made.commit(prepared))).toBe('not_sent REQUEST_INVALID');
    const released = await made.prepare(twin(port), post('/'));
    released.release();
    expect(verdict(await made.commit(released))).toBe('not_sent REQUEST_INVALID');
    const expired = await made.prepare(twin(port), post('/'), { expired: true });
    expect(verdict(await made.commit(expired))).toBe('not_sent REQUEST_INVALID');
    expect(
      verdict(await made.commit({ ...prepared, hash: '', request: prepared.request, release: () => undefined })),
    ).toBe('not_sent REQUEST_INVALID');
    expect(arrivals).toBe(1);
  });
});

describe('a call that may have arrived', () => {
  const lost: readonly (readonly [string, string, () => Promise<number>])[] = [
    [
      'reset after the request',
      'CONNECTION_LOST',
      () => serveTcp((socket) => socket.on('data', () => socket.resetAndDestroy())),
    ],
    ['closed after the request', 'CONNECTION_LOST', () => serveTcp((socket) => socket.on('data', () => socket.end()))],
    [
      'closed within the head',
      'CONNECTION_LOST',
      () => answering('HTTP/1.1 200 OK\r\nContent-Le', (socket) => socket.end()),
    ],
    [
      'closed within a counted body',
      'CONNECTION_LOST',
      () => answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', (socket) => socket.end()),
    ],
    [
      'reset within a counted body',
      'CONNECTION_LOST',
      () =>
        answering('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc', (socket) =>
          setTimeout(() => socket.resetAndDestroy(), 20),
        ),
    ],
    [
      'closed within a chunked body',
      'CONNECTION_LOST',
      () => answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', (socket) => socket.end()),
    ],
    ['a reply that is no HTTP', 'CONNECTION_LOST', () => answering('220 mail.example ESMTP\r\n')],
    [
      'a switch of protocols',
      'CONNECTION_LOST',
      () => answering('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    ],
    ['no head in time', 'TIMED_OUT', () => serveTcp((socket) => void socket.resume())],
    ['a head that stops', 'TIMED_OUT', () => answering('HTTP/1.1 200 OK\r\n')],
    ['a body that stops', 'TIMED_OUT', () => answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')],
  ];
  it.each(lost)('%s: %s', async (_name, code, serve) => {
    const end = await call(await serve(), '/', code === 'TIMED_OUT' ? { timeouts: quick } : {});
    expect(verdict(end)).toBe(`lost ${code}`);
  });

  it('says why, in both languages', async () => {
    const port = await serveTcp((socket) => void socket.resume());
    const host = `127.0.0.1:${port.toString()}`;
    const end = await call(port, '/', { timeouts: quick });
    expect(end.kind === 'lost' && end.why).toEqual({
      zh: `请求已发往 ${host}，但没有在时限内等到完整的应答。`,
      en: `The request went to ${host}, but no whole reply came in time.`,
    });
    expect(end.kind === 'lost' && end.error.data).toEqual({ host, code: 'UND_ERR_HEADERS_TIMEOUT' });
    expect(end.kind === 'lost' && end.error.say('zh-CN')).toContain('请先核对，不要直接重发');
  });

  /** Writes a piece every 15 ms until the connection is gone. */
  const drip = (first: string, piece: string): Promise<number> =>
    answering(first, (socket) => {
      const timer = setInterval(() => socket.write(piece), 15);
      socket.on('close', () => clearInterval(timer));
      later(() => clearInterval(timer));
    });

  it('times out a body that only drips, and interim replies without end', async () => {
    const body = await drip('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', 'a');
    expect(verdict(await call(body, '/', { timeouts: quick }))).toBe('lost TIMED_OUT');
    const interim = await drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n');
    expect(verdict(await call(interim, '/', { timeouts: quick }))).toBe('lost TIMED_OUT');
  });

  it('stops at a reply over the limit, and takes one at the limit', async () => {
    const port = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789');
    expect(verdict(await call(port, '/', { maxBodyBytes: 10 }))).toBe('replied 200');
    const end = await call(port, '/', { maxBodyBytes: 9 });
    expect(verdict(end)).toBe('lost CONNECTION_LOST');
    expect(end.kind === 'lost' && end.why.en).toBe(
      `The request went to 127.0.0.1:${port.toString()}, but the reply was too large and was not read to its end.`,
    );
  });
});

describe('a kept connection', () => {
  it('is used again', async () => {
    let connections = 0;
    let requests = 0;
    const port = await serveTcp((socket) => {
      connections++;
      socket.on('data', () => {
        requests++;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const made = gateway();
    const account = twin(port, { pacing: { concurrency: 1 } });
    for (let turn = 0; turn < 3; turn++)
      expect(verdict(await made.commit(await made.prepare(account, post('/'))))).toBe('replied 200');
    expect([connections, requests]).toEqual([1, 3]);
  });

  it.each(['end', 'resetAndDestroy'] as const)('closed (%s) after reading shows one arrival', async (close) => {
    const arrivals: string[] = [];
    const port = await serveTcp((socket) => {
      let seen = 0;
      socket.on('data', (data) => {
        arrivals.push(data.toString().slice(data.toString().lastIndexOf('\n') + 1));
        if (++seen === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        else socket[close]();
      });
    });
    const made = gateway();
    const account = twin(port, { pacing: { concurrency: 1 } });
    expect(verdict(await made.commit(await made.prepare(account, post('/', 'first'))))).toBe('replied 200');
    expect(verdict(await made.commit(await made.prepare(account, post('/', 'second'))))).toBe('lost CONNECTION_LOST');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(arrivals).toEqual(['first', 'second']);
  });

  it('closed while idle never shows a call as sent twice', async () => {
    const arrivals: string[] = [];
    const port = await serveTcp((socket) => {
      socket.on('data', (data) => {
        arrivals.push(data.toString().slice(data.toString().lastIndexOf('\n') + 1));
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', () => socket.end());
      });
    });
    const made = gateway();
    const account = twin(port, { pacing: { concurrency: 1 } });
    const ends: string[] = [];
    for (let turn = 0; turn < 40; turn++) {
      ends.push((await made.commit(await made.prepare(account, post('/', turn.toString())))).kind);
      if (turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // Each call arrived at most once, and one that has arrived is not called not_sent.
    expect(new Set(arrivals).size).toBe(arrivals.length);
    ends.forEach((kind, turn) => {
      if (kind === 'not_sent') expect(arrivals).not.toContain(turn.toString());
      if (kind === 'replied') expect(arrivals).toContain(turn.toString());
    });
    expect(ends).not.toContain('not_sent');
  });

  it('is one per call under way, and no more than the concurrency', async () => {
    let open = 0;
    let most = 0;
    const port = await serveHttp((_request, response) => {
      open++;
      most = Math.max(most, open);
      setTimeout(() => {
        open--;
        response.end('ok');
      }, 5);
    });
    const made = gateway();
    const account = twin(port, { pacing: { concurrency: 4 } });
    const calls = Array.from({ length: 40 }, async () => made.commit(await made.prepare(account, post('/'))));
    expect((await Promise.all(calls)).map(verdict)).toEqual(Array.from({ length: 40 }, () => 'replied 200'));
    expect(most).toBe(4);
  });
});

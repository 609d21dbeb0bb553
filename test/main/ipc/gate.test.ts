import { describe, expect, it, vi } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import { ROUTES, type RouteName } from '../../../src/contract/routes.ts';
import { createGate, type Handlers, type Sender } from '../../../src/main/ipc/gate.ts';

const OURS: Sender = { url: 'app://console/index.html#/orders', isMainFrame: true, isOurWindow: true };

/** Handlers that say they were reached; those of a test take their place. */
function handlers(own: Partial<Handlers> = {}): { handlers: Handlers; reached: RouteName[] } {
  const reached: RouteName[] = [];
  const all = Object.fromEntries(
    (Object.keys(ROUTES) as RouteName[]).map((route) => [
      route,
      () => {
        reached.push(route);
      },
    ]),
  );
  return { handlers: { ...(all as unknown as Handlers), ...own }, reached };
}

function gate(own: Partial<Handlers> = {}): {
  call: (route: unknown, input?: unknown, sender?: Sender | null) => Promise<unknown>;
  log: ReturnType<typeof vi.fn>;
  reached: RouteName[];
} {
  const log = vi.fn();
  const made = handlers(own);
  const answer = createGate({ handlers: made.handlers, log });
  return { call: (route, input, sender = OURS) => answer(sender, route, input), log, reached: made.reached };
}

describe('the gate', () => {
  it('lets our own page through and answers what the handler gave', async () => {
    const { call } = gate({ 'jobs.retry': ({ jobId }) => ({ rows: jobId * 2 }) });
    expect(await call('jobs.retry', { jobId: 21 })).toEqual({ ok: true, data: { rows: 42 } });
  });

  it.each<[string, Sender | null]>([
    ['a frame that is gone', null],
    ['a frame within our page', { ...OURS, isMainFrame: false }],
    ['another window', { ...OURS, isOurWindow: false }],
    ['another host of our scheme', { ...OURS, url: 'app://other/index.html' }],
    ['a host that begins like ours', { ...OURS, url: 'app://console.example/' }],
    ['a name in front of the host', { ...OURS, url: 'app://evil@console/' }],
    ['a page of the web', { ...OURS, url: 'https://console/' }],
    ['a file', { ...OURS, url: 'file:///index.html' }],
    ['an empty page', { ...OURS, url: 'about:blank' }],
    ['no address', { ...OURS, url: '' }],
  ])('refuses %s before it looks at anything else', async (_what, sender) => {
    const { call, reached } = gate();
    expect(await call('jobs.retry', { jobId: 1 }, sender)).toMatchObject({
      ok: false,
      error: { code: 'FOREIGN_SENDER', data: {} },
    });
    expect(await call('no.such', 1, sender)).toMatchObject({ error: { code: 'FOREIGN_SENDER' } });
    expect(reached).toEqual([]);
  });

  it.each(['no.such', 'toString', '__proto__', 'constructor', '', 7, null, undefined, { route: 'jobs.get' }])(
    'refuses the unknown route %j',
    async (route) => {
      const { call, reached } = gate();
      expect(await call(route, undefined)).toMatchObject({ ok: false, error: { code: 'UNKNOWN_ROUTE' } });
      expect(reached).toEqual([]);
    },
  );

  it('refuses what a schema cannot even freeze, as a typed array, which a page may send', async () => {
    const { call, reached } = gate();
    const input = { accountId: 'a', operation: 'b', params: Float32Array.of(1) };
    expect(await call('lookups.start', input)).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
    expect(reached).toEqual([]);
  });

  it('refuses input that its schema does not take, names the field and never its value', async () => {
    const { call, reached, log } = gate();
    const planted = 'sk-planted-77';
    const answer = await call('accounts.replaceSecrets', { id: 'a', secrets: { appSecret: 7, other: planted } });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'BAD_INPUT', data: { route: 'accounts.replaceSecrets', field: 'secrets.appSecret' } },
    });
    expect(JSON.stringify([answer, log.mock.calls])).not.toContain(planted);
    expect(await call('jobs.rows', { jobId: 1, filter: {}, offset: 0, limit: 201 })).toMatchObject({
      error: { code: 'BAD_INPUT', data: { field: 'limit' } },
    });
    expect(await call('app.state', { surplus: true })).toMatchObject({ error: { code: 'BAD_INPUT' } });
    expect(reached).toEqual([]);
  });

  it('hands a handler nothing but what the schema names', async () => {
    const seen: unknown[] = [];
    const { call } = gate({
      'jobs.retry': (input) => {
        seen.push(input);
        return { rows: 0 };
      },
    });
    await call('jobs.retry', { jobId: 1, path: '/etc/passwd' });
    expect(seen).toEqual([{ jobId: 1 }]);
  });

  it('lets nothing cross that the answer’s schema does not name', async () => {
    const { call } = gate({ 'jobs.retry': () => ({ rows: 3, secret: 'sk-planted-78' }) });
    expect(await call('jobs.retry', { jobId: 1 })).toEqual({ ok: true, data: { rows: 3 } });
  });

  it('refuses a handler’s answer of the wrong form', async () => {
    const { call, log } = gate({ 'jobs.retry': () => ({ rows: -1 }) });
    expect(await call('jobs.retry', { jobId: 1 })).toMatchObject({ ok: false, error: { code: 'BAD_OUTPUT' } });
    expect(log).toHaveBeenCalledWith('failed', { route: 'jobs.retry', code: 'BAD_OUTPUT', field: 'rows' });
  });

  it('answers an AppError as data with its code, its texts and no stack', async () => {
    const text = { zh: '没有这个任务。', en: 'There is no such job.' };
    const { call } = gate({
      'jobs.retry': () => {
        throw appError('JOB_NOT_FOUND', text, text, { data: { job: 9 }, cause: new Error('sk-planted-79') });
      },
    });
    expect(await call('jobs.retry', { jobId: 9 })).toEqual({
      ok: false,
      error: { code: 'JOB_NOT_FOUND', text: { message: text, remedy: text }, data: { job: 9 } },
    });
  });

  it('answers any other fault as INTERNAL, whose words stay in the log', async () => {
    const fault = new Error('sk-planted-80 at /home/someone');
    const { call, log } = gate({ 'jobs.retry': () => Promise.reject(fault) });
    const answer = await call('jobs.retry', { jobId: 9 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL', data: {} } });
    expect(JSON.stringify(answer)).not.toMatch(/planted|home/);
    expect(log).toHaveBeenCalledWith('failed', { route: 'jobs.retry', error: fault });
  });

  it('keeps what lies behind an error for the log, which the words may point to', async () => {
    const text = { zh: '数据库读写失败。', en: 'The database failed.' };
    const cause = new Error('no such table at /home/someone');
    const { call, log } = gate({
      'jobs.retry': () => Promise.reject(appError('DATABASE_FAILED', text, text, { cause })),
    });
    const answer = await call('jobs.retry', { jobId: 9 });
    expect(JSON.stringify(answer)).not.toMatch(/table|home/);
    expect(log).toHaveBeenCalledWith('answered', { route: 'jobs.retry', code: 'DATABASE_FAILED', cause });
  });
});

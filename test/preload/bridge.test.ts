import { describe, expect, it, vi } from 'vitest';
import { EVENT_CHANNEL, INVOKE_CHANNEL } from '../../src/contract/bridge.ts';
import { ROUTES } from '../../src/contract/routes.ts';
import { createBridge } from '../../src/preload/bridge.ts';

type Hear = (event: unknown, name: unknown, data: unknown) => void;

function wired(answer: (route: string, input: unknown) => unknown = () => ({ ok: true, data: undefined })) {
  const hears: Hear[] = [];
  const invoke = vi.fn(async (_channel: string, route: string, input: unknown) => answer(route, input));
  const on = vi.fn((_channel: string, hear: Hear) => void hears.push(hear));
  const bridge = createBridge({
    invoke,
    on,
    pathOf: (file) => {
      if (typeof file !== 'object') throw new TypeError('no file');
      return (file as { path?: string }).path ?? '';
    },
  });
  return {
    bridge,
    invoke,
    on,
    tell: (name: unknown, data: unknown) => hears.forEach((hear) => hear({ sender: 'raw' }, name, data)),
  };
}

describe('the bridge', () => {
  it('is one frozen object with three functions', () => {
    const { bridge } = wired();
    expect(Object.isFrozen(bridge)).toBe(true);
    expect(Object.keys(bridge).sort()).toEqual(['invoke', 'on', 'takeFile']);
  });

  it('uses two channels and no other', async () => {
    const { bridge, invoke, on } = wired();
    await bridge.invoke('app.showDataFolder', undefined);
    expect(invoke.mock.calls).toEqual([[INVOKE_CHANNEL, 'app.showDataFolder', undefined]]);
    expect(on.mock.calls.map(([channel]) => channel)).toEqual([EVENT_CHANNEL]);
  });

  it('answers what main gave, read through the route’s schema', async () => {
    const { bridge } = wired(() => ({ ok: true, data: { rows: 5, surplus: 'x' } }));
    expect(await bridge.invoke('jobs.retry', { jobId: 1 })).toEqual({ ok: true, data: { rows: 5 } });
  });

  it('refuses an answer of the wrong form', async () => {
    for (const answer of [{ ok: true, data: { rows: 'five' } }, { rows: 5 }, null, 'ok', { ok: false }, { ok: 1 }]) {
      const { bridge } = wired(() => answer);
      expect(await bridge.invoke('jobs.retry', { jobId: 1 })).toMatchObject({
        ok: false,
        error: { code: 'BAD_OUTPUT' },
      });
    }
  });

  it('hands on an error as it came', async () => {
    const error = {
      code: 'JOB_BUSY',
      text: { message: { zh: '忙', en: 'busy' }, remedy: { zh: '等', en: 'wait' } },
      data: {},
    };
    const { bridge } = wired(() => ({ ok: false, error }));
    expect(await bridge.invoke('jobs.retry', { jobId: 1 })).toEqual({ ok: false, error });
  });

  it('answers a call that Electron itself refused, without its words', async () => {
    const { bridge } = wired(() => {
      throw new Error('An object could not be cloned. sk-planted');
    });
    const answer = await bridge.invoke('jobs.retry', { jobId: 1 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toContain('planted');
  });

  it('lets a page name the routes of the contract alone, and never one that takes a path', async () => {
    const { bridge, invoke } = wired();
    for (const route of ['files.register', 'no.such', '__proto__', 'toString', '']) {
      expect(await bridge.invoke(route as 'app.state', undefined)).toMatchObject({
        ok: false,
        error: { code: 'UNKNOWN_ROUTE' },
      });
    }
    expect(invoke).not.toHaveBeenCalled();
    expect(Object.keys(ROUTES)).toContain('files.register');
  });

  it('takes a dropped file’s path itself and gives the page an id', async () => {
    const file = { fileId: 'f1', name: 'notes.csv', bytes: 12 };
    const { bridge, invoke } = wired(() => ({ ok: true, data: file }));
    expect(await bridge.takeFile({ path: '/home/a/notes.csv' })).toEqual({ ok: true, data: file });
    expect(invoke.mock.calls).toEqual([[INVOKE_CHANNEL, 'files.register', { path: '/home/a/notes.csv' }]]);
  });

  it.each([[{}], ['/etc/passwd'], [null]])('refuses %j, which lies on no disk', async (file) => {
    const { bridge, invoke } = wired();
    expect(await bridge.takeFile(file)).toMatchObject({ ok: false, error: { code: 'FILE_UNREADABLE' } });
    expect(invoke).not.toHaveBeenCalled();
  });

  it('tells of events of the contract, without Electron’s event, until it is asked to stop', () => {
    const { bridge, tell } = wired();
    const heard: unknown[][] = [];
    const stop = bridge.on('keychain', (...all) => heard.push(all));
    tell('keychain', 'locked');
    tell('keychain', 'no such state');
    tell('no such event', 'locked');
    tell('__proto__', 'locked');
    tell(7, 'locked');
    stop();
    tell('keychain', 'ready');
    expect(heard).toEqual([['locked']]);
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/contract/settings.ts';
import { proxyBySettings } from '../../../src/main/routes/proxy.ts';
import { languageOf, openSettings } from '../../../src/main/routes/settings.ts';
import type { SystemWay } from '../../../src/main/routes/desk.ts';
import { folderOf, inFolder } from './support.ts';

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf();
});
afterEach(() => folder.remove());

const file = (): string => inFolder(folder.path, 'settings.json');
const CHANGED = { theme: 'dark', grids: { orders: { hidden: ['amount'], widths: { order: 200 } } } } as const;

describe('settings', () => {
  it('are the defaults where there is no file, and none is made by looking', async () => {
    const settings = await openSettings(folder.path);
    expect([settings.get(), settings.putAside]).toEqual([DEFAULT_SETTINGS, null]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('are kept, whatever is left out stays, and changes at once lose none', async () => {
    const settings = await openSettings(inFolder(folder.path, 'new'));
    await Promise.all([
      settings.change({ theme: 'dark', density: undefined }),
      settings.change({ grids: CHANGED.grids }),
      settings.change({ language: 'zh-CN' }),
    ]);
    const wanted = { ...DEFAULT_SETTINGS, ...CHANGED, language: 'zh-CN' };
    expect(settings.get()).toEqual(wanted);
    expect((await openSettings(inFolder(folder.path, 'new'))).get()).toEqual(wanted);
    expect(readdirSync(inFolder(folder.path, 'new'))).toEqual(['settings.json']);
  });

  it.each([
    ['damaged', '{"version":1,"settings":{'],
    ['of a later version', JSON.stringify({ version: 2, settings: {} })],
    ['of values that are none', JSON.stringify({ version: 1, settings: { theme: 'pink' } })],
    [
      'of a proxy with a password',
      JSON.stringify({ version: 1, settings: { proxy: 'manual', proxyUrl: 'http://a:b@c:1' } }),
    ],
    ['empty', ''],
  ])('in a file that is %s are put aside', async (_what, text) => {
    writeFileSync(file(), text);
    const settings = await openSettings(folder.path);
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(readFileSync(settings.putAside ?? '', 'utf8')).toBe(text);
    await settings.change(CHANGED);
    expect((await openSettings(folder.path)).get()).toEqual({ ...DEFAULT_SETTINGS, ...CHANGED });
    expect(readFileSync(settings.putAside ?? '', 'utf8')).toBe(text);
  });

  it('of an earlier version of the program are completed', async () => {
    writeFileSync(file(), `\uFEFF${JSON.stringify({ version: 1, settings: { theme: 'light', gone: 1 } })}`);
    expect((await openSettings(folder.path)).get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'light' });
  });

  it.each([
    '',
    'proxy:8080',
    'socks5://a:1',
    'http://',
    'http://a:1/path',
    'http://a:1?q',
    'http://a b:1',
    'http://a:99999',
  ])('refuse %j as a proxy, by its field', async (proxyUrl) => {
    const settings = await openSettings(folder.path);
    await expect(settings.change({ proxy: 'manual', proxyUrl })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      data: { field: 'proxyUrl' },
    });
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    // It is no matter while it isn't used.
    expect((await settings.change({ proxyUrl })).proxyUrl).toBe(proxyUrl);
  });

  it('refuse a proxy’s password and do not repeat it', async () => {
    const settings = await openSettings(folder.path);
    const refused = settings.change({ proxy: 'manual', proxyUrl: 'http://me:hunter2@proxy:8080' });
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SETTINGS_INVALID', data: { field: 'proxyUrl' } });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it.each(['http://proxy:8080', 'https://proxy.test', 'http://[::1]:3128/', 'HTTP://Proxy:1'])(
    'take %j',
    async (proxyUrl) => {
      const settings = await openSettings(folder.path);
      expect((await settings.change({ proxy: 'manual', proxyUrl })).proxyUrl).toBe(proxyUrl);
    },
  );
});

describe('the language', () => {
  it.each([
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-Hant-TW'], 'zh-CN'],
    [['en-US', 'zh-CN'], 'en'],
    [['zhx'], 'en'],
    [[], 'en'],
  ])('of a system that prefers %j is %s', (preferred, language) => {
    expect(languageOf(DEFAULT_SETTINGS, preferred)).toBe(language);
    expect(languageOf({ ...DEFAULT_SETTINGS, language: 'en' }, preferred)).toBe('en');
    expect(languageOf({ ...DEFAULT_SETTINGS, language: 'zh-CN' }, preferred)).toBe('zh-CN');
  });
});

describe('the way to an origin', () => {
  const ENV = { HTTPS_PROXY: 'http://env:1', NO_PROXY: 'near.test' };
  const way = (change: Partial<Settings>, system: SystemWay, origin = 'https://far.test'): Promise<string | null> =>
    proxyBySettings(() => ({ ...DEFAULT_SETTINGS, ...change }), { resolveProxy: async () => system }, ENV)(origin);
  const DIRECT: SystemWay = { kind: 'direct' };

  it('is as the settings say', async () => {
    const proxy: SystemWay = { kind: 'proxy', url: 'http://system:1' };
    expect(await way({ proxy: 'none' }, proxy)).toBeNull();
    expect(await way({ proxy: 'manual', proxyUrl: 'http://mine:1' }, proxy)).toBe('http://mine:1');
    expect(await way({}, proxy)).toBe('http://system:1');
  });

  it('is the environment’s where the system says nothing', async () => {
    expect(await way({}, DIRECT)).toBe('http://env:1');
    expect(await way({}, DIRECT, 'https://api.near.test:8443')).toBeNull();
  });

  it('never leads around a proxy that can’t be spoken to', async () => {
    await expect(way({}, { kind: 'unsupported', what: 'SOCKS5 a:1' })).rejects.toMatchObject({
      code: 'PROXY_FAILED',
      data: { proxy: 'SOCKS5 a:1' },
    });
  });
});

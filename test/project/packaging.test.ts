import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { configuration, placesOf } from '../../scripts/package/config.ts';
import { faultsOf, KEYTAR_SHA256, readAsar, sha256Of, type Packed } from '../../scripts/package/contents.ts';
import { fusesOf } from '../../scripts/package/fuses.ts';

const root = path.resolve(import.meta.dirname, '../..');
const keytarFile = (target: string): string => path.join(root, 'node_modules/keytar/prebuilds', target, 'keytar.node');
let folder: string;
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'packaging-'))));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text = 'x', unpacked = false): Packed => ({ name, unpacked, bytes: Buffer.from(text) });
const NATIVE = 'node_modules/keytar/prebuilds/win32-arm64/keytar.node';
/** An archive that is fit to ship, as far as its list goes. */
const whole = (): Packed[] => [
  ...['package.json', 'out/main/index.js', 'out/main/cli.js', 'out/preload/index.js', 'out/renderer/index.html'].map(
    (name) => file(name),
  ),
  file('node_modules/keytar/lib/keytar.js'),
  { name: NATIVE, unpacked: true, bytes: fs.readFileSync(keytarFile('win32-arm64')) },
];

describe('what a package may hold', () => {
  it('is the built code and the one native module', () => {
    expect(faultsOf(whole(), 'win32-arm64')).toEqual([]);
  });

  it.each([
    'out/main/index.js.map',
    'src/main/index.ts',
    'test/e2e/life.test.ts',
    'out/main/.env',
    'out/renderer/assets/key.pem',
    'node_modules/vue/index.js',
    'node_modules/keytar/build/Release/keytar.o',
    'README.md',
  ])('is not %s', (name) => {
    expect(faultsOf([...whole(), file(name)], 'win32-arm64')).toEqual([`${name} does not belong there`]);
  });

  it.each([
    ['-----BEGIN RSA PRIVATE KEY-----', 'a private key'],
    [`let t = "ghp_${'a'.repeat(36)}"`, 'an access token'],
    ['//# sourceMappingURL=index.js.map', 'the name of a source map'],
    ['process.env.ELECTRON_RENDERER_URL', 'a development server'],
  ])('is nothing like %s', (text, what) => {
    const name = 'out/main/chunks/a.js';
    expect(faultsOf([...whole(), file(name, text)], 'win32-arm64')).toEqual([`${name} holds ${what}`]);
  });

  it('is no native module of another system, of another version or inside the archive, and never none', () => {
    const without = whole().filter(({ name }) => name !== NATIVE);
    expect(faultsOf(whole(), 'win32-x64')[0]).toContain('win32-x64/keytar.node alone');
    expect(faultsOf(without, 'win32-arm64')[0]).toContain('native modules: none');
    const other = {
      name: 'node_modules/keytar/prebuilds/darwin-x64/keytar.node',
      unpacked: true,
      bytes: Buffer.from('x'),
    };
    expect(faultsOf([...whole(), other], 'win32-arm64')[0]).toContain('native modules:');
    expect(faultsOf([...without, file(NATIVE, 'other', true)], 'win32-arm64')[0]).toContain(
      'is not the one that is pinned',
    );
    const inside = whole().map((one) => (one.name === NATIVE ? { ...one, unpacked: false } : one));
    expect(faultsOf(inside, 'win32-arm64')[0]).toContain('must lie beside the archive');
  });

  it('is not without a part of the program', () => {
    const left = whole().filter(({ name }) => name !== 'out/main/cli.js');
    expect(faultsOf(left, 'win32-arm64')).toEqual(['out/main/cli.js is missing']);
  });

  it.each(Object.entries(KEYTAR_SHA256))('has the keychain module of %s by its hash', (target, sha256) => {
    expect(sha256Of(fs.readFileSync(keytarFile(target)))).toBe(sha256);
  });
});

/** An archive as Electron reads it. */
function archive(files: Readonly<Record<string, string>>, unpacked: Readonly<Record<string, string>>): string {
  const target = path.join(folder, 'app.asar');
  let offset = 0;
  const listed = Object.entries(files).map(([name, text]) => {
    const entry = { size: Buffer.byteLength(text), offset: String(offset) };
    offset += entry.size;
    return [name, entry] as const;
  });
  const beside = Object.entries(unpacked).map(([name, text]) => [name, { size: text.length, unpacked: true }] as const);
  const header = Buffer.from(
    JSON.stringify({ files: { out: { files: Object.fromEntries(listed) }, ...Object.fromEntries(beside) } }),
  );
  const sizes = Buffer.alloc(16);
  sizes.writeUInt32LE(4, 0);
  sizes.writeUInt32LE(header.length + 8, 4);
  sizes.writeUInt32LE(header.length + 4, 8);
  sizes.writeUInt32LE(header.length, 12);
  fs.writeFileSync(target, Buffer.concat([sizes, header, Buffer.from(Object.values(files).join(''))]));
  for (const [name, text] of Object.entries(unpacked)) {
    fs.mkdirSync(`${target}.unpacked`, { recursive: true });
    fs.writeFileSync(path.join(`${target}.unpacked`, name), text);
  }
  return target;
}

describe('an archive', () => {
  it('is read with what lies beside it', () => {
    const read = readAsar(archive({ 'a.js': 'one', 'b.js': '二' }, { 'c.node': 'three' }));
    expect(read.map(({ name, unpacked, bytes }) => [name, unpacked, String(Buffer.from(bytes))])).toEqual([
      ['out/a.js', false, 'one'],
      ['out/b.js', false, '二'],
      ['c.node', true, 'three'],
    ]);
  });

  it('that is cut short is not taken for a whole one', () => {
    const cut = archive({ 'a.js': 'one' }, {});
    fs.truncateSync(cut, fs.statSync(cut).size - 1);
    expect(() => readAsar(cut)).toThrow('is cut short');
  });
});

describe('the fuses', () => {
  it('let nobody run code as the console, and bind it to its archive; what is tested differs in the inspector alone', () => {
    const names = (on: boolean): string[] =>
      Object.entries(fusesOf('shipped'))
        .filter(([, state]) => state === on)
        .map(([fuse]) => FuseV1Options[Number(fuse)] ?? fuse);
    expect(names(true).sort()).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
    ]);
    expect(names(false)).toHaveLength(Object.values(FuseV1Options).filter((one) => typeof one === 'number').length - 3);
    expect(fusesOf('test')).toEqual({ ...fusesOf('shipped'), [FuseV1Options.EnableNodeCliInspectArguments]: true });
  });
});

describe('the packages', () => {
  const options = { flavour: 'shipped', output: 'dist' } as const;

  it('are described in words that electron-builder knows', async () => {
    const env = {
      ORDER_CONSOLE_UPDATE_FEED: 'https://example.com/feed/',
      ORDER_CONSOLE_PUBLISHER: 'A',
      APPLE_API_KEY: 'k',
    };
    for (const each of [{}, env])
      await validateConfiguration(configuration({ ...options, env: each }), new DebugLogger(false));
  });

  it('are installers for both processors of Windows and macOS, signed where the environment says with what', () => {
    const { win, mac, nsis, asar } = configuration({
      ...options,
      env: { ORDER_CONSOLE_PUBLISHER: 'A', APPLE_API_KEY: 'k' },
    });
    expect(asar).toBe(true);
    expect(win).toMatchObject({
      target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
      verifyUpdateCodeSignature: true,
      signtoolOptions: { publisherName: 'A' },
    });
    expect(nsis).toMatchObject({ perMachine: false, deleteAppDataOnUninstall: false });
    expect(mac).toMatchObject({ hardenedRuntime: true, notarize: true });
    expect(JSON.stringify(mac?.target)).toBe(
      '[{"target":"dmg","arch":["x64","arm64"]},{"target":"zip","arch":["x64","arm64"]}]',
    );
    expect(configuration({ ...options, env: {} }).mac).toMatchObject({ notarize: false });
  });

  it('ask macOS for no more than compiling', () => {
    const { mac } = configuration({ ...options, env: {} });
    const asked = fs.readFileSync(String(mac?.entitlements), 'utf8').match(/<key>[^<]+<\/key>/gu);
    expect(asked).toEqual(['<key>com.apple.security.cs.allow-jit</key>']);
    expect(mac?.entitlementsInherit).toBe(mac?.entitlements);
  });

  it('look for updates nowhere unless the build names an https feed', () => {
    expect(configuration({ ...options, env: {} }).publish).toBeNull();
    const feed = (address: string): unknown =>
      configuration({ ...options, env: { ORDER_CONSOLE_UPDATE_FEED: address } }).publish;
    expect(feed('https://example.com/feed/')).toMatchObject({ provider: 'generic', url: 'https://example.com/feed/' });
    expect(() => feed('http://example.com/feed/')).toThrow('must be an https address');
  });

  it('have icons and a launcher that are there', () => {
    const { win, mac, linux } = configuration({ ...options, env: {} });
    for (const icon of [win?.icon, mac?.icon, linux?.icon])
      expect(fs.statSync(String(icon)).size).toBeGreaterThan(5_000);
    const launcher = fs.readFileSync(path.join(root, 'scripts/package/resources/order-console.cmd'), 'latin1');
    expect(launcher).toMatch(/"%~dp0Order Console\.exe" --cli %\*\r\nexit \/b %ERRORLEVEL%\r\n$/u);
    expect(placesOf('x', 'win32').program).toBe(path.join('x', 'Order Console.exe'));
    // Named for all systems, it would take the place of the program's own name on these two.
    const { executableName, productName } = configuration({ ...options, env: {} });
    const { appId } = configuration({ ...options, env: {} });
    // Windows shows notifications of a program only under the name that its shortcut bears.
    expect(fs.readFileSync(path.join(root, 'src/main/index.ts'), 'utf8')).toContain(`appId: '${String(appId)}'`);
    expect([executableName, productName, linux?.executableName]).toEqual([undefined, 'Order Console', 'order-console']);
  });
});

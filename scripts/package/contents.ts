import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';

/** Most bytes of app.asar. A library that doubles the program is noticed here before it is downloaded by everyone. */
export const MOST_ASAR_BYTES = 8 * 2 ** 20;

/** SHA-256 of the native keychain module that goes with each system, from the one version that package.json names. */
export const KEYTAR_SHA256: Readonly<Record<string, string>> = {
  'darwin-arm64': '855c21e1e702967230bd87f600d04c311b77f29150f3372d547e72882c58de6a',
  'darwin-x64': '5ce10f1f83f917fb555ff2ba43a80cab0f215d266cfdbd9bce5d6affa61c8aa1',
  'linux-x64': 'e7894a1e1001764de29ff08d3dae418ccbaaf78889c5673d367e05df1682fc7c',
  'win32-arm64': 'b9cd3c6658b1bed712e28f19ef777971ba46fc81a6004923dd15faa6e5bb01b8',
  'win32-x64': 'b82625e7c713fd20b5cb57993e073076c87660652202893fad39d874d77169fc',
};

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly size?: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
}

/** A file of an archive. */
export interface Packed {
  /** With `/`, from the archive's root. */
  readonly name: string;
  readonly unpacked: boolean;
  readonly bytes: Uint8Array;
}

function* filesBelow(entry: Entry, name = ''): Generator<readonly [string, Entry]> {
  if (entry.files === undefined) {
    yield [name, entry];
    return;
  }
  for (const [part, inside] of Object.entries(entry.files))
    yield* filesBelow(inside, name === '' ? part : `${name}/${part}`);
}

/** Every file of an app.asar with its bytes; those that lie beside it (`app.asar.unpacked`) are read there. Throws where one is missing. */
export function readAsar(file: string): readonly Packed[] {
  const fd = openSync(file, 'r');
  try {
    const at = (position: number, length: number): Buffer => {
      const buffer = Buffer.alloc(length);
      if (readSync(fd, buffer, 0, length, position) !== length) throw new Error(`${file} is cut short`);
      return buffer;
    };
    // Chromium's pickle twice over: the header's size, then the header, whose text has its own length before it.
    const headerBytes = at(0, 8).readUInt32LE(4);
    const header = at(8, headerBytes);
    const text = header.toString('utf8', 8, 8 + header.readUInt32LE(4));
    return Array.from(
      filesBelow(JSON.parse(text) as Entry),
      ([name, { size = 0, offset = '0', unpacked = false }]) => ({
        name,
        unpacked,
        bytes: unpacked
          ? readFileSync(path.join(`${file}.unpacked`, ...name.split('/')))
          : at(8 + headerBytes + Number(offset), size),
      }),
    );
  } finally {
    closeSync(fd);
  }
}

/** The only names that an archive may hold. */
const MAY_HOLD =
  /^(?:package\.json|out\/(?:main|preload|renderer)\/.+|node_modules\/keytar\/(?:package\.json|LICENSE\.md|lib\/.+|prebuilds\/.+))$/u;
const NEVER =
  /\.(?:map|ts|tsx|vue|test\.js|env|pem|key|p12|pfx|log|db)$|(?:^|\/)(?:test|tests|fixtures|\.git|\.env)(?:\/|$)/iu;
/** What secrets look like, and what leads to sources or a development server. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/u, 'a private key'],
  [/\bgh[pousr]_[A-Za-z0-9]{36}\b|\bnpm_[A-Za-z0-9]{36}\b|\bAKIA[0-9A-Z]{16}\b/u, 'an access token'],
  [/[#@] ?sourceMappingURL=/u, 'the name of a source map'],
  [/ELECTRON_RENDERER_URL|\/@vite\/client/u, 'a development server'],
];

/** What an archive holds that it must not, or lacks: a line each; none when all is well. `target` is e.g. `win32-arm64`. */
export function faultsOf(files: readonly Packed[], target: string): string[] {
  const faults = files.flatMap(({ name, bytes }) => {
    const found = MAY_HOLD.test(name) && !NEVER.test(name) ? [] : [`${name} does not belong there`];
    if (name.endsWith('.node')) return found;
    const text = Buffer.from(bytes).toString('latin1');
    return [...found, ...SECRETS.filter(([looks]) => looks.test(text)).map(([, what]) => `${name} holds ${what}`)];
  });
  const native = files.filter(({ name }) => name.endsWith('.node'));
  const wanted = `node_modules/keytar/prebuilds/${target}/keytar.node`;
  const [only] = native;
  if (native.length !== 1 || only?.name !== wanted) {
    faults.push(`native modules: ${native.map(({ name }) => name).join(', ') || 'none'}; it should be ${wanted} alone`);
  } else if (sha256Of(only.bytes) !== KEYTAR_SHA256[target]) faults.push(`${wanted} is not the one that is pinned`);
  else if (!only.unpacked) faults.push(`${wanted} must lie beside the archive`);
  for (const name of ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.js', 'out/renderer/index.html']) {
    if (!files.some((file) => file.name === name)) faults.push(`${name} is missing`);
  }
  return faults;
}

// npm run package: builds the application and packs it for this system, or for those that are named.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { buildIfStale } from '../build.mjs';
import { SetupError, say } from '../say.mjs';
import { configuration, type PackageOptions } from './config.ts';
import { writeSbom } from './sbom.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const PLATFORMS: Readonly<Record<string, Platform>> = {
  '--win': Platform.WINDOWS,
  '--mac': Platform.MAC,
  '--linux': Platform.LINUX,
};
const ARCHES: Readonly<Record<string, Arch>> = { '--x64': Arch.x64, '--arm64': Arch.arm64 };

/** Packs what lies in out/; `dir` leaves it unpacked in a folder. Resolves to the files made. Throws with the packer's own words. */
export async function pack(
  options: PackageOptions,
  targets: { readonly platform: Platform; readonly arches: readonly Arch[]; readonly dir: boolean },
): Promise<readonly string[]> {
  const { platform, arches, dir } = targets;
  return build({
    projectDir: ROOT,
    targets: platform.createTarget(dir ? 'dir' : null, ...arches),
    config: configuration(options),
    publish: 'never',
  });
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((one) => one !== '--dir' && !(one in PLATFORMS) && !(one in ARCHES));
  if (unknown.length > 0) {
    const known = ['--dir', ...Object.keys(PLATFORMS), ...Object.keys(ARCHES)].join(' ');
    throw new SetupError(`npm run package does not know ${unknown.join(' ')}; it knows ${known}`, 2);
  }
  buildIfStale(ROOT, () => say('building the console; this takes some seconds'));
  const output = path.join(ROOT, 'dist');
  rmSync(output, { recursive: true, force: true });
  const named = Object.entries(PLATFORMS).filter(([word]) => args.includes(word));
  const platforms = named.length > 0 ? named.map(([, platform]) => platform) : [Platform.current()];
  const arches = Object.entries(ARCHES).filter(([word]) => args.includes(word));
  const electron = process.env['ELECTRON_PATH'] ? path.dirname(process.env['ELECTRON_PATH']) : undefined;
  for (const platform of platforms) {
    const options = { flavour: 'shipped', output, ...(electron === undefined ? {} : { electron }) } as const;
    const made = await pack(options, { platform, arches: arches.map(([, arch]) => arch), dir: args.includes('--dir') });
    for (const file of made) say(`made ${path.relative(ROOT, file)}`);
  }
  say(`made ${path.relative(ROOT, writeSbom(ROOT, output))}`);
}

if (import.meta.main) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof SetupError ? error.exitCode : 1;
  });
}

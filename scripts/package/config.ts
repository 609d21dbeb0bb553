import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { Arch, type AfterPackContext, type Configuration } from 'electron-builder';
import { faultsOf, MOST_ASAR_BYTES, readAsar } from './contents.ts';
import { setFuses, type Flavour } from './fuses.ts';

const RESOURCES = path.join(import.meta.dirname, 'resources');
const NAME = 'Order Console';
/** The program's file on Linux, and what packages are named by: names without spaces. */
export const EXECUTABLE = 'order-console';

export interface PackageOptions {
  readonly flavour: Flavour;
  /** Where the packages go. */
  readonly output: string;
  /** A folder with an unpacked Electron, in the place of the download; it may be older than ours. */
  readonly electron?: string;
  /** Signing and the update feed are named here; see SECURITY.md. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Of the `test` flavour: a folder laid into the archive as `extra`, and the entry in it that Electron begins with. */
  readonly extra?: { readonly folder: string; readonly main: string };
}

/** Where a packed program keeps its archive, and the file that the system starts. */
export function placesOf(folder: string, platform: string): { readonly asar: string; readonly program: string } {
  if (platform === 'darwin') {
    const inside = path.join(folder, `${NAME}.app`, 'Contents');
    return { asar: path.join(inside, 'Resources', 'app.asar'), program: path.join(folder, `${NAME}.app`) };
  }
  const program = platform === 'win32' ? `${NAME}.exe` : EXECUTABLE;
  return { asar: path.join(folder, 'resources', 'app.asar'), program: path.join(folder, program) };
}

/** Refuses a package that holds what it must not, and sets its fuses before it is signed. */
async function checkPacked(context: AfterPackContext, options: PackageOptions): Promise<void> {
  const { appOutDir, electronPlatformName, arch } = context;
  const { asar, program } = placesOf(appOutDir, electronPlatformName);
  const files = readAsar(asar);
  const own = options.extra === undefined ? files : files.filter(({ name }) => !name.startsWith('extra/'));
  const faults = faultsOf(own, `${electronPlatformName}-${Arch[arch]}`);
  const { size } = statSync(asar);
  if (size > MOST_ASAR_BYTES && options.flavour === 'shipped') {
    faults.push(`app.asar has ${size} bytes; its budget is ${MOST_ASAR_BYTES}`);
  }
  if (faults.length > 0) throw new Error(`the package is not fit to ship:\n  ${faults.join('\n  ')}`);
  await setFuses(program, options.flavour, options.electron !== undefined);
}

/** A feed is in the package only where the build names one, over HTTPS; without it the console never looks for updates. */
function feedOf(address: string | undefined): NonNullable<Configuration['publish']> | null {
  if (address === undefined || address === '') return null;
  if (new URL(address).protocol !== 'https:')
    throw new Error(`ORDER_CONSOLE_UPDATE_FEED must be an https address: ${address}`);
  return { provider: 'generic', url: address, channel: 'latest' };
}

const WINDOWS = (env: NonNullable<PackageOptions['env']>): NonNullable<Configuration['win']> => ({
  target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
  icon: path.join(RESOURCES, 'icon.ico'),
  verifyUpdateCodeSignature: true,
  // The certificate itself comes by CSC_LINK and CSC_KEY_PASSWORD, which electron-builder reads.
  ...(env['ORDER_CONSOLE_PUBLISHER'] ? { signtoolOptions: { publisherName: env['ORDER_CONSOLE_PUBLISHER'] } } : {}),
  extraFiles: [{ from: path.join(RESOURCES, 'order-console.cmd'), to: 'order-console.cmd' }],
});

const MAC = (env: NonNullable<PackageOptions['env']>): NonNullable<Configuration['mac']> => ({
  target: [
    { target: 'dmg', arch: ['x64', 'arm64'] },
    { target: 'zip', arch: ['x64', 'arm64'] },
  ],
  icon: path.join(RESOURCES, 'icon.icns'),
  category: 'public.app-category.business',
  hardenedRuntime: true,
  gatekeeperAssess: false,
  entitlements: path.join(RESOURCES, 'entitlements.plist'),
  entitlementsInherit: path.join(RESOURCES, 'entitlements.plist'),
  // APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER are Apple's for its notary.
  notarize: Boolean(env['APPLE_API_KEY']),
});

/** What goes into the archive: what was built, and the native keychain module of the one system. */
const FILES = [
  'out/{main,preload,renderer}/**',
  '!**/*.map',
  'package.json',
  '!node_modules/keytar/{build,src,script,binding.gyp,README.md,keytar.d.ts}',
  '!node_modules/keytar/{build,src,script}/**',
  '!node_modules/keytar/prebuilds/**',
  // What keytar is compiled with.
  '!node_modules/node-addon-api/**',
  'node_modules/keytar/prebuilds/${platform}-${arch}/**',
];

/** How electron-builder makes the packages. */
export function configuration(options: PackageOptions): Configuration {
  const { env = process.env, extra, electron } = options;
  return {
    appId: 'com.order-console.app',
    productName: NAME,
    artifactName: `${EXECUTABLE}-\${version}-\${os}-\${arch}.\${ext}`,
    directories: { output: options.output, buildResources: RESOURCES },
    ...(electron === undefined ? {} : { electronDist: electron }),
    // The native module's prebuilt file is taken as it is.
    npmRebuild: false,
    asar: true,
    asarUnpack: ['node_modules/keytar/prebuilds/**'],
    files: [...FILES, ...(extra === undefined ? [] : [{ from: extra.folder, to: 'extra' }])],
    ...(extra === undefined ? {} : { extraMetadata: { main: `extra/${extra.main}` } }),
    electronLanguages: ['en-US', 'zh-CN'],
    publish: feedOf(env['ORDER_CONSOLE_UPDATE_FEED']),
    // What an Electron brings as its own application; only ours is to be found there.
    afterExtract: ({ appOutDir, electronPlatformName }) => {
      if (electronPlatformName === 'darwin') return;
      for (const name of ['app', 'default_app.asar']) {
        rmSync(path.join(appOutDir, 'resources', name), { recursive: true, force: true });
      }
    },
    afterPack: (context) => checkPacked(context, options),
    win: WINDOWS(env),
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false,
    },
    mac: MAC(env),
    dmg: { sign: false },
    // For tests and development; no package format is promised.
    linux: { target: ['dir'], executableName: EXECUTABLE, icon: path.join(RESOURCES, 'icon.png'), category: 'Office' },
  };
}

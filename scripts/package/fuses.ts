import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** `shipped` is what people install; `test` differs in the inspect fuse alone, so that a test can drive it. */
export type Flavour = 'shipped' | 'test';

/**
 * Every fuse of Electron with its state: one that a new Electron brings does not compile until it stands here. Off is whatever lets another
 * program run code as us, or look into us; on is what binds us to our own archive.
 */
const SHIPPED: Readonly<Record<FuseV1Options, boolean>> = {
  [FuseV1Options.RunAsNode]: false,
  // The page keeps no cookies; what little Chromium keeps is of no use outside this account.
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // There is no snapshot of our own.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Nothing here runs WebAssembly that is worth its speed; explicit bounds checks need no signal handlers.
  [FuseV1Options.WasmTrapHandlers]: false,
};

/** The fuses of a flavour. */
export const fusesOf = (flavour: Flavour): Readonly<Record<FuseV1Options, boolean>> => ({
  ...SHIPPED,
  [FuseV1Options.EnableNodeCliInspectArguments]: flavour === 'test',
});

/** A program's fuses by number, as they are in its file; those that its Electron does not have yet are missing. */
export async function readFuses(program: string): Promise<Readonly<Record<string, boolean>>> {
  const { version: _version, ...wire } = await getCurrentFuseWire(program);
  return Object.fromEntries(Object.entries(wire).map(([fuse, state]) => [fuse, state === FuseState.ENABLE]));
}

/**
 * Sets all fuses of a program. Throws where its Electron has a fuse that stands in no line above, or lacks one that does; `older` leaves those
 * out that an Electron given in the place of ours lacks.
 */
export async function setFuses(program: string, flavour: Flavour, older: boolean): Promise<void> {
  const there = older ? await readFuses(program) : null;
  const wanted = Object.entries(fusesOf(flavour)).filter(([fuse]) => there === null || Object.hasOwn(there, fuse));
  const all = Object.fromEntries(wanted) as Record<FuseV1Options, boolean>;
  await flipFuses(program, { version: FuseVersion.V1, strictlyRequireAllFuses: true, ...all });
}

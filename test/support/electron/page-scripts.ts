import { readFileSync } from 'node:fs';
import { pageSource } from './codec.ts';

/** The name of the world that preloads run in, which is Electron's. */
export const PRELOAD_WORLD = 'Electron Isolated Context';
export const BINDING = 'standInBinding';

export interface PageOptions {
  /** A name that only the two worlds know. */
  readonly secret: string;
  /** The preload's file; null for none. */
  readonly preload: string | null;
  /** Whether it runs in frames below the main one, too. */
  readonly everyFrame: boolean;
  readonly driven: boolean;
  readonly argv: readonly string[];
}

/** What runs in the page's own world before its scripts. */
export function mainWorldScript(options: PageOptions): string {
  return `(${pageSource('main-world.js')})(${JSON.stringify({ secret: options.secret })}, ${pageSource('bridge.js')});`;
}

/** What runs in the preload's world: the shim, then the preload as it was built. */
export function preloadScript(options: PageOptions): string {
  const { secret, preload, everyFrame, driven, argv } = options;
  const config = {
    secret,
    everyFrame,
    driven,
    argv,
    env: { platform: process.platform, arch: process.arch },
    versions: { electron: process.versions['electron'], node: process.versions.node },
  };
  const body =
    preload === null ? 'null' : `function (require, process, exports, module) {\n${readFileSync(preload, 'utf8')}\n}`;
  return `(${pageSource('isolated-world.js')})(${JSON.stringify(config)}, ${pageSource('bridge.js')}, ${pageSource('codec.js')}, ${body});`;
}

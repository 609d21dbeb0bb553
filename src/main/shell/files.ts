import nodePath from 'node:path';
import type { PlatformPath } from 'node:path';
import { APP_HOST, APP_SCHEME } from '../../contract/bridge.ts';

/** Names that Windows takes for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** What a build names its files. No leading dot, so neither `..` nor hidden files; no separator, colon, space or control character. */
const NAME = /^[\w-](?:[\w.-]*[\w-])?$/;

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    html: 'text/html; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    mjs: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    json: 'application/json; charset=utf-8',
    map: 'application/json; charset=utf-8',
    svg: 'image/svg+xml',
    png: 'image/png',
    jpg: 'image/jpeg',
    webp: 'image/webp',
    ico: 'image/x-icon',
    woff2: 'font/woff2',
    woff: 'font/woff',
    txt: 'text/plain; charset=utf-8',
  }),
);

/** The MIME type by a file's extension; bytes of no kind when it is not known. */
export function typeOf(file: string): string {
  return TYPES.get(file.slice(file.lastIndexOf('.') + 1).toLowerCase()) ?? 'application/octet-stream';
}

/**
 * The file below `root` that a URL of the page names: `/` is `index.html`, query and fragment say nothing. Null for every other scheme or
 * host, for user info or a port, and for a path that has any part which a build does not make. `path` is the platform's, for tests.
 */
export function fileFor(address: string, root: string, path: PlatformPath = nodePath): string | null {
  const names = namesOf(address);
  if (names === null) return null;
  return path.join(root, ...(names.length === 0 ? ['index.html'] : names));
}

function namesOf(address: string): readonly string[] | null {
  let names: readonly string[];
  try {
    const url = new URL(address);
    if (url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST || url.username !== '' || url.password !== '') {
      return null;
    }
    if (url.pathname === '/' || url.pathname === '') return [];
    // Decoded once; what then still holds a percent sign is refused with every other odd character.
    names = url.pathname.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
  return names.every((name) => NAME.test(name) && !DEVICE.test(name)) ? names : null;
}

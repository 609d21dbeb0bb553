import { APP_HOST, APP_ORIGIN, APP_SCHEME } from '../../contract/bridge.ts';
import type { DevelopmentServer } from './development.ts';

/** Whether the page's session may load an address at all: our own, the developer tools' where they are on, and the development server's. */
export function mayLoad(
  address: string,
  options: { devTools: boolean; development: DevelopmentServer | null },
): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol === `${APP_SCHEME}:`) return url.host === APP_HOST;
  if (options.devTools && url.protocol === 'devtools:') return true;
  const { development } = options;
  return (
    development !== null &&
    (url.origin === development.origin || `${url.protocol}//${url.host}` === development.sockets)
  );
}

/** The page's origin: the only one whose frames main listens to. */
export const originOf = (development: DevelopmentServer | null): string => development?.origin ?? APP_ORIGIN;

/** Whether a page may lead its window to an address by itself: never, but for the development server's reload. */
export function mayNavigate(address: string, development: DevelopmentServer | null): boolean {
  return development !== null && URL.canParse(address) && new URL(address).origin === development.origin;
}

/**
 * Whether an address may be opened in the person's browser: https, the default port, no user info, and a host that stands in the list to the
 * letter (lower case; international names as punycode).
 */
export function isAllowedExternal(address: string, hosts: readonly string[]): boolean {
  // What a parser would quietly drop or turn round is no address of ours.
  if (!/^https:\/\/[\x21-\x7e]+$/.test(address) || address.includes('\\')) return false;
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.port === '' &&
    hosts.includes(url.hostname)
  );
}

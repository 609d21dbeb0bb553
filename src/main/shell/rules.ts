import { APP_ORIGIN } from '../../contract/bridge.ts';
import type { DevelopmentServer } from './development.ts';

/** Scheme and host of an address, as `URL.origin` gives none for our own scheme; null for what is no address. */
function originIn(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}

/** The page's origin: the only one whose frames main listens to. */
export const originOf = (development: DevelopmentServer | null): string => development?.origin ?? APP_ORIGIN;

/** Whether an address belongs to the window's page. */
export const isHome = (address: string, development: DevelopmentServer | null): boolean =>
  originIn(address) === originOf(development);

/** Whether the page's session may load an address at all: the page's own, and the developer tools' where they are on. */
export function mayLoad(
  address: string,
  options: { devTools: boolean; development: DevelopmentServer | null },
): boolean {
  if (isHome(address, options.development)) return true;
  if (options.devTools && address.startsWith('devtools:')) return true;
  return options.development !== null && originIn(address) === options.development.sockets;
}

/** Whether a page may lead its window to an address by itself: never, but for the development server's reload. */
export const mayNavigate = (address: string, development: DevelopmentServer | null): boolean =>
  development !== null && isHome(address, development);

/**
 * Whether an address may be opened in the person's browser: https, the default port, no user info, and a host that stands in the list to the
 * letter (lower case; international names as punycode).
 */
export function isAllowedExternal(address: string, hosts: readonly string[]): boolean {
  // What a parser would quietly drop or turn round is no address of ours.
  if (!/^https:\/\/[a-z\d][\x21-\x7e]*$/i.test(address) || address.includes('\\') || !URL.canParse(address))
    return false;
  const { username, password, port, hostname } = new URL(address);
  return username === '' && password === '' && port === '' && hosts.includes(hostname);
}

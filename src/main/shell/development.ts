import { policyWith } from './headers.ts';

/** A development server in the place of the built page. Only `npm run dev` makes one, so that builds hold nothing of it. */
export interface DevelopmentServer {
  readonly url: string;
  readonly origin: string;
  /** The looser policy of its replies. */
  readonly policy: string;
  /** Addresses beside its own origin that its page may reach. */
  readonly sockets: string;
}

/** The development server at a URL text (electron-vite's ELECTRON_RENDERER_URL); null for anything but http on loopback. */
export function developmentServer(address: string | undefined): DevelopmentServer | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return null;
  const sockets = `ws://${url.host}`;
  // Its client writes style elements and, for an error, markup, and hears of changes by a socket.
  const policy = policyWith({
    'style-src': "'self' 'unsafe-inline'",
    'connect-src': `'self' ${sockets}`,
    'require-trusted-types-for': null,
    'trusted-types': null,
  });
  return { url: url.href, origin: url.origin, policy, sockets };
}

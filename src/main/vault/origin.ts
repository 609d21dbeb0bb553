/** Names and addresses of this machine itself: 127.0.0.0/8, ::1 (also as mapped IPv4), the unspecified addresses and `localhost`. */
function isOwnMachine(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/u, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/u.test(name) ||
    name === '0.0.0.0' ||
    name === '[::]' ||
    name === '[::1]' ||
    /^\[::ffff:(?:7f[0-9a-f]{2}:[0-9a-f]{1,4}|0:0)\]$/u.test(name)
  );
}

/** An origin as it is kept, or what is wrong with the text. */
export type OriginReading =
  | {
      readonly ok: true;
      readonly origin: string;
      readonly host: string;
      readonly secure: boolean;
      readonly loopback: boolean;
    }
  | { readonly ok: false };

/** Reads `https://host[:port]`, with at most a slash after it; no user, path, query or fragment. `host` has the port unless it is the scheme's own. */
export function readOrigin(text: string): OriginReading {
  if (!URL.canParse(text) || /[\s\\*]/u.test(text)) return { ok: false };
  const url = new URL(text);
  const bare =
    url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!bare || !['https:', 'http:'].includes(url.protocol) || /[?#@]/u.test(text)) return { ok: false };
  return {
    ok: true,
    origin: url.origin,
    host: url.host,
    secure: url.protocol === 'https:',
    loopback: isOwnMachine(url.hostname),
  };
}

/** Reads `host` or `host:port`. Port 443 is left off, as in `https` origins. */
export function readHost(text: string): { readonly host: string; readonly loopback: boolean } | null {
  if (text.includes('/')) return null;
  const read = readOrigin(`https://${text}`);
  return read.ok ? { host: read.host, loopback: read.loopback } : null;
}

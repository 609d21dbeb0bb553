/** What the system says of the way to an address. `unsupported` is a proxy of a kind that the console does not speak (SOCKS). */
export type SystemProxy =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly url: string }
  | { readonly kind: 'unsupported'; readonly what: string };

const SCHEMES: ReadonlyMap<string, string> = new Map([
  ['PROXY', 'http'],
  ['HTTP', 'http'],
  ['HTTPS', 'https'],
]);
const PLACE = /^(?:\[[\da-f:.]+\]|[^\s:/@[\]]+)(?::\d{1,5})?$/i;

function proxyUrl(scheme: string, place: string): string | null {
  const text = `${scheme}://${place}`;
  if (!PLACE.test(place) || !URL.canParse(text)) return null;
  const { port, protocol, hostname } = new URL(text);
  return `${protocol}//${hostname}:${port === '' ? (scheme === 'https' ? '443' : '80') : port}`;
}

/**
 * Reads a proxy list as Chromium and PAC files write it ("PROXY a:8080; SOCKS5 b:1080; DIRECT"): the first way counts. A SOCKS proxy gives way
 * to a later proxy that can be spoken to, never to DIRECT, which could lead around a proxy that the network demands.
 */
export function parseProxyList(list: string): SystemProxy {
  let unsupported: string | null = null;
  for (const entry of list.split(';').map((part) => part.trim())) {
    const [word = '', place = ''] = entry.split(/\s+/);
    const kind = word.toUpperCase();
    if (kind === '') continue;
    if (kind === 'DIRECT') {
      if (unsupported === null) return { kind: 'direct' };
      continue;
    }
    const scheme = SCHEMES.get(kind);
    const url = scheme === undefined ? null : proxyUrl(scheme, place);
    if (url !== null) return { kind: 'proxy', url };
    // What is no plain place may hold a password.
    unsupported ??= PLACE.test(place) ? `${kind} ${place}` : kind;
  }
  return unsupported === null ? { kind: 'direct' } : { kind: 'unsupported', what: unsupported };
}

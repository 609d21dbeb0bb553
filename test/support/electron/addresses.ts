/**
 * Chromium lets no one but itself serve a scheme of one's own, so `app://console/x` is shown to it as `https://console.app.standin.test/x`. Main
 * sees its own addresses everywhere; only the page's `location` is the mapped one.
 */
const schemes = new Set<string>();
const DOMAIN = 'standin.test';
const MAPPED = /^(?:https|wss):\/\/(.*)\.([a-z][a-z0-9+-]*)\.standin\.test(?::443)?(?=[/?#]|$)/i;
const OWN = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i;

/** Makes a scheme one that is mapped. */
export function addScheme(scheme: string): void {
  schemes.add(scheme);
}

/** The address as Chromium knows it. */
export function toChromium(address: string): string {
  const [, scheme = '', host = '', rest = ''] = OWN.exec(address) ?? [];
  if (!schemes.has(scheme)) return address;
  return `https://${host}.${scheme}.${DOMAIN}${rest.startsWith('/') ? rest : `/${rest}`}`;
}

/** The address as main knows it. */
export function toApp(address: string): string {
  const [start = '', host = '', scheme = ''] = MAPPED.exec(address) ?? [];
  return schemes.has(scheme) ? `${scheme}://${host}${address.slice(start.length)}` : address;
}

/** An origin as main knows it: 'null' when it is opaque. */
export function originOf(chromiumOrigin: string): string {
  return chromiumOrigin === '' || chromiumOrigin === '://' ? 'null' : toApp(chromiumOrigin);
}

/** A Content-Security-Policy whose sources that name an own scheme name the mapped address instead. */
export function mapPolicy(policy: string): string {
  return policy
    .split(' ')
    .map((word) => {
      const [, source = '', end = ''] = /^(.*?)([;,]?)$/.exec(word) ?? [];
      if (schemes.has(source.slice(0, -1)) && source.endsWith(':'))
        return `https://*.${source.slice(0, -1)}.${DOMAIN}${end}`;
      return OWN.test(source) ? `${toChromium(source).replace(/\/$/, source.endsWith('/') ? '/' : '')}${end}` : word;
    })
    .join(' ');
}

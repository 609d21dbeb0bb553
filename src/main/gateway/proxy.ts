/** What the person set: a proxy's URL or null for none, and hosts that are reached without it. */
export interface ProxySetting {
  readonly url: string | null;
  readonly noProxy?: string;
}

/**
 * Says through which proxy an origin (`https://host:port`) is reached, as a proxy's URL, or null for none. Asked once for each connection's
 * opening, not for each call. Rejects with the AppError that a person is to read.
 */
export type ProxyResolver = (origin: string) => Promise<string | null>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy of the environment: HTTPS_PROXY, else HTTP_PROXY; NO_PROXY; the lower-case names first. */
export function proxyFromEnvironment(env: Environment): ProxySetting {
  const pick = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = (env[name.toLowerCase()] ?? env[name])?.trim();
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  return { url: pick('HTTPS_PROXY', 'HTTP_PROXY') ?? null, noProxy: pick('NO_PROXY') ?? '' };
}

/** Whether NO_PROXY's list holds the host: `*`, a name with its subdomains, `.name`, `*.name`, an address, each with or without `:port`. */
export function bypasses(noProxy: string, hostname: string, port: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '') return false;
      if (entry === '*') return true;
      const match = /^(\[[^\]]*\]|[^:]+|.*:.*:.*?)(?::(\d+))?$/.exec(entry);
      const name = (match?.[1] ?? entry).replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
      if (match?.[2] !== undefined && match[2] !== port) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

/** The proxy of a setting for a host; null for none. */
export function proxyOfSetting(setting: ProxySetting, hostname: string, port: string): string | null {
  return setting.url === null || bypasses(setting.noProxy ?? '', hostname, port) ? null : setting.url;
}

/** A proxy that can be used: `uri` may hold a password and is never shown; `shown` is host and port. */
export interface Proxy {
  readonly uri: string;
  readonly shown: string;
  /** Value of the Proxy-Authorization header, when the URL has a name. */
  readonly authorization: string | null;
}

/** The proxy of a URL text (`http://`, `https://` or bare `host:port`). Null when it cannot be used. */
export function parseProxy(text: string): Proxy | null {
  try {
    const url = new URL(text.includes('://') ? text : `http://${text}`);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
    const name = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    const authorization = name === '' ? null : `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return { uri: url.origin, shown: `${url.hostname}:${port}`, authorization };
  } catch {
    return null;
  }
}

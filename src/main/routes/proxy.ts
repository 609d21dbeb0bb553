import { appError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/settings.ts';
import { proxyFromEnvironment, proxyOfSetting, type ProxyResolver } from '../gateway/proxy.ts';
import type { Desk } from './desk.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function unspoken(what: string): Error {
  return appError(
    'PROXY_FAILED',
    {
      zh: `什么都没有发送：系统设置的代理（${what}）不是 HTTP 代理，控制台用不了。`,
      en: `Nothing was sent: the system's proxy (${what}) is no HTTP proxy, and the console speaks no other.`,
    },
    {
      zh: '请在设置里填写一个 HTTP 代理，或改为不使用代理。',
      en: 'Name an HTTP proxy in the settings, or use none.',
    },
    { data: { proxy: what } },
  );
}

/**
 * The way to each origin as the settings want it: `system` asks the system, and the environment where the system says nothing; a proxy of the
 * system that cannot be spoken to is never gone around.
 */
export function proxyBySettings(
  settings: () => Settings,
  desk: Pick<Desk, 'resolveProxy'>,
  env: Environment = process.env,
): ProxyResolver {
  return async (origin) => {
    const { proxy, proxyUrl } = settings();
    if (proxy === 'none') return null;
    if (proxy === 'manual') return proxyUrl;
    const way = await desk.resolveProxy(origin);
    if (way.kind === 'proxy') return way.url;
    if (way.kind === 'unsupported') throw unspoken(way.what);
    const { hostname, port, protocol } = new URL(origin);
    const openPort = port === '' ? (protocol === 'http:' ? '80' : '443') : port;
    return proxyOfSetting(proxyFromEnvironment(env), hostname, openPort);
  };
}

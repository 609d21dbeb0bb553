import type { Session } from 'electron';
import type { DevelopmentServer } from './development.ts';
import { mayLoad } from './rules.ts';

/** What was refused, for the log: which kind, and of an address no more than scheme and host. */
export type Refused = (
  what: 'request' | 'permission' | 'download' | 'navigation' | 'window' | 'external',
  detail: string,
) => void;

/** An address without path, query or user info, which may hold what the log should not. */
export function shortly(address: string): string {
  if (!URL.canParse(address)) return 'no address';
  const url = new URL(address);
  return `${url.protocol}//${url.hostname}`;
}

/** Refuses every permission, device and download to a session's pages, and takes its spell checker away, which would load dictionaries. */
export function refuseEverything(session: Session, refused: Refused): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    refused('permission', permission);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
    refused('download', '');
  });
  session.setSpellCheckerEnabled(false);
}

/**
 * Where a closed session's connections would have to go: nowhere. What no request filter sees (WebRTC by TCP) still asks for the proxy.
 */
const DEAD_END = 'http://127.0.0.1:1';

/** Closes a session to every address but our own. */
export async function closeToNetwork(
  session: Session,
  options: { devTools: boolean; development: DevelopmentServer | null; refused: Refused },
): Promise<void> {
  const { development, refused } = options;
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !mayLoad(details.url, options);
    if (cancel) refused('request', shortly(details.url));
    answer({ cancel });
  });
  if (development !== null) {
    session.webRequest.onHeadersReceived((details, answer) =>
      answer({ responseHeaders: { ...details.responseHeaders, 'Content-Security-Policy': [development.policy] } }),
    );
  }
  await session.setProxy({ mode: 'fixed_servers', proxyRules: DEAD_END });
}

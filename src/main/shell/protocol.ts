import { protocol } from 'electron';
import type { Session } from 'electron';
import { APP_SCHEME } from '../../contract/bridge.ts';
import { replyTo } from './replies.ts';

/** Makes `app:` a scheme with an origin of its own. To be called before Electron is ready, once. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves `app://console/` to one session from the renderer's built folder. */
export function serve(session: Session, root: string): void {
  session.protocol.handle(APP_SCHEME, (request) => replyTo(request, root));
}

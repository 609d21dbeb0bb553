import type { Session } from 'electron';
import { parseProxyList } from './pac.ts';
import type { SystemProxy } from './pac.ts';

/** The system's way to an https address, settings and PAC scripts considered. The session must be one that follows the system. */
export async function systemProxy(session: Session, address: string): Promise<SystemProxy> {
  return parseProxyList(await session.resolveProxy(address));
}

import type { Events } from '../ipc/events.ts';
import type { Handlers } from '../ipc/gate.ts';
import type { RouteName } from '../../contract/routes.ts';
import type { Desk } from './desk.ts';
import type { FileRegistry } from './files.ts';
import type { SettingsFile } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** What the routes stand on. */
export interface RouteContext {
  readonly desk: Desk;
  readonly events: Events;
  readonly settings: SettingsFile;
  readonly files: FileRegistry;
  /** The present workspace, once it is open; rejects with what keeps it from opening. */
  readonly workspace: () => Promise<Workspace>;
}

/** The handlers of some routes. */
export type Routes<Prefix extends string> = Pick<Handlers, Extract<RouteName, `${Prefix}.${string}`>>;

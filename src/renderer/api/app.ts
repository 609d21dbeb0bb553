import type { Settings } from '../../contract/settings.ts';
import type { LinkId } from '../../contract/links.ts';
import type { NewerWish } from '../../contract/newer.ts';
import { call } from './client.ts';

/** Where the console stands: version, workspace, settings, what a crash left behind. */
export const readState = () => call('app.state', undefined);
export const switchWorkspace = (workspace: 'real' | 'practice') => call('app.workspace', workspace);
export const openLink = (link: LinkId) => call('app.open', link);
export const showDataFolder = () => call('app.showDataFolder', undefined);
/** Whether there is a newer console; looks for it or loads it first, where that is asked. */
export const askNewer = (wish: NewerWish) => call('app.newer', wish);
export const readLicences = () => call('app.licences', undefined);
/** Puts a text on the clipboard. Never a secret: the window has none. */
export const copyText = (text: string) => call('app.copy', text);
export const changeSettings = (patch: Partial<Settings>) => call('settings.change', patch);
export const listVendors = () => call('vendors.list', undefined);

import { call } from './client.ts';

export const readLock = () => call('lock.state', undefined);
/** Passphrases cross here, inward alone. */
export const unlock = (passphrase: string) => call('lock.unlock', { passphrase });
export const unlockBySystem = () => call('lock.unlockBySystem', undefined);
export const setLock = (passphrase: string, current: string | null) => call('lock.set', { passphrase, current });
export const removeLock = (current: string) => call('lock.remove', { current });
/** The page is loaded anew with it. */
export const lockNow = () => call('lock.now', undefined);

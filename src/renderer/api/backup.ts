import { call } from './client.ts';

/** The passphrase crosses here, inward; the secrets never do. */
export const makeBackup = (passphrase: string) => call('backup.make', { passphrase });
export const chooseBackup = () => call('backup.choose', undefined);
export const openBackup = (fileId: string, passphrase: string) => call('backup.open', { fileId, passphrase });
export const restoreBackup = (restoreId: string, ids: readonly string[]) =>
  call('backup.restore', { restoreId, ids: [...ids] });
export const closeBackup = () => call('backup.close', undefined);

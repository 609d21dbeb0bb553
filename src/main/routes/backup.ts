import { BackupDesk, backupName, makeBackup } from '../backup/backup.ts';
import type { RouteContext, Routes } from './context.ts';
import { changeable } from './refusals.ts';

/** The routes of backups. An opened backup's secrets stay here. */
export function backupRoutes({ workspace, desk, files }: RouteContext): Routes<'backup'> {
  const opened = new BackupDesk();
  return {
    'backup.make': async ({ passphrase }) => {
      const { vault, audit } = changeable(await workspace()).services;
      const path = await desk.saveFile(backupName(new Date()));
      if (path === null) return { file: null, accounts: 0, leftOut: [] };
      const made = await makeBackup(vault, path, passphrase);
      await audit.note({
        what: 'backup.made',
        detail: { accounts: made.accounts, leftOut: made.leftOut.length },
      });
      return { file: files.saved(path, made.accounts), ...made };
    },
    'backup.choose': async () => {
      const path = await desk.chooseBackup();
      return path === null ? null : files.choose(path);
    },
    'backup.open': async ({ fileId, passphrase }) =>
      opened.open(changeable(await workspace()).services.vault, files.path(fileId), passphrase),
    'backup.restore': async ({ restoreId, ids }) => {
      const { services } = changeable(await workspace());
      try {
        const restored = await opened.restore(services.vault, restoreId, ids);
        await services.audit.note({ what: 'backup.restored', detail: { accounts: restored } });
        return { restored };
      } finally {
        for (const id of ids) services.gateway.forget(id);
      }
    },
    'backup.close': () => {
      opened.close();
    },
  };
}

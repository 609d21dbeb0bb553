import { writeFile } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import type { RouteContext, Routes } from './context.ts';

/** The routes of the audit trail. */
export function auditRoutes({ workspace, desk, files }: RouteContext): Routes<'audit'> {
  return {
    'audit.page': async ({ offset, limit }) => (await workspace()).services.audit.page(offset, limit),
    'audit.verify': async () => (await workspace()).services.audit.verify(),
    'audit.export': async () => {
      const { audit } = (await workspace()).services;
      const day = new Date().toISOString().slice(0, 10);
      const path = await desk.saveFile(`audit-${day}.jsonl`);
      if (path === null) return null;
      // Told of first, so that the export holds it.
      await audit.note({ what: 'trail.exported' });
      const text = await audit.text();
      await writeFile(path, text, { mode: 0o600 }).catch((cause: unknown) => {
        throw notWritten(cause);
      });
      return files.saved(path, text.split('\n').length - 1);
    },
  };
}

function notWritten(cause: unknown): Error {
  return appError(
    'FILE_UNREADABLE',
    { zh: '文件无法写入。', en: 'The file could not be written.' },
    {
      zh: '请检查磁盘空间和文件夹的权限后重试。',
      en: 'Check the disk space and the rights of the folder, and try again.',
    },
    { cause },
  );
}

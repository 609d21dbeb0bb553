import { randomBytes } from 'node:crypto';
import { access, link, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, appError } from '../../../contract/errors.ts';

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** What a file system says that has no hard links (FAT, some network drives). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR']);

/**
 * Writes a file that has its name only when it is whole and on the disk; where `write` throws, no file is left behind. Throws EXPORT_EXISTS for a
 * name that is taken and not to be overwritten, DISK_FULL, FILE_UNREADABLE, and what `write` throws of its own.
 */
export async function wholeFile<T>(
  path: string,
  overwrite: boolean,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  if (!overwrite && (await exists(path))) throw alreadyThere(path);
  // Of at most 255 bytes, as the longest name there may be.
  const begun = [...basename(path)].slice(0, 40).join('');
  const temporary = join(dirname(path), `.${begun}.${randomBytes(6).toString('hex')}.part`);
  try {
    const written = await writeTemporary(temporary, write);
    await giveName(temporary, path, overwrite);
    return written;
  } catch (cause) {
    throw asExportError(cause, path);
  } finally {
    // What cannot be removed says nothing of the file, which has its name by now, or of why it has not.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function writeTemporary<T>(temporary: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(temporary, 'wx', 0o600);
  try {
    const written = await write(file);
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}

/** Gives the whole file its name, without ever replacing a file that nobody asked to replace. */
async function giveName(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) await rename(temporary, path);
  else await nameNewly(temporary, path);
  await syncFolder(dirname(path));
}

async function nameNewly(temporary: string, path: string): Promise<void> {
  try {
    // A link, unlike a rename, fails when the name is taken.
    await link(temporary, path);
  } catch (cause) {
    if (!NO_LINKS.has(codeOf(cause))) throw cause;
    if (await exists(path)) throw alreadyThere(path);
    await rename(temporary, path);
  }
}

/** Makes the name itself durable where the system can. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows opens no folders; the file's own bytes are on the disk already.
  }
}

/** What a file system says of a name that no file has; of anything else it may have one. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    return !ABSENT.has(codeOf(cause));
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** A failure to write a file as a person meets it: EXPORT_EXISTS, DISK_FULL, FILE_UNREADABLE; anything else unchanged. */
export function asExportError(cause: unknown, path: string): unknown {
  if (cause instanceof AppError) return cause;
  const code = codeOf(cause);
  if (code === 'EEXIST') return alreadyThere(path);
  if (NO_SPACE.has(code)) {
    return appError(
      'DISK_FULL',
      {
        zh: '磁盘空间不足（或不能存放这么大的文件），没有生成导出文件',
        en: 'The disk is full, or takes no file this large; no export was made.',
      },
      { zh: '请清理空间或换一个位置再导出', en: 'Free some space or choose another place, and export again.' },
      { data: { file: basename(path), code }, cause },
    );
  }
  // The iterable's own failures (the journal's) are not ours to rename.
  if (!/^E[A-Z]+$/u.test(code)) return cause;
  return appError(
    'FILE_UNREADABLE',
    { zh: `无法写入“${basename(path)}”（${code}）`, en: `"${basename(path)}" cannot be written (${code}).` },
    {
      zh: '请检查文件夹是否存在、是否有权限，关闭占用它的程序后再试',
      en: 'Check that the folder exists and may be written to, close programs that hold the file, and try again.',
    },
    { data: { file: basename(path), code }, cause },
  );
}

function alreadyThere(path: string): AppError {
  return appError(
    'EXPORT_EXISTS',
    { zh: `“${basename(path)}”已经存在，没有覆盖`, en: `"${basename(path)}" exists already and was left as it is.` },
    { zh: '请换一个文件名，或确认覆盖', en: 'Choose another name, or ask for it to be replaced.' },
    { data: { file: basename(path) } },
  );
}

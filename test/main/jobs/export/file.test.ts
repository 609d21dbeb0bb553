import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError, appError } from '../../../../src/contract/errors.ts';
import { asExportError, wholeFile } from '../../../../src/main/jobs/export/file.ts';
import { failure } from '../intake/support.ts';
import { exportFolders } from './support.ts';

/** What is asked of the disk, in turn; and what it answers to a link, as no disk here is without links. */
const disk = vi.hoisted(() => ({ log: [] as string[], refuses: null as string | null, beforeLink: () => {} }));
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => {
      const handle = await real.open(...args);
      const what = args[1] === 'r' ? 'folder' : 'file';
      const { sync, close } = handle;
      handle.sync = () => (disk.log.push(`sync ${what}`), sync.call(handle));
      handle.close = () => (disk.log.push(`close ${what}`), close.call(handle));
      return handle;
    },
    link: async (...args: Parameters<typeof real.link>) => {
      disk.beforeLink();
      disk.log.push('link');
      if (disk.refuses !== null) throw Object.assign(new Error('no link'), { code: disk.refuses });
      await real.link(...args);
    },
    rename: async (...args: Parameters<typeof real.rename>) => {
      disk.log.push('rename');
      await real.rename(...args);
    },
  };
});

beforeEach(() => {
  Object.assign(disk, { log: [], refuses: null, beforeLink: () => {} });
});

const folder = exportFolders();
const newFile = (): string => join(folder(), 'out.csv');
const writing =
  (text: string) =>
  async (file: FileHandle): Promise<string> => {
    await file.appendFile(text);
    return 'done';
  };
const here = (path: string): string[] => readdirSync(dirname(path));

describe('a whole file', () => {
  it('is on the disk before it has its name, and its name is on the disk at the end', async () => {
    const path = newFile();
    expect(await wholeFile(path, false, writing('all'))).toBe('done');
    expect(disk.log).toEqual(['sync file', 'close file', 'link', 'sync folder', 'close folder']);
    expect([readFileSync(path, 'utf8'), here(path)]).toEqual(['all', ['out.csv']]);
  });

  it('takes another’s place at once, and only when it is whole', async () => {
    const path = newFile();
    writeFileSync(path, 'old');
    await wholeFile(path, true, async (file) => {
      await writing('new')(file);
      expect(readFileSync(path, 'utf8')).toBe('old');
    });
    expect(disk.log).toEqual(['sync file', 'close file', 'rename', 'sync folder', 'close folder']);
    expect([readFileSync(path, 'utf8'), here(path)]).toEqual(['new', ['out.csv']]);
  });

  it('has a hidden name of its own until then, however long its name is', async () => {
    for (const [name, shown] of [
      ['out.csv', 'out\\.csv'],
      [`${'x'.repeat(251)}.csv`, 'x{40}'],
      [`${'订'.repeat(83)}.csv`, '订{40}'],
      [`${'😀'.repeat(62)}.csv`, '😀{40}'],
      ['中文.csv', '中文\\.csv'],
    ] as const) {
      const path = join(folder(), name);
      await wholeFile(path, false, async () => {
        expect(here(path).join()).toMatch(new RegExp(`^\\.${shown}\\.[0-9a-f]{12}\\.part$`, 'u'));
      });
      expect(here(path)).toEqual([name]);
    }
  });

  it('is not there when writing it fails, and what was open is closed', async () => {
    const path = newFile();
    const odd = new Error('odd');
    await expect(
      wholeFile(path, false, async (file) => {
        await writing('half')(file);
        throw odd;
      }),
    ).rejects.toBe(odd);
    expect([disk.log, here(path)]).toEqual([['close file'], []]);
  });

  it('asks nothing of the disk where its name is taken', async () => {
    const path = newFile();
    writeFileSync(path, 'mine');
    expect((await failure(() => wholeFile(path, false, writing('x')))).code).toBe('EXPORT_EXISTS');
    expect([disk.log, readFileSync(path, 'utf8')]).toEqual([[], 'mine']);
  });

  it.each([
    ['below a file', join('out.csv', 'x.csv'), 'ENOTDIR'],
    ['longer than a name may be', `${'x'.repeat(256)}.csv`, 'ENAMETOOLONG'],
    ['in a folder that is not there', join('nowhere', 'x.csv'), 'ENOENT'],
  ])('is told why it cannot be written %s, not that it is there', async (_name, below, code) => {
    const path = newFile();
    writeFileSync(path, 'mine');
    const error = await failure(() => wholeFile(join(dirname(path), below), false, writing('x')));
    expect([error.code, error.data]).toEqual(['FILE_UNREADABLE', { file: basename(below), code }]);
    expect(here(path)).toEqual(['out.csv']);
  });

  it('does not replace a file that came meanwhile', async () => {
    const path = newFile();
    disk.beforeLink = () => writeFileSync(path, 'mine');
    expect((await failure(() => wholeFile(path, false, writing('x')))).code).toBe('EXPORT_EXISTS');
    expect([readFileSync(path, 'utf8'), here(path)]).toEqual(['mine', ['out.csv']]);
  });
});

describe('a file system without links', () => {
  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EISDIR'])(
    'that says %s gives the name by a rename, and replaces nothing',
    async (code) => {
      disk.refuses = code;
      const path = newFile();
      await wholeFile(path, false, writing('all'));
      expect([readFileSync(path, 'utf8'), here(path)]).toEqual(['all', ['out.csv']]);
      expect(disk.log.slice(2, 4)).toEqual(['link', 'rename']);
      const taken = newFile();
      disk.beforeLink = () => writeFileSync(taken, 'mine');
      expect((await failure(() => wholeFile(taken, false, writing('x')))).code).toBe('EXPORT_EXISTS');
      expect([readFileSync(taken, 'utf8'), here(taken)]).toEqual(['mine', ['out.csv']]);
    },
  );

  it('is another thing than one that refuses', async () => {
    disk.refuses = 'EACCES';
    const path = newFile();
    const { code, data } = await failure(() => wholeFile(path, false, writing('x')));
    expect([code, data, here(path)]).toEqual(['FILE_UNREADABLE', { file: 'out.csv', code: 'EACCES' }, []]);
  });
});

describe('a failure to write', () => {
  const coded = (code: unknown): Error => Object.assign(new Error('x'), { code });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('for want of room (%s) says so', (code) => {
    const cause = coded(code);
    const said = asExportError(cause, '/a/out.csv');
    expect(said).toBeInstanceOf(AppError);
    expect(said).toMatchObject({
      code: 'DISK_FULL',
      cause,
      data: { file: 'out.csv', code },
      text: {
        message: {
          zh: '磁盘空间不足（或不能存放这么大的文件），没有生成导出文件',
          en: 'The disk is full, or takes no file this large; no export was made.',
        },
        remedy: {
          zh: '请清理空间或换一个位置再导出',
          en: 'Free some space or choose another place, and export again.',
        },
      },
    });
  });

  it.each(['EACCES', 'EROFS', 'EBUSY'])('of the system (%s) names the file', (code) => {
    const cause = coded(code);
    expect(asExportError(cause, '/a/out.csv')).toMatchObject({
      code: 'FILE_UNREADABLE',
      cause,
      data: { file: 'out.csv', code },
      text: {
        message: { zh: `无法写入“out.csv”（${code}）`, en: `"out.csv" cannot be written (${code}).` },
        remedy: {
          zh: '请检查文件夹是否存在、是否有权限，关闭占用它的程序后再试',
          en: 'Check that the folder exists and may be written to, close programs that hold the file, and try again.',
        },
      },
    });
  });

  it('for a name that is taken says what to do', () => {
    expect(asExportError(coded('EEXIST'), '/a/out.csv')).toMatchObject({
      code: 'EXPORT_EXISTS',
      data: { file: 'out.csv' },
      text: {
        message: { zh: '“out.csv”已经存在，没有覆盖', en: '"out.csv" exists already and was left as it is.' },
        remedy: { zh: '请换一个文件名，或确认覆盖', en: 'Choose another name, or ask for it to be replaced.' },
      },
    });
  });

  it.each<[string, unknown]>([
    ['one of our own', appError('DISK_FULL', { zh: '满', en: 'full' }, { zh: '清', en: 'clear' })],
    ['one without a code', new Error('x')],
    ['one whose code is no system’s', coded('ERR_X')],
    ['one with more than a code', coded('EACCES1')],
    ['one with a code after something', coded('xEACCES')],
    ['an E alone', coded('E')],
    ['no error at all', { code: 'EACCES' }],
    ['nothing', null],
  ])('is left as it is where it is %s', (_, cause) => {
    expect(asExportError(cause, '/a/out.csv')).toBe(cause);
  });
});

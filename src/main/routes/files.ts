import { randomUUID } from 'node:crypto';
import { access, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, resolve } from 'node:path';
import { appError } from '../../contract/errors.ts';
import type { ChosenFile } from '../../contract/routes.ts';
import type { Handlers } from '../ipc/gate.ts';
import type { Desk } from './desk.ts';
import { fileGone } from './refusals.ts';

/** What may be read in. What a file is, its bytes say: a workbook of an old kind is told what to do when it is looked at. */
const EXTENSIONS = ['.csv', '.tsv', '.txt', '.xlsx', '.xlsm', '.xls'];
/** Files that are remembered: more than a person has at hand. */
const MOST_FILES = 200;

function wrongKind(name: string): Error {
  return appError(
    'FILE_UNREADABLE',
    { zh: `“${name}”不是可以读入的文件。`, en: `"${name}" is no file that can be read in.` },
    { zh: '请选择 CSV、TSV、TXT 或 XLSX 文件。', en: 'Choose a CSV, TSV, TXT or XLSX file.' },
    { data: { file: name } },
  );
}

function notThere(name: string, cause?: unknown): Error {
  return appError(
    'FILE_UNREADABLE',
    {
      zh: `无法读取“${name}”，它不存在或不是普通文件。`,
      en: `"${name}" can't be read: it is not there, or no plain file.`,
    },
    { zh: '请检查文件位置和权限后重试。', en: 'Check where it lies and who may read it, and try again.' },
    { data: { file: name }, cause },
  );
}

/** Files that the person chose, dropped or saved. A window has their ids and names; the paths stay here. */
export class FileRegistry {
  readonly #paths = new Map<string, string>();

  /** Makes an input file known. Throws FILE_UNREADABLE for one that is not there, no plain file or of another kind. */
  async register(path: string): Promise<ChosenFile> {
    const name = basename(path);
    if (!isAbsolute(path) || !EXTENSIONS.includes(extname(name).toLowerCase())) throw wrongKind(name);
    return this.choose(path);
  }

  /** Makes a file known that was written here. */
  saved(path: string, rows: number): { fileId: string; name: string; rows: number } {
    return { fileId: this.#keep(path), name: basename(path), rows };
  }

  /** Makes a file known that the person chose for something else than rows. */
  async choose(path: string): Promise<ChosenFile> {
    const name = basename(path);
    const found = await stat(path).catch((error: unknown) => {
      throw notThere(name, error);
    });
    if (!found.isFile()) throw notThere(name);
    return { fileId: this.#keep(path), name, bytes: found.size };
  }

  /** The path of a known file; throws FILE_GONE. */
  path(fileId: string): string {
    const path = this.#paths.get(fileId);
    if (path === undefined) throw fileGone();
    return path;
  }

  #keep(path: string): string {
    const id = randomUUID();
    this.#paths.set(id, resolve(path));
    const oldest = this.#paths.keys().next().value;
    if (this.#paths.size > MOST_FILES && oldest !== undefined) this.#paths.delete(oldest);
    return id;
  }
}

type FileRoutes = Pick<Handlers, 'files.choose' | 'files.register' | 'files.reveal'>;

/** The routes of files. */
export function fileRoutes(files: FileRegistry, desk: Desk): FileRoutes {
  return {
    'files.choose': async () => {
      const path = await desk.chooseFile();
      return path === null ? null : files.register(path);
    },
    'files.register': ({ path }) => files.register(path),
    'files.reveal': async ({ fileId }) => {
      const path = files.path(fileId);
      await access(path).catch(() => {
        throw fileGone();
      });
      desk.reveal(path);
    },
  };
}

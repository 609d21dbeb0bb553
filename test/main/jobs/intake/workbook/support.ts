import { closeSync, openSync } from 'node:fs';
import { afterAll } from 'vitest';
import type { AppError } from '../../../../../src/contract/errors.ts';
import type { Bilingual } from '../../../../../src/contract/text.ts';
import { WORKBOOK_LIMITS, type WorkbookLimits } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import { openZip, type ZipArchive, type ZipEntry } from '../../../../../src/main/jobs/intake/workbook/zip.ts';
import { fileOf } from '../support.ts';

export const FILE = 'orders.xlsx';

const opened: number[] = [];
afterAll(() => {
  for (const fd of opened) closeSync(fd);
});

/** A file of these bytes, open until the tests have ended. */
export function fdOf(bytes: Buffer): number {
  const fd = openSync(fileOf(bytes, FILE).path, 'r');
  opened.push(fd);
  return fd;
}

/** Opens an archive in this thread. */
export function archiveOf(bytes: Buffer, limits: Partial<WorkbookLimits> = {}): ZipArchive {
  return openZip(fdOf(bytes), FILE, { ...WORKBOOK_LIMITS, ...limits });
}

export function entryOf(archive: ZipArchive, name: string): ZipEntry {
  const entry = archive.entries.get(name);
  if (entry === undefined) throw new Error(`no ${name} in the archive`);
  return entry;
}

interface Told {
  readonly code: string;
  readonly data: object;
  readonly message: Bilingual;
}

/** What an error says, to be compared with one of those below. */
export const told = ({ code, data, text }: Pick<AppError, 'code' | 'data' | 'text'>): Told => ({
  code,
  data,
  message: text.message,
});

const malformed = (seems: string, zh: string, en: string): Told => ({
  code: 'INTAKE_MALFORMED',
  data: { file: FILE, seems },
  message: { zh: `“${FILE}”${zh}`, en: `"${FILE}" ${en}.` },
});

export const damaged = (zh: string, en: string): Told =>
  malformed('damaged', `已经损坏，无法读取：${zh}`, `is damaged and cannot be read: ${en}`);

export const excessive = (zh: string, en: string): Told =>
  malformed(
    'excessive',
    `超出了工作簿的安全限度，没有读取：${zh}`,
    `is beyond what is safe to read of a workbook, so it was not read: ${en}`,
  );

import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../src/contract/errors.ts';
import { openInput } from '../../../../../src/main/jobs/intake/input.ts';
import { WORKBOOK_LIMITS, type WorkbookLimits } from '../../../../../src/main/jobs/intake/workbook/limits.ts';
import { readParts } from '../../../../../src/main/jobs/intake/workbook/parts.ts';
import { readSheet } from '../../../../../src/main/jobs/intake/workbook/sheet.ts';
import { openZip } from '../../../../../src/main/jobs/intake/workbook/zip.ts';
import { bookFiles, bookOf, compound, rowsOf, textCell, zipOf, type PackedFile } from '../../../../support/workbook.ts';
import { expectBilingual } from '../../../vendors/shared/bilingual.ts';
import { cellsOf, failure, fileOf } from '../support.ts';

/** What reading a file to its end fails with. */
function refusalOf(bytes: Buffer, limits: Partial<WorkbookLimits> = {}, name = 'orders.xlsx'): Promise<AppError> {
  const workbook = { limits: { ...WORKBOOK_LIMITS, ...limits } };
  return failure(async () => cellsOf(await openInput(fileOf(bytes, name), { workbook })));
}

const SHEET = rowsOf([
  ['订单号', '备注'],
  ['A-000001', '好'],
]);
const PLAIN = { sheets: [{ name: 's', data: SHEET }] };
const SHEET_PART = 'xl/worksheets/sheet1.xml';
/** The plain workbook with one of its files changed. */
function changed(name: string, change: (file: PackedFile) => PackedFile): Buffer {
  return zipOf(bookFiles(PLAIN).map((file) => (file.name === name ? change(file) : file)));
}

describe('what only looks like a workbook', () => {
  it.each<[string, readonly string[], string]>([
    ['a Word document', ['[Content_Types].xml', 'word/document.xml'], 'docx'],
    ['a presentation', ['[Content_Types].xml', 'ppt/presentation.xml'], 'pptx'],
    ['a binary workbook', ['[Content_Types].xml', 'xl/workbook.bin'], 'xlsb'],
    ['an OpenDocument file', ['mimetype', 'content.xml'], 'ods'],
    ['an archive', ['orders.csv'], 'zip'],
  ])('%s is named', async (_name, names, seems) => {
    const error = await refusalOf(zipOf(names.map((name) => ({ name, content: '<x/>' }))));
    expect([error.code, error.data['seems']]).toEqual(['INTAKE_MALFORMED', seems]);
    expectBilingual(error.text.message, error.text.remedy);
  });

  it('has another root than a workbook', async () => {
    const error = await refusalOf(changed('xl/workbook.xml', (file) => ({ ...file, content: '<document/>' })));
    expect(error.data['seems']).toBe('zip');
  });
});

describe('a compound file', () => {
  it.each<[string, Buffer, string, RegExp]>([
    ['an old workbook', compound(['Root Entry', 'Workbook']), 'xls', /save it as "Excel Workbook \(\*\.xlsx\)"/u],
    [
      'an encrypted one',
      compound(['Root Entry', 'EncryptionInfo', 'EncryptedPackage']),
      'encrypted',
      /take the password away/u,
    ],
    ['an old document', compound(['Root Entry', 'WordDocument']), 'doc', /CSV or XLSX/u],
    ['a broken one', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'xls', /xlsx/u],
  ])('%s is told what to do, whatever its name', async (_name, bytes, seems, remedy) => {
    const error = await refusalOf(bytes, {}, 'orders.csv');
    expect([error.code, error.data['seems']]).toEqual(['INTAKE_MALFORMED', seems]);
    expect(error.text.remedy.en).toMatch(remedy);
    expectBilingual(error.text.message, error.text.remedy);
  });
});

describe('an archive that lies or is broken', () => {
  const big = 'x'.repeat(300_000);
  const filled = (file: PackedFile): PackedFile => ({ ...file, content: String(file.content).replace('好', big) });

  it.each<[string, Buffer, string, RegExp]>([
    ['a password', changed(SHEET_PART, (file) => ({ ...file, flags: 1 })), 'encrypted', /password/u],
    [
      'less declared than there is',
      changed(SHEET_PART, (file) => ({ ...filled(file), declaredSize: 100 })),
      'excessive',
      /unpacks to more than it declares/u,
    ],
    [
      'more declared than there is',
      changed(SHEET_PART, (file) => ({ ...file, declaredSize: 9_999 })),
      'damaged',
      /cannot be unpacked/u,
    ],
    ['a wrong checksum', changed(SHEET_PART, (file) => ({ ...file, crc: 1 })), 'damaged', /cannot be unpacked/u],
    ['an unknown method', changed(SHEET_PART, (file) => ({ ...file, method: 12 })), 'damaged', /unknown way/u],
    [
      'two files of one name',
      zipOf([...bookFiles(PLAIN), { name: 'XL/workbook.xml', content: 'x' }]),
      'damaged',
      /one name/u,
    ],
    [
      'a sheet that is not there',
      zipOf(bookFiles(PLAIN).filter(({ name }) => name !== SHEET_PART)),
      'damaged',
      /sheet "s"/u,
    ],
    ['no end', bookOf(PLAIN).subarray(0, -30), 'damaged', /its end is missing/u],
  ])('%s', async (_name, bytes, seems, says) => {
    const error = await refusalOf(bytes);
    expect([error.code, error.data['seems']]).toEqual(['INTAKE_MALFORMED', seems]);
    expect(error.text.message.en).toMatch(says);
    expectBilingual(error.text.message, error.text.remedy);
  });

  it('a comment after its end does not hide it', async () => {
    const input = await openInput(fileOf(zipOf(bookFiles(PLAIN), 'made by a till'), 'a.xlsx'));
    expect(input.first.cells).toEqual(['订单号', '备注']);
  });
});

describe('more than is safe', () => {
  it('a bomb is refused by what it declares, before a byte of it is unpacked', async () => {
    // 40 MB of zeros are 40 kB.
    const bomb = changed(SHEET_PART, (file) => ({ ...file, content: Buffer.alloc(40 * 2 ** 20) }));
    expect(bomb.length).toBeLessThan(60_000);
    const error = await refusalOf(bomb);
    expect(error.data['seems']).toBe('excessive');
    expect(error.text.message.en).toContain('it unpacks to 40 MB, packed tighter than any real table');
  });

  it('a bomb that hides its size is refused at its declared size', async () => {
    const bomb = changed(SHEET_PART, (file) => ({ ...file, content: Buffer.alloc(40 * 2 ** 20), declaredSize: 4_096 }));
    expect((await refusalOf(bomb)).text.message.en).toContain('unpacks to more than it declares');
  });

  it.each<[string, Buffer, Partial<WorkbookLimits>, RegExp]>([
    ['sizes', bookOf(PLAIN), { partBytes: 100 }, /it unpacks to 1 MB/u],
    ['all sizes together', bookOf(PLAIN), { totalBytes: 300 }, /it unpacks to 1 MB/u],
    ['files', bookOf(PLAIN), { entries: 3 }, /it is made of 5 files/u],
    ['a list of files', bookOf(PLAIN), { directoryBytes: 50 }, /it is made of/u],
    ['shared texts', bookOf({ ...PLAIN, shared: ['a', 'b', 'c'] }), { sharedStrings: 2 }, /shared texts/u],
    ['characters in shared texts', bookOf({ ...PLAIN, shared: ['aaa', 'bbb'] }), { sharedChars: 5 }, /shared texts/u],
    [
      'characters in a cell',
      bookOf(PLAIN),
      { cellChars: 4 },
      /a cell of row 2 has more than 4 characters|a cell of row 1/u,
    ],
    ['styles', bookOf({ ...PLAIN, styles: [0, 1, 2, 3] }), { styles: 3 }, /styles/u],
    ['sheets', bookOf({ sheets: [PLAIN.sheets[0]!, { name: 't', data: '' }] }), { sheets: 1 }, /sheets/u],
  ])('%s', async (_name, bytes, limits, says) => {
    const error = await refusalOf(bytes, limits);
    expect([error.code, error.data['seems']]).toEqual(['INTAKE_MALFORMED', 'excessive']);
    expect(error.text.message.en).toMatch(says);
  });

  it.each([
    ['XFD1048576', `<row r="1048576">${textCell('XFD1048576', 'x')}</row>`],
    ['XFD3', `<row r="3">${textCell('XFD3', 'x')}</row>`],
    ['B50000', `<row r="50000">${textCell('B50000', 'x')}</row>`],
  ])('something in %s, far away from the table', async (place, row) => {
    const error = await refusalOf(bookOf({ sheets: [{ name: '表', data: SHEET + row }] }));
    expect([error.code, error.data]).toMatchObject(['INTAKE_MALFORMED', { seems: 'far', cell: place, sheet: '表' }]);
    expect(error.text.remedy.en).toContain(`Delete what is in ${place}`);
  });

  it('memory beyond the limit ends the thread, not the console', async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, index) => `shared text number ${index} ${randomBytes(12).toString('hex')}`,
    );
    const error = await refusalOf(bookOf({ ...PLAIN, shared: rows }), { heapMegabytes: 8 });
    expect(error.data['seems']).toBe('excessive');
    expect(error.text.message.en).toContain('more than 8 MB of memory');
  });

  it('time beyond the limit ends the thread, too', async () => {
    const error = await refusalOf(bookOf(PLAIN), { answerMs: 1 });
    expect(error.text.message.en).toContain('made no progress');
  });
});

describe('XML that is none', () => {
  it.each<[string, string]>([
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'],
    ['tags that do not match', '<worksheet><sheetData></worksheet></sheetData>'],
    ['no end', '<worksheet><sheetData><row r="1">'],
    ['nothing', ''],
    ['a tag without an end', `<worksheet><sheetData ${'x'.repeat(300_000)}`],
    ['depth', '<a>'.repeat(100)],
    ['rows that go back', '<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>'],
    ['a row beyond the last', '<worksheet><sheetData><row r="1048577"/></sheetData></worksheet>'],
    ['a cell of another row', `<worksheet><sheetData><row r="1">${textCell('A2', 'x')}</row></sheetData></worksheet>`],
    [
      'a cell twice',
      `<worksheet><sheetData><row r="1">${textCell('A1', 'x')}${textCell('A1', 'y')}</row></sheetData></worksheet>`,
    ],
    [
      'a place that is none',
      `<worksheet><sheetData><row r="1">${textCell('AAAA1', 'x')}</row></sheetData></worksheet>`,
    ],
    [
      'a shared text that is not there',
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>9</v></c></row></sheetData></worksheet>',
    ],
  ])('%s', async (_name, content) => {
    const error = await refusalOf(changed(SHEET_PART, (file) => ({ ...file, content })));
    expect([error.code, error.data['seems']]).toEqual(['INTAKE_MALFORMED', 'damaged']);
    expectBilingual(error.text.message, error.text.remedy);
  });

  it('bytes that are no UTF-8', async () => {
    const error = await refusalOf(
      changed(SHEET_PART, (file) => ({ ...file, content: Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe]) })),
    );
    expect(error.text.message.en).toContain('its text is not UTF-8');
  });
});

describe('a file that changes while it is read', () => {
  it('is refused at its end', async () => {
    const rows = rowsOf([
      ['订单号'],
      ...Array.from({ length: 4_000 }, (_, index) => [`A-${String(index).padStart(6, '0')}`]),
    ]);
    const file = fileOf(bookOf({ sheets: [{ name: 's', data: rows }] }), 'a.xlsx');
    const input = await openInput(file);
    const error = await failure(async () => {
      let batches = 0;
      for await (const _ of input.records()) if ((batches += 1) === 1) appendFileSync(file.path, 'x');
    });
    expect(error.code).toBe('FILE_UNREADABLE');
    expectBilingual(error.text.message, error.text.remedy);
  });
});

describe('whatever the bytes are', () => {
  const whole = bookOf({ ...PLAIN, shared: ['a', 'b'], styles: [0, 14] });
  const hurt = fc.oneof(
    // A cut, some bytes overwritten, and noise behind a workbook's first bytes.
    fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }).map((changes) => {
      const copy = Buffer.from(whole);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    }),
    fc.uint8Array({ maxLength: 400 }).map((noise) => Buffer.concat([Buffer.from('504b0304', 'hex'), noise])),
    fc.uint8Array({ maxLength: 2_000 }).map((noise) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), noise])),
  );

  /** Reads as the thread does, without one for each of many files. */
  async function readHere(path: string): Promise<(readonly string[])[]> {
    const fd = openSync(path, 'r');
    const cells: (readonly string[])[] = [];
    try {
      const parts = await readParts(openZip(fd, 'fuzz.xlsx', WORKBOOK_LIMITS));
      for (const sheet of parts.sheets) {
        await readSheet(parts, sheet, (rows) => {
          cells.push(...rows.map((row) => row.cells));
          return true;
        });
      }
      return cells;
    } finally {
      closeSync(fd);
    }
  }

  it('a workbook is read as it was, or refused with words in both languages', async () => {
    const file = fileOf('x', 'fuzz.xlsx');
    await fc.assert(
      fc.asyncProperty(hurt, async (bytes) => {
        writeFileSync(file.path, bytes);
        let cells: (readonly string[])[];
        try {
          cells = await readHere(file.path);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          if (!(error instanceof AppError)) return;
          expect(error.code).toMatch(/^INTAKE_/u);
          expectBilingual(error.text.message, error.text.remedy);
          return;
        }
        // What the checksums and the list did not catch changed no cell.
        expect(cells).toEqual([
          ['订单号', '备注'],
          ['A-000001', '好'],
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it('the thread answers for noise, too', async () => {
    for (const magic of ['504b0304', 'd0cf11e0']) {
      const error = await refusalOf(Buffer.concat([Buffer.from(magic, 'hex'), randomBytes(5_000)]));
      expect(error.code).toBe('INTAKE_MALFORMED');
    }
  });
});

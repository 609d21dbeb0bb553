import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, ERROR_CODES } from '../../src/contract/errors.ts';
import { openInput, type InputSource } from '../../src/main/jobs/intake/input.ts';
import { surveyIntake } from '../../src/main/jobs/intake/mapping.ts';
import { readRows } from '../../src/main/jobs/intake/rows.ts';
import { WORKBOOK_LIMITS } from '../../src/main/jobs/intake/workbook/limits.ts';
import { readParts } from '../../src/main/jobs/intake/workbook/parts.ts';
import { readSheet } from '../../src/main/jobs/intake/workbook/sheet.ts';
import { openZip } from '../../src/main/jobs/intake/workbook/zip.ts';
import { VENDORS } from '../../src/main/vendors/registry.ts';
import type { UpdateOperation } from '../../src/main/vendors/types.ts';
import { bookFiles, bookOf, rowsOf, zipOf } from '../support/workbook.ts';
import { fuzz } from './harness.ts';
import { anyBytes, monotone, mutatedBytes, oddText } from './hostile.ts';

const UPDATES = Object.values(VENDORS)
  .flatMap(({ operations }) => operations)
  .filter((one) => one.kind === 'update');
const updates = fc.constantFrom(
  ...UPDATES.map((operation) => Object.assign({ ...operation }, { [fc.toStringMethod]: () => operation.id })),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One file for all inputs, as each is read to its end before the next. */
function fileOf(bytes: Uint8Array, name = 'orders.csv'): InputSource & { kind: 'file' } {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return { kind: 'file', path: file };
}

/** Lets nothing through but an error that a person can meet; a bare one says nothing of what to do. */
async function typed(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(ERROR_CODES).toContain(error.code);
    expect(error.code).not.toBe('INTERNAL');
  }
}

/** Reads an input to its end as an import does: each row is fit, or says why not. */
async function readThrough(source: InputSource, operation: UpdateOperation): Promise<void> {
  const input = await openInput(source);
  const { hasHeader, proposed } = surveyIntake(input.first.cells, operation.rowFields);
  const mapping = Object.fromEntries(operation.rowFields.map(({ id }, column) => [id, proposed.mapping[id] ?? column]));
  let lines = 0;
  for await (const rows of readRows(input, { operation, params: {}, settings: {}, mapping, hasHeader })) {
    for (const row of rows) {
      expect(row.line).toBeGreaterThanOrEqual(lines);
      lines = row.line;
      if (row.problem === null) expect(row.order).not.toBe('');
      else expect(row.problem.message.en).not.toBe('');
    }
  }
}

const TABLE = '订单号,备注\r\n202405221129,"加急\r\n—“发货”😀"\r\n2.02405E+11,é\r\n\r\n"1;2\t3",\'=1+1\'\r\n';
const TABLES = [
  TABLE,
  TABLE.replaceAll(',', '\t'),
  `sep=;\n${TABLE.replaceAll(',', ';')}`,
  'orderNo\nproduct20240521181722000000\n',
  'order_id,machine_no,status\n54,12345678,1\n',
];
const PIECES = ['"', '""', ',', '\n', '\r', '"\n', 'a,', '\t', ';', '订,', '1', "'", ' ', '.', '￥', '1E', '-'];
const encoded = TABLES.flatMap((text) =>
  ['utf8', 'utf-16le', 'utf-16be', 'gb18030'].map((name) => iconv.encode(text, name, { addBOM: name !== 'gb18030' })),
);

describe('whatever is read in', () => {
  it('a file is read or refused with words', async () => {
    const bytes = fc.oneof(
      { weight: 6, arbitrary: mutatedBytes(encoded) },
      { weight: 1, arbitrary: anyBytes },
      { weight: 1, arbitrary: monotone(PIECES, 60_000) },
    );
    await fuzz('CSV files', fc.tuple(bytes, updates), ([input, operation]) =>
      typed(() => readThrough(fileOf(input), operation)),
    );
  });

  it('a pasted text is read or refused with words', async () => {
    const texts = fc.oneof(
      { weight: 6, arbitrary: mutatedBytes(TABLES.map((text) => Buffer.from(text))).map(String) },
      { weight: 2, arbitrary: fc.array(oddText, { maxLength: 12 }).map((parts) => parts.join(',')) },
      { weight: 1, arbitrary: monotone(PIECES, 60_000).map(String) },
    );
    await fuzz('pasted texts', fc.tuple(texts, updates), ([text, operation]) =>
      typed(() => readThrough({ kind: 'paste', text, name: 'paste' }, operation)),
    );
  });

  it('a row is checked, whatever stands in its cells', async () => {
    const cells = fc.oneof(oddText, monotone(PIECES, 20_000).map(String));
    await fuzz('cells of rows', fc.tuple(updates, fc.array(cells, { minLength: 6, maxLength: 6 })), (input) => {
      const [operation, texts] = input;
      const row = Object.fromEntries(operation.rowFields.map(({ id }, index) => [id, texts[index % 6] ?? '']));
      const params = Object.fromEntries(operation.params.map(({ id, initial }) => [id, initial ?? '']));
      const checked = operation.checkRow(row, params, {});
      if (checked.ok) expect(checked.value.order).not.toBe('');
      else expect(checked.problems.length).toBeGreaterThan(0);
      operation.checkParams(row, {});
    });
  });
});

const SHEET = rowsOf([
  ['订单号', '备注'],
  ['A-000001', '<c r="@" t="s"><v>0</v></c>'],
  ['<c r="@" s="1"><v>45434.5</v></c>', '<c r="@" t="b"><v>1</v></c>'],
  ['<c r="@" t="str"><f>A1&amp;B1</f><v>x</v></c>', '<c r="@" t="e"><v>#N/A</v></c>'],
]);
const BOOK = {
  sheets: [
    { name: '发货', data: SHEET },
    { name: 'b', data: '', state: 'hidden' as const },
  ],
  shared: ['好 _x000D_', 'x'],
  formats: { 164: 'yyyy"年"m;@' },
  styles: [0, 14, 164],
};
const XML_PIECES = ['<c r="A1">', '<row>', '<', '&', ']]>', '<!--', 'r="', '<si>', ' ', '9', '&#x', '<?', '\n', 'A'];

describe('whatever a workbook is made of', () => {
  it('its parts are read or refused with words', async () => {
    const files = bookFiles(BOOK);
    const broken = fc.oneof(
      // A part changed, in an archive that is whole.
      {
        weight: 6,
        arbitrary: fc
          .nat({ max: files.length - 1 })
          .chain((at) =>
            fc
              .oneof(
                { weight: 6, arbitrary: mutatedBytes([Buffer.from(files[at]?.content ?? '')]) },
                { weight: 1, arbitrary: monotone(XML_PIECES, 100_000) },
              )
              .map((content) => zipOf(files.map((file, index) => (index === at ? { ...file, content } : file)))),
          ),
      },
      // The archive itself.
      { weight: 3, arbitrary: mutatedBytes([bookOf(BOOK), zipOf(files, 'a comment')]) },
      { weight: 1, arbitrary: anyBytes.map((bytes) => Buffer.concat([Buffer.from('PK\x03\x04'), bytes])) },
    );
    const limits = { ...WORKBOOK_LIMITS, answerMs: 10_000 };
    await fuzz('workbook parts', broken, (bytes) =>
      typed(async () => {
        const fd = openSync(fileOf(bytes, 'parts.xlsx').path, 'r');
        try {
          const parts = await readParts(openZip(fd, 'parts.xlsx', limits));
          for (const sheet of parts.sheets) await readSheet(parts, sheet, () => true);
        } finally {
          closeSync(fd);
        }
      }),
    );
  });

  it('its thread answers, and an old or encrypted one is told what it is', async () => {
    const compound = Buffer.alloc(512 * 3);
    compound.write('d0cf11e0a1b11ae1', 'hex');
    compound.writeUInt16LE(9, 30);
    compound.writeUInt32LE(1, 48);
    compound.write('Workbook', 1024, 'utf16le');
    await fuzz('workbooks in their thread', fc.tuple(mutatedBytes([bookOf(BOOK), compound]), updates), (input) =>
      typed(() => readThrough(fileOf(input[0], 'orders.xlsx'), input[1])),
    );
  });
});

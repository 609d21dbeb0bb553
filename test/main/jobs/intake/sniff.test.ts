import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/contract/errors.ts';
import {
  detectDelimiter,
  isOrderList,
  isPacked,
  listRecords,
  nulRefusal,
  refuseBinary,
  refuseMarkup,
  separatorLine,
} from '../../../../src/main/jobs/intake/sniff.ts';

function refusal(run: () => unknown): AppError | null {
  try {
    const made = run();
    return made instanceof AppError ? made : null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

const hex = (digits: string, rest = ''): Buffer => Buffer.concat([Buffer.from(digits, 'hex'), Buffer.from(rest)]);

describe('a file that is no text', () => {
  it.each<[string, Buffer, string, string, string]>([
    ['empty zip', hex('504b050600000000'), 'zip', '空的 ZIP 压缩包', 'an empty ZIP archive'],
    ['pdf', Buffer.from('%PDF-1.7'), 'pdf', 'PDF 文档', 'a PDF document'],
    ['png', hex('89504e470d0a1a0a'), 'png', 'PNG 图片', 'a PNG picture'],
    ['jpeg', hex('ffd8ffe0'), 'jpeg', 'JPEG 图片', 'a JPEG picture'],
    ['gif', Buffer.from('GIF89a'), 'gif', 'GIF 图片', 'a GIF picture'],
    ['gzip', hex('1f8b0800'), 'gzip', 'GZIP 压缩包', 'a GZIP archive'],
    ['rar', hex('526172211a0701'), 'rar', 'RAR 压缩包', 'a RAR archive'],
    ['7z', hex('377abcaf271c'), '7z', '7z 压缩包', 'a 7z archive'],
  ])('%s is named', (_name, head, seems, zh, en) => {
    const error = refusal(() => refuseBinary(head, 'a.csv'));
    expect([error?.code, error?.data]).toEqual(['INTAKE_MALFORMED', { seems, file: 'a.csv' }]);
    expect(error?.text).toEqual({
      message: {
        zh: `“a.csv”不是 CSV 文本，看内容像是${zh}（与扩展名无关）`,
        en: `"a.csv" is no CSV text; by its content it seems to be ${en}, whatever its extension says.`,
      },
      remedy: {
        zh: '请在表格软件中打开，另存为“CSV UTF-8”后再导入',
        en: 'Open it in a spreadsheet, save it as "CSV UTF-8" and import that.',
      },
    });
  });

  it.each([
    [hex('504b0304', 'x'), true],
    [hex('d0cf11e0a1b11ae1'), true],
    [hex('504b0506'), false],
    [Buffer.from('PK'), false],
    [Buffer.from('订单号'), false],
  ])('%j may be a workbook: %s', (head, may) => {
    expect(isPacked(head)).toBe(may);
  });

  it.each(['', 'PK', '订单号', 'GIF', ' %PDF', '1234567890'])('%j is text', (text) => {
    expect(refusal(() => refuseBinary(Buffer.from(text), 'a.csv'))).toBeNull();
  });

  it.each([
    '<html>',
    '  <!DOCTYPE html>',
    '<head>',
    '<meta charset="x">',
    '<TABLE>',
    '\n<?xml version="1.0"?>',
    '<workbook>',
  ])('%j is a web page', (text) => {
    const error = refusal(() => refuseMarkup(text, 'a.xls'));
    expect(error?.data).toEqual({ seems: 'html', file: 'a.xls' });
    expect(error?.text.message.zh).toContain('看内容像是网页或 XML 表格（');
    expect(error?.text.message.en).toContain('it seems to be a web page or XML table,');
  });

  it.each(['a<html>', '<tables>', '< html>', '<订单号>'])('%j is none', (text) => {
    expect(refusal(() => refuseMarkup(text, 'a.xls'))).toBeNull();
  });

  it('with NUL characters is binary', () => {
    const error = refusal(() => nulRefusal('a.csv'));
    expect(error?.data).toEqual({ seems: 'binary', file: 'a.csv' });
    expect(error?.text.message.zh).toContain('看内容像是二进制文件（');
    expect(error?.text.message.en).toContain('it seems to be a binary file,');
  });
});

describe('detectDelimiter', () => {
  it.each<[string, string, string | null]>([
    ['commas', 'a,b\n1,2\n', ','],
    ['tabs', 'a\tb\n1\t2\n', '\t'],
    ['semicolons', 'a;b\n1;2\n', ';'],
    ['one column', 'a\n1\n2\n', null],
    ['nothing', '', null],
    ['one line without an end', 'a;b', ';'],
    ['an open quote', 'a;"b', ';'],
    ['blank lines first', '\n\na;b\n1;2\n', ';'],
    ['the one that fits more records', 'a,b;c\n1;2\n3;4\n5,6\n7;8\n', ';'],
    ['the wider one on a tie', 'a,b;c;d\n1,2;3;4\n', ';'],
    ['the comma when all is alike', 'a,b;c\n1,2;3\n', ','],
    ['the first when the later fits fewer', 'a,b;c;d\n1,2\n3,4\n5;6;7\n', ','],
    ['records whose quotes are right', 'a,b;c\n"1"x,2;3\n4;5\n', ';'],
  ])('%s', (_name, sample, delimiter) => {
    expect(detectDelimiter(sample)).toBe(delimiter);
  });

  it('counts 200 records', () => {
    const first = 'a,b;c\n' + '1,2\n'.repeat(120);
    expect(detectDelimiter(`${first}${'1;2\n'.repeat(60)}`)).toBe(',');
    expect(detectDelimiter(`${first}${'1;2\n'.repeat(500)}`)).toBe(',');
  });
});

describe('separatorLine', () => {
  it.each<[string, { delimiter: string; length: number } | null]>([
    ['sep=;\nA;B', { delimiter: ';', length: 6 }],
    ['SEP=,\r\nA,B', { delimiter: ',', length: 7 }],
    ['"sep=\t"\rA', { delimiter: '\t', length: 8 }],
    ['sep=|\nA|B', null],
    ['sep=;', null],
    ['xsep=;\n', null],
    ['A,sep=;\n', null],
    ['sep=;;\n', null],
  ])('%j', (sample, found) => {
    expect(separatorLine(sample)).toEqual(found);
  });
});

describe('isOrderList', () => {
  it.each<[string, boolean]>([
    ['20240522001 20240522002', true],
    ['20240522001,20240522002', true],
    ['20240522001，20240522002、20240522003；20240522004', true],
    ['ab1234 cd5678', true],
    ['20240522001\n20240522002', false],
    ['  20240522001  \n', false],
    ['20240522001', false],
    ['', false],
    ['a1234 b1234', false],
    ['abc123 abc456', false],
    ['abcdefg hijklmn', false],
    [`${'1'.repeat(64)} 20240522001`, true],
    [`${'1'.repeat(65)} 20240522001`, false],
    ['20240522001 发货', false],
    ['2024-05_22 20240522001', true],
    ['20240522001. 20240522002', false],
    ['.20240522001 20240522002', false],
    // Several lines of one width may be a table.
    ['20240522001,20240522002\n20240522003,20240522004', false],
    ['20240522001,20240522002\n20240522003', true],
    ['20240522001,20240522002,\n20240522003', true],
    ['20240522001 20240522002\n20240522003 20240522004', true],
    ['20240522001;20240522002\n\n20240522003;20240522004\n', false],
    ['20240522001,20240522002\n20240522003,备注', false],
  ])('%j: %s', (text, list) => {
    expect(isOrderList(text)).toBe(list);
  });
});

describe('listRecords', () => {
  it('gives each number its line, an empty line an empty record', () => {
    const one = (line: number, ...cells: string[]): unknown => ({ line, cells, fault: null });
    expect(listRecords('A1 B2\r\n\r ,C3，\nD4\n')).toEqual([
      one(1, 'A1'),
      one(1, 'B2'),
      one(2),
      one(3, 'C3'),
      one(4, 'D4'),
    ]);
    expect(listRecords('A1')).toEqual([one(1, 'A1')]);
    expect(listRecords('A1\n\n')).toEqual([one(1, 'A1'), one(2)]);
  });
});

import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { fileSha256, openInput, type InputOptions } from '../../../../src/main/jobs/intake/input.ts';
import type { Encoding } from '../../../../src/main/jobs/intake/encoding.ts';
import { cellsOf, failure, fileOf, newPath, paste } from './support.ts';

const TEXT = '订单号,备注\r\n202405221129,"加急\r\n—“发货”😀"\r\n202405221130,é\r\n';
const CELLS = [
  ['订单号', '备注'],
  ['202405221129', '加急\r\n—“发货”😀'],
  ['202405221130', 'é'],
];

describe('encodings', () => {
  it.each<[string, Encoding, Buffer]>([
    ['UTF-8', 'utf-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', 'utf-8', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16LE', 'utf-16le', iconv.encode(TEXT, 'utf-16le')],
    ['UTF-16LE with a mark', 'utf-16le', iconv.encode(TEXT, 'utf-16le', { addBOM: true })],
    ['UTF-16BE', 'utf-16be', iconv.encode(TEXT, 'utf-16be')],
    ['UTF-16BE with a mark', 'utf-16be', iconv.encode(TEXT, 'utf-16be', { addBOM: true })],
    ['GB18030', 'gb18030', iconv.encode(TEXT, 'gb18030')],
  ])('reads %s at any cut, and digests its bytes', async (_, encoding, bytes) => {
    for (const chunkBytes of [1, 2, 3, 7, 4096]) {
      const input = await openInput(fileOf(bytes), { chunkBytes });
      expect([input.encoding, input.delimiter, input.kind]).toEqual([encoding, ',', 'file']);
      expect(input.first).toEqual({ line: 1, cells: CELLS[0], fault: null });
      expect(await cellsOf(input)).toEqual(CELLS);
      expect(input.sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('reads GBK whose first Chinese character comes long after the head', async () => {
    const rows = '20240522112,a\n'.repeat(10_000);
    const input = await openInput(fileOf(iconv.encode(`order,note\n${rows}20240522113,中文备注\n`, 'gbk')));
    expect(input.encoding).toBe('gb18030');
    expect((await cellsOf(input)).at(-1)).toEqual(['20240522113', '中文备注']);
  });

  it('loses nothing when a piece begins with the last byte of a four-byte character', async () => {
    const bytes = iconv.encode('aaaaaa😀bcd,e\n', 'gb18030');
    for (let chunkBytes = 1; chunkBytes < 16; chunkBytes += 1) {
      expect(await cellsOf(await openInput(fileOf(bytes), { chunkBytes, encoding: 'gb18030' }))).toEqual([
        ['aaaaaa😀bcd', 'e'],
      ]);
    }
  });

  it('names the line of a byte that is not UTF-8', async () => {
    const good = Buffer.from('订单号,备注\n20240522,加急发货\n20240523,"多\n行"\n');
    const bytes = Buffer.concat([good, Buffer.from([0xe4, 0xb8, 0x2c, 0x0a]), good]);
    const input = await openInput(fileOf(bytes, 'a.csv'));
    expect(input.encoding).toBe('utf-8');
    const error = await failure(() => cellsOf(input));
    expect(error.code).toBe('INTAKE_ENCODING');
    expect(error.data).toMatchObject({ line: 5, encoding: 'UTF-8' });
    expect(error.text.message.en).toMatch(/^"\d+-a\.csv" has bytes on line 5 that are not UTF-8; /u);
    expect(error.text.message.zh).toContain('第 5 行');
  });

  it('names the line where a file of an encoding that was asked for breaks, at its end too', async () => {
    const gbk = await openInput(fileOf(Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0xd6])), { encoding: 'gb18030' });
    expect((await failure(() => cellsOf(gbk))).data).toMatchObject({ line: 3, encoding: 'GBK/GB18030' });
    const utf16 = await openInput(fileOf(Buffer.from([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62])));
    expect((await failure(() => cellsOf(utf16))).data).toMatchObject({ line: 2, encoding: 'UTF-16LE' });
  });
});

describe('what is no CSV', () => {
  it.each<[string, Buffer | string]>([
    ['zip', Buffer.from('PK\x05\x06', 'latin1')],
    ['pdf', '%PDF-1.7\n'],
    ['png', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['jpeg', Buffer.from('ffd8ffe0', 'hex')],
    ['gif', 'GIF89a'],
    ['gzip', Buffer.from('1f8b0800', 'hex')],
    ['rar', Buffer.from('526172211a0700', 'hex')],
    ['7z', Buffer.from('377abcaf271c0004', 'hex')],
    ['html', '\n<html><table><tr><td>订单号</td></tr></table>'],
    ['html', '<?xml version="1.0"?><Workbook/>'],
    ['binary', Buffer.from([1, 2, 0, 3, 0, 0, 4, 5])],
    ['binary', 'order\n12345678\n1234\0'.padEnd(100, 'x')],
  ])('is refused as %s', async (seems, bytes) => {
    const error = await failure(() => openInput(fileOf(bytes, 'orders.csv')));
    expect([error.code, error.data['seems']]).toEqual(['INTAKE_MALFORMED', seems]);
    expect(error.text.remedy.en).toBe('Open it in a spreadsheet, save it as "CSV UTF-8" and import that.');
  });

  it('says what it seems to be', async () => {
    const error = await failure(() => openInput(fileOf('%PDF-1.7', 'orders.csv')));
    expect(error.text.message.en).toMatch(
      /^"\d+-orders\.csv" is no CSV text; by its content it seems to be a PDF document, whatever/u,
    );
    expect(error.text.message.zh).toContain('像是PDF 文档（与扩展名无关）');
  });

  it('is told by content, not by the extension', async () => {
    expect(await cellsOf(await openInput(fileOf('a,b\n', 'orders.xlsx')))).toEqual([['a', 'b']]);
  });

  it('finds a NUL far inside, and in a paste', async () => {
    const rows = 'a,b\n'.repeat(40_000);
    const input = await openInput(fileOf(`${rows}\0`));
    expect((await failure(() => cellsOf(input))).data['seems']).toBe('binary');
    expect((await failure(() => openInput(paste('\0')))).data['seems']).toBe('binary');
  });

  it.each(['', '\n', '\r\n \r\n', '\uFEFF', '\uFEFF\n', ',,,\n'])('%j is empty', async (text) => {
    expect((await failure(() => openInput(fileOf(text)))).code).toBe('INTAKE_EMPTY');
    expect((await failure(() => openInput(paste(text)))).code).toBe('INTAKE_EMPTY');
  });

  it('cannot be read', async () => {
    const missing = await failure(() => openInput({ kind: 'file', path: newPath('gone.csv') }));
    expect([missing.code, missing.data['code']]).toEqual(['FILE_UNREADABLE', 'ENOENT']);
    expect(missing.text.message.en).toMatch(/"\d+-gone\.csv" cannot be read: there is no such file\./u);
    const folder = await failure(() => openInput({ kind: 'file', path: tmpdir() }));
    expect([folder.code, folder.data['code']]).toEqual(['FILE_UNREADABLE', 'EISDIR']);
    expect(folder.text.message.en).toContain('it is a folder');
  });
});

describe('delimiters', () => {
  it.each<[string, string, (readonly string[])[]]>([
    [
      'comma',
      'a,b\nc,d;e\n',
      [
        ['a', 'b'],
        ['c', 'd;e'],
      ],
    ],
    [
      'tab',
      'a\tb\nc\td,e,f\n',
      [
        ['a', 'b'],
        ['c', 'd,e,f'],
      ],
    ],
    [
      'semicolon',
      'a;b\nc;1,5\nd;2,5\n',
      [
        ['a', 'b'],
        ['c', '1,5'],
        ['d', '2,5'],
      ],
    ],
    [
      'comma within quotes is none',
      '"a,b"\tc\n"d,e"\tf\n',
      [
        ['a,b', 'c'],
        ['d,e', 'f'],
      ],
    ],
    ['one column', 'order\n12345678\n', [['order'], ['12345678']]],
  ])('%s', async (_, text, cells) => {
    expect(await cellsOf(await openInput(fileOf(text)))).toEqual(cells);
  });

  it.each(['y\t' + 'x'.repeat(70_000), 'y\t"' + 'x\n'.repeat(40_000) + '"'])(
    'is found in a first record longer than the sample',
    async (first) => {
      const input = await openInput(fileOf(`${first}\n1\t2\n`));
      expect(input.delimiter).toBe('\t');
      expect((await cellsOf(input)).map((cells) => cells.length)).toEqual([2, 2]);
    },
  );

  it('may be told, and is told by a first line sep=', async () => {
    expect(await cellsOf(await openInput(fileOf('a,b;c\n'), { delimiter: ';' }))).toEqual([['a,b', 'c']]);
    for (const chunkBytes of [1, 5, 4096]) {
      const input = await openInput(fileOf('\uFEFFsep=;\r\na,b;c\r\n'), { chunkBytes });
      expect(input.first).toEqual({ line: 2, cells: ['a,b', 'c'], fault: null });
      expect(await cellsOf(input)).toEqual([['a,b', 'c']]);
    }
    expect(await cellsOf(await openInput(paste('sep=\t\na,b\tc')))).toEqual([['a,b', 'c']]);
  });
});

describe('pastes', () => {
  it.each<[string, string, (readonly string[])[]]>([
    ['one a line', '20240522001\n20240522002\n', [['20240522001'], ['20240522002']]],
    ['spaces', '20240522001 20240522002  20240522003', [['20240522001'], ['20240522002'], ['20240522003']]],
    [
      'Chinese commas',
      '20240522001、20240522002，20240522003；20240522004',
      [['20240522001'], ['20240522002'], ['20240522003'], ['20240522004']],
    ],
    ['commas on one line', '20240522001,20240522002', [['20240522001'], ['20240522002']]],
    ['a comma after each', '20240522001,\n20240522002,\n', [['20240522001'], ['20240522002']]],
    [
      'lines of different length',
      '210324-1371 210324-1372\n\n210324-1373',
      [['210324-1371'], ['210324-1372'], [], ['210324-1373']],
    ],
    [
      'a table',
      '20240522001\tnote1234\n20240522002\tnote5678\n',
      [
        ['20240522001', 'note1234'],
        ['20240522002', 'note5678'],
      ],
    ],
    ['a table of order and state', '20240522001,1', [['20240522001', '1']]],
    [
      'a table with a header',
      '订单号\t备注\n20240522001\t加急 发货',
      [
        ['订单号', '备注'],
        ['20240522001', '加急 发货'],
      ],
    ],
    ['quoted cells', '"20240522001"\t"a\nb"', [['20240522001', 'a\nb']]],
  ])('%s', async (_, text, cells) => {
    expect(await cellsOf(await openInput(paste(text)))).toEqual(cells);
  });

  it('keep their lines and are digested as UTF-8', async () => {
    const text = '\uFEFF20240522001 20240522002\r\n20240522003 20240522004 20240522005\r\n';
    const input = await openInput(paste(text));
    const lines: number[] = [];
    for await (const records of input.records()) lines.push(...records.map((record) => record.line));
    expect([input.name, input.kind, input.encoding, input.delimiter, lines]).toEqual([
      'paste',
      'paste',
      null,
      'list',
      [1, 1, 2, 2, 2],
    ]);
    expect(input.sha256()).toBe(createHash('sha256').update(Buffer.from(text)).digest('hex'));
  });

  it('are read at any cut', async () => {
    const text = '订单号,备注\r\n20240522001,"a\r\n😀"\r\n';
    for (let chunkBytes = 1; chunkBytes < 9; chunkBytes += 1) {
      const input = await openInput(paste(text), { chunkBytes });
      expect(await cellsOf(input)).toEqual([
        ['订单号', '备注'],
        ['20240522001', 'a\r\n😀'],
      ]);
    }
  });
});

describe('what is known of an input', () => {
  it('is its form at once, and its digest when it has been read', async () => {
    const input = await openInput(fileOf('订单号,备注\n20240522001,x\n', 'a.csv'));
    expect(input).toMatchObject({ kind: 'file', sheets: null, sheet: null, head: null });
    expect([input.notices(), input.sha256()]).toEqual([[], null]);
    expect(input.name).toMatch(/^\d+-a\.csv$/u);
    await cellsOf(input);
    expect(input.sha256()).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('is the digest of a file by itself', async () => {
    const bytes = Buffer.alloc(200_000, 'abc');
    expect(await fileSha256(fileOf(bytes).path)).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await fileSha256(fileOf('').path)).toBe(createHash('sha256').digest('hex'));
    expect((await failure(() => fileSha256(newPath('gone.csv')))).code).toBe('FILE_UNREADABLE');
  });

  it('is UTF-8 where its text breaks long after the head', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`order,note\n${'20240522112,a\n'.repeat(10_000)}20240522113,加急发货加急发货\n`),
      Buffer.from([0xe4, 0xb8, 0x0a]),
    ]);
    const input = await openInput(fileOf(bytes));
    expect(input.encoding).toBe('utf-8');
    expect((await failure(() => cellsOf(input))).data).toMatchObject({ line: 10_003, encoding: 'UTF-8' });
  });
});

describe('an input with nothing in it', () => {
  it.each(['', '\n', ' \r\n,,\n'])('%j is said to be empty, not to have a header alone', async (text) => {
    const file = fileOf(text);
    for (const [source, name] of [
      [file, basename(file.path)],
      [paste(text), 'paste'],
    ] as const) {
      const { code, data, text: said } = await failure(() => openInput(source));
      expect([code, data]).toEqual(['INTAKE_EMPTY', { file: name }]);
      expect(said.message).toEqual({ zh: `“${name}”是空的`, en: `"${name}" is empty.` });
    }
  });
});

describe('a paste', () => {
  it.each<[string, string, InputOptions, string, (readonly string[])[]]>([
    ['a list with a mark before it', '\uFEFF20240522001 20240522002', {}, 'list', [['20240522001'], ['20240522002']]],
    [
      'a list that is told to be a table',
      '20240522001,20240522002',
      { delimiter: ',' },
      ',',
      [['20240522001', '20240522002']],
    ],
    ['a table by its first line', 'sep=;\n20240522001;20240522002', {}, ';', [['20240522001', '20240522002']]],
    [
      'a table whose delimiter is told',
      'a;b,c\n1;2,3',
      { delimiter: ';' },
      ';',
      [
        ['a', 'b,c'],
        ['1', '2,3'],
      ],
    ],
    ['a told delimiter before its first line', 'sep=,\na;b', { delimiter: ';' }, ';', [['a', 'b']]],
    ['one column', '备注\n加急', {}, ',', [['备注'], ['加急']]],
  ])('is %s', async (_, text, options, delimiter, cells) => {
    const input = await openInput(paste(text), options);
    expect([input.delimiter, await cellsOf(input)]).toEqual([delimiter, cells]);
  });

  it('is a list of any length, each number whole on its line', async () => {
    const numbers = Array.from({ length: 20_000 }, (_, index) => String(20_240_522_000 + index));
    const text = numbers.map((one, index) => one + (index % 2 === 0 ? ' ' : '\n')).join('');
    const input = await openInput(paste(text));
    const all: unknown[] = [];
    for await (const records of input.records()) all.push(...records.map(({ line, cells }) => [line, cells[0]]));
    expect(all).toEqual(numbers.map((one, index) => [Math.floor(index / 2) + 1, one]));
  });

  it.each(['a\0b', '订单号\n20240522001\n\0', '20240522001 2024\u00000522002'])(
    'is refused with a NUL: %j',
    async (text) => {
      const error = await failure(async () => cellsOf(await openInput(paste(text))));
      expect([error.code, error.data]).toEqual(['INTAKE_MALFORMED', { seems: 'binary', file: 'paste' }]);
    },
  );
});

describe('a file that cannot be read', () => {
  it.each<[string, () => string, string, string, string]>([
    ['is not there', () => newPath('gone.csv'), 'ENOENT', '文件不存在', 'there is no such file'],
    ['is a folder', () => tmpdir(), 'EISDIR', '这是一个文件夹', 'it is a folder'],
    [
      'stands below a file',
      () => join(fileOf('a').path, 'b.csv'),
      process.platform === 'win32' ? 'ENOENT' : 'ENOTDIR',
      process.platform === 'win32' ? '文件不存在' : '没有权限，或被其他程序占用',
      process.platform === 'win32' ? 'there is no such file' : 'no permission, or another program holds it',
    ],
  ])('as it %s, is named with the reason', async (_, pathOf, code, zh, en) => {
    const path = pathOf();
    const name = basename(path);
    const error = await failure(() => openInput({ kind: 'file', path }));
    expect([error.code, error.data]).toEqual(['FILE_UNREADABLE', { file: name, code }]);
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.text).toEqual({
      message: { zh: `无法读取“${name}”：${zh}`, en: `"${name}" cannot be read: ${en}.` },
      remedy: {
        zh: '请检查文件位置和权限，关闭占用它的程序后再试',
        en: 'Check where it lies and who may read it, close programs that hold it, and try again.',
      },
    });
  });
});

import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive; what is left out is told truly. */
export interface PackedFile {
  readonly name: string;
  readonly content: string | Buffer;
  readonly store?: boolean;
  /** What the archive's list says instead of the truth. */
  readonly declaredSize?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** A zip archive, made by hand so that it can lie. `comment` stands after its end. */
export function zipOf(files: readonly PackedFile[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const content = Buffer.isBuffer(file.content) ? file.content : Buffer.from(file.content, 'utf8');
    const packed = file.store === true ? content : deflateRawSync(content);
    const name = Buffer.from(file.name, 'utf8');
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(file.flags ?? 0, 2);
    fields.writeUInt16LE(file.method ?? (file.store === true ? 0 : 8), 4);
    fields.writeUInt32LE(file.crc ?? crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(file.declaredSize ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, name, packed]);
    parts.push(local);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    list.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), fields, tail, name]));
    offset += local.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, listed, end, Buffer.from(comment)]);
}

const NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface TestSheet {
  readonly name: string;
  /** The inside of `sheetData`, or the cells of each row as XML. */
  readonly data: string;
  readonly state?: 'hidden' | 'veryHidden';
}

export interface TestBook {
  readonly sheets: readonly TestSheet[];
  readonly shared?: readonly string[];
  /** Custom number formats by id, and the format id of each cell style. */
  readonly formats?: Readonly<Record<number, string>>;
  readonly styles?: readonly number[];
  readonly date1904?: boolean;
  readonly extra?: readonly PackedFile[];
}

export const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The files of a workbook, to be changed before they are packed. */
export function bookFiles(book: TestBook): PackedFile[] {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`;
  const relations = (inside: string): string =>
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inside}</Relationships>`;
  const { sheets, shared, formats = {}, styles } = book;
  const files: PackedFile[] = [
    { name: '[Content_Types].xml', content: '<?xml version="1.0"?><Types/>' },
    { name: '_rels/.rels', content: relations(relation('r1', 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      content: `<?xml version="1.0"?><workbook xmlns="${NS}" xmlns:r="${REL}"><workbookPr${
        book.date1904 === true ? ' date1904="1"' : ''
      }/><sheets>${sheets
        .map(
          ({ name, state }, index) =>
            `<sheet name="${xmlText(name)}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="s${index}"/>`,
        )
        .join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations(
        [
          ...sheets.map((_, index) => relation(`s${index}`, 'worksheet', `worksheets/sheet${index + 1}.xml`)),
          relation('st', 'styles', 'styles.xml'),
          relation('sh', 'sharedStrings', '/xl/sharedStrings.xml'),
        ].join(''),
      ),
    },
    ...sheets.map(({ data }, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: `<?xml version="1.0"?><worksheet xmlns="${NS}"><sheetData>${data}</sheetData></worksheet>`,
    })),
  ];
  if (shared !== undefined) {
    files.push({
      name: 'xl/sharedStrings.xml',
      content: `<sst xmlns="${NS}">${shared.map((text) => `<si><t xml:space="preserve">${xmlText(text)}</t></si>`).join('')}</sst>`,
    });
  }
  if (styles !== undefined) {
    const codes = Object.entries(formats).map(
      ([id, code]) => `<numFmt numFmtId="${id}" formatCode="${xmlText(code).replaceAll('"', '&quot;')}"/>`,
    );
    files.push({
      name: 'xl/styles.xml',
      content: `<styleSheet xmlns="${NS}"><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles
        .map((id) => `<xf numFmtId="${id}"/>`)
        .join('')}</cellXfs></styleSheet>`,
    });
  }
  return [...files, ...(book.extra ?? [])];
}

/** A workbook's bytes. */
export const bookOf = (book: TestBook): Buffer => zipOf(bookFiles(book));

/** A cell with a text of its own. */
export const textCell = (reference: string, text: string): string =>
  `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;

const letter = (index: number): string => String.fromCharCode(65 + index);

/** Rows of texts from line 1 on, at most 26 columns; a cell that is XML already (`<c …`, with `@` for its reference) is taken as it is. */
export function rowsOf(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells, row) => {
      const inside = cells.map((cell, index) => {
        const reference = `${letter(index)}${row + 1}`;
        if (cell.startsWith('<c ')) return cell.replace('@', reference);
        return cell === '' ? '' : textCell(reference, cell);
      });
      return `<row r="${row + 1}">${inside.join('')}</row>`;
    })
    .join('');
}

/** A compound file (the form of old Office documents and of encrypted new ones) whose directory has these names. */
export function compound(names: readonly string[]): Buffer {
  const bytes = Buffer.alloc(512 * 3);
  bytes.write('d0cf11e0a1b11ae1', 'hex');
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48);
  bytes.writeUInt32LE(0, 76);
  // Sector 0 is the table: sector 1, the directory, is the last of its chain.
  bytes.writeUInt32LE(0xfffffffe, 512 + 4);
  names.forEach((name, index) => {
    const at = 1024 + index * 128;
    bytes.write(name, at, 'utf16le');
    bytes.writeUInt16LE(name.length * 2 + 2, at + 64);
  });
  return bytes;
}

import { posix } from 'node:path';
import { shapeOf, type Shape } from './formats.ts';
import { damagedWorkbook, excessiveWorkbook, otherArchive } from './refusals.ts';
import { SharedStringsHandler, type SharedStrings } from './strings.ts';
import { attributesOf, readXml, type XmlHandler } from './xml.ts';
import type { ZipArchive, ZipEntry } from './zip.ts';

/** A sheet of cells, in the workbook's order. */
export interface SheetPart {
  readonly name: string;
  readonly hidden: boolean;
  readonly entry: ZipEntry;
}

/** What is known of a workbook before its cells are read. */
export interface WorkbookParts {
  readonly archive: ZipArchive;
  readonly sheets: readonly SheetPart[];
  /** Whether its days are counted from 1904. */
  readonly from1904: boolean;
  /** How each cell style shows a number. */
  readonly shapes: readonly Shape[];
  readonly strings: SharedStrings | null;
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

const nothing = (): void => {};

/** Reads a part for the attributes of some of its elements. */
async function readElements(
  archive: ZipArchive,
  entry: ZipEntry,
  onElement: (name: string, attributes: Readonly<Record<string, string>>) => void,
): Promise<void> {
  const handler: XmlHandler = {
    open: (name, attributes) => onElement(name, attributesOf(attributes)),
    close: nothing,
    text: nothing,
  };
  await readXml(archive, entry, handler);
}

/** The parts that a part names, by id; its targets are resolved as the format says. */
async function relationsOf(archive: ZipArchive, part: string): Promise<ReadonlyMap<string, Relation>> {
  const folder = posix.dirname(part);
  const list = archive.entries.get(posix.join(folder, '_rels', `${posix.basename(part)}.rels`).toLowerCase());
  const found = new Map<string, Relation>();
  if (list === undefined) return found;
  await readElements(archive, list, (name, { Id = '', Type = '', Target = '', TargetMode = '' }) => {
    if (name !== 'Relationship' || TargetMode === 'External') return;
    const target = Target.startsWith('/') ? Target.slice(1) : posix.normalize(posix.join(folder, Target));
    found.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target: target.toLowerCase() });
  });
  return found;
}

/** What an archive without a workbook seems to be. */
function refuseOther({ entries, file }: ZipArchive): Error {
  const names = [...entries.keys()];
  const has = (start: string): boolean => names.some((name) => name.startsWith(start));
  if (has('xl/workbook.bin')) {
    return otherArchive(file, 'xlsb', { zh: '二进制工作簿（XLSB）', en: 'a binary workbook (XLSB)' });
  }
  if (has('word/')) return otherArchive(file, 'docx', { zh: 'Word 文档', en: 'a Word document' });
  if (has('ppt/')) return otherArchive(file, 'pptx', { zh: 'PowerPoint 演示文稿', en: 'a PowerPoint presentation' });
  if (has('content.xml') && has('mimetype')) {
    return otherArchive(file, 'ods', { zh: 'OpenDocument 文档', en: 'an OpenDocument file' });
  }
  return otherArchive(file, 'zip', { zh: 'ZIP 压缩包', en: 'a ZIP archive' });
}

interface Book {
  readonly relations: ReadonlyMap<string, Relation>;
  readonly sheets: readonly SheetPart[];
  readonly from1904: boolean;
}

/** The workbook's own part: by the package's relations, or where every program puts it. */
async function workbookEntry(archive: ZipArchive): Promise<ZipEntry> {
  const { entries } = archive;
  if (!entries.has('[content_types].xml')) throw refuseOther(archive);
  const named = [...(await relationsOf(archive, '')).values()].find(({ type }) => type === 'officeDocument');
  const entry = entries.get(named?.target ?? '') ?? entries.get('xl/workbook.xml');
  if (entry === undefined || !entry.name.toLowerCase().endsWith('.xml')) throw refuseOther(archive);
  return entry;
}

async function readBook(archive: ZipArchive): Promise<Book> {
  const entry = await workbookEntry(archive);
  const part = entry.name.toLowerCase();
  const relations = await relationsOf(archive, part);
  const sheets: SheetPart[] = [];
  const book = { isWorkbook: false, from1904: false };
  await readElements(archive, entry, (name, attributes) => {
    if (name === 'workbook') book.isWorkbook = true;
    if (name === 'workbookPr') book.from1904 = /^(?:1|true)$/u.test(attributes['date1904'] ?? '');
    if (name !== 'sheet') return;
    const relation = relations.get(attributes['id'] ?? '');
    // Sheets of charts and macros have no cells.
    if (relation !== undefined && relation.type !== 'worksheet') return;
    const sheet = archive.entries.get(relation?.target ?? '');
    const sheetName = attributes['name'] ?? '';
    if (sheet === undefined) {
      throw damagedWorkbook(archive.file, {
        zh: `工作表“${sheetName}”不在文件里`,
        en: `its sheet "${sheetName}" is not there`,
      });
    }
    if (sheets.length >= archive.limits.sheets) {
      throw excessiveWorkbook(archive.file, {
        zh: `超过 ${archive.limits.sheets} 个工作表`,
        en: `it has more than ${archive.limits.sheets} sheets`,
      });
    }
    sheets.push({ name: sheetName, hidden: /^(?:hidden|veryHidden)$/u.test(attributes['state'] ?? ''), entry: sheet });
  });
  // Its root tells a workbook from a document of another program.
  if (!book.isWorkbook) throw refuseOther(archive);
  if (sheets.length === 0) {
    throw damagedWorkbook(archive.file, { zh: '没有工作表', en: 'it has no sheet of cells' });
  }
  return { relations, sheets, from1904: book.from1904 };
}

async function readShapes(archive: ZipArchive, entry: ZipEntry): Promise<readonly Shape[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  const handler: XmlHandler = {
    open: (name, text) => {
      if (name === 'cellXfs') inCells = true;
      if (name !== 'numFmt' && !(name === 'xf' && inCells)) return;
      const attributes = attributesOf(text);
      const id = Number(attributes['numFmtId'] ?? 0);
      if (name === 'xf') formats.push(id);
      else codes.set(id, attributes['formatCode'] ?? '');
      if (formats.length + codes.size <= archive.limits.styles) return;
      throw excessiveWorkbook(archive.file, {
        zh: `超过 ${archive.limits.styles} 种单元格样式`,
        en: `it has more than ${archive.limits.styles} styles of cells`,
      });
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
    text: nothing,
  };
  await readXml(archive, entry, handler);
  return formats.map((id) => shapeOf(id, codes));
}

/** Reads what a workbook says of its sheets, styles and shared texts. Throws INTAKE_MALFORMED, also for an archive that is no workbook. */
export async function readParts(archive: ZipArchive): Promise<WorkbookParts> {
  const { relations, sheets, from1904 } = await readBook(archive);
  const partOf = (type: string): ZipEntry | undefined => {
    const relation = [...relations.values()].find((one) => one.type === type);
    return relation === undefined ? undefined : archive.entries.get(relation.target);
  };
  const styles = partOf('styles');
  const shared = partOf('sharedStrings');
  const shapes = styles === undefined ? [] : await readShapes(archive, styles);
  let strings: SharedStrings | null = null;
  if (shared !== undefined) {
    const handler = new SharedStringsHandler(archive.file, archive.limits);
    await readXml(archive, shared, handler);
    handler.strings.end();
    strings = handler.strings;
  }
  return { archive, sheets, from1904, shapes, strings };
}

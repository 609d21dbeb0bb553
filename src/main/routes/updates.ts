import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import type { Field } from '../../contract/vendor.ts';
import type { InputLook, RouteInput, SavedFile, UpdateSource } from '../../contract/routes.ts';
import type { Imported } from '../jobs/import.ts';
import { csvRecord, originalCells } from '../jobs/export/cells.ts';
import { encodingName, encodingOf } from '../jobs/intake/encoding.ts';
import { isBlank } from '../jobs/intake/csv.ts';
import { fileSha256, openInput, type InputOptions, type InputSource, type OpenedInput } from '../jobs/intake/input.ts';
import { surveyIntake, type IntakeSurvey } from '../jobs/intake/mapping.ts';
import { headerHash, mappingInHeader } from '../jobs/intake/remembered.ts';
import { templateName, writeTemplate, type TemplateFormat } from '../jobs/intake/template.ts';
import type { Lookup } from '../lookups/desk.ts';
import type { ChosenOrder } from '../orders/chosen.ts';
import { shanghaiTime } from '../vendors/shared/time.ts';
import type { UpdateOperation } from '../vendors/types.ts';
import type { RouteContext, Routes } from './context.ts';
import { onlyReading, operationFor } from './refusals.ts';
import { languageOf } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Data rows that a look shows, and most characters of a cell of them. */
const SAMPLE_ROWS = 20;
const SAMPLE_CHARS = 500;

function unknownEncoding(): Error {
  return appError(
    'INTAKE_ENCODING',
    { zh: '不认识这种编码。', en: 'This encoding is not known.' },
    { zh: '可用：UTF-8、GBK/GB18030、UTF-16LE、UTF-16BE。', en: 'There are UTF-8, GBK/GB18030, UTF-16LE, UTF-16BE.' },
  );
}

function otherAccounts(label: string): Error {
  return appError(
    'USAGE',
    {
      zh: `选中的订单是用另一个账号「${label}」查出来的。`,
      en: `The selected orders were looked up with another account, "${label}".`,
    },
    { zh: '请用同一个账号修改它们，或重新查询。', en: 'Update them with that account, or look up again.' },
  );
}

const NONE_SELECTED = (): Error =>
  appError(
    'INTAKE_EMPTY',
    { zh: '没有选中任何订单。', en: 'No order is selected.' },
    { zh: '请先在查询结果里选中要修改的行。', en: 'Select the rows to be updated in the result first.' },
  );

/** The order numbers of a lookup's selected rows as a pasted list, under the name of the operation's field. */
function selectedOrders(lookup: Lookup, account: Account, operation: UpdateOperation): InputSource {
  if (lookup.account.id !== account.id) throw otherAccounts(lookup.account.label);
  if (lookup.results.selected === 0) throw NONE_SELECTED();
  const field = operation.rowFields.find((one) => one.kind === 'order')?.id ?? '';
  const { columns } = lookup.results;
  const column = columns.find(({ id }) => id === field) ?? columns.find(({ kind }) => kind === 'order');
  const orders = lookup.results.selectedValues(column?.id ?? '');
  const text = [field, ...orders].map((cell) => `${csvRecord([cell])}\n`).join('');
  return { kind: 'paste', text, name: `lookup-${lookup.operation.id}` };
}

/** The account's selected orders among those that are kept, under the names of the operation's fields that say which order one is. */
async function keptOrders({ orders }: Workspace, account: Account, operation: UpdateOperation): Promise<InputSource> {
  const fieldOf = (fits: (field: Field) => boolean): string | null => operation.rowFields.find(fits)?.id ?? null;
  const columns = [
    [fieldOf(({ kind }) => kind === 'order'), (one: ChosenOrder) => one.order],
    [fieldOf(({ id }) => id === 'machine_no'), (one: ChosenOrder) => one.machine],
    [
      fieldOf(({ id }) => id === 'created_at'),
      (one: ChosenOrder) => (one.createdAt === null ? '' : shanghaiTime(one.createdAt)),
    ],
  ] as const;
  const given = columns.filter(([field]) => field !== null);
  const line = (cells: readonly string[]): string => `${csvRecord(cells)}\n`;
  let text = line(given.map(([field]) => field ?? ''));
  let none = true;
  for await (const piece of orders.chosenOf(account.id)) {
    none = false;
    text += piece.map((one) => line(given.map(([, cell]) => cell(one)))).join('');
  }
  if (none) throw NONE_SELECTED();
  return { kind: 'paste', text, name: 'orders' };
}

interface Intake {
  readonly source: InputSource;
  readonly input: InputOptions;
}

async function intakeOf(
  wanted: UpdateSource,
  present: Workspace,
  files: RouteContext['files'],
  [account, operation]: readonly [Account, UpdateOperation],
): Promise<Intake> {
  switch (wanted.kind) {
    case 'paste':
      return { source: { kind: 'paste', text: wanted.text, name: 'paste' }, input: {} };
    case 'lookup':
      // One order a line, whatever they look like.
      return {
        source: selectedOrders(present.lookups.get(wanted.lookupId), account, operation),
        input: { delimiter: ',' },
      };
    case 'kept':
      return { source: await keptOrders(present, account, operation), input: { delimiter: ',' } };
    case 'file': {
      const source = { kind: 'file', path: files.path(wanted.fileId) } as const;
      const sheet = wanted.sheet === undefined ? {} : { sheet: wanted.sheet };
      if (wanted.encoding === undefined) return { source, input: sheet };
      const encoding = encodingOf(wanted.encoding);
      if (encoding === null) throw unknownEncoding();
      return { source, input: { ...sheet, encoding } };
    }
  }
}

function cut(cell: string): string {
  return cell.length > SAMPLE_CHARS ? `${cell.slice(0, SAMPLE_CHARS)}…` : cell;
}

/** The first data rows, in the columns that the input has for a person. */
async function sampleOf(input: OpenedInput, survey: IntakeSurvey): Promise<InputLook['sample']> {
  const sample: { line: number; cells: readonly string[] }[] = [];
  const { own } = survey;
  let isHeader = survey.hasHeader;
  for await (const records of input.head === null ? input.records() : [input.head]) {
    for (const { line, cells } of records) {
      if (isBlank(cells)) continue;
      if (isHeader) {
        isHeader = false;
        continue;
      }
      const original = own === null ? cells : (originalCells(cells, own) ?? cells);
      sample.push({ line, cells: original.map(cut) });
      if (sample.length === SAMPLE_ROWS) return sample;
    }
  }
  return sample;
}

/** The columns that were used for such a header the last time; null when it is new, or when a required field has none in it. */
async function recalled(
  { services }: Workspace,
  account: Account,
  operation: UpdateOperation,
  survey: IntakeSurvey,
): Promise<Readonly<Record<string, number>> | null> {
  if (!survey.hasHeader) return null;
  const { names } = survey;
  const kept = await services.journal.call('recallMapping', {
    vendor: account.vendor,
    operation: operation.id,
    header: headerHash(names),
  });
  if (kept === null) return null;
  const mapping = mappingInHeader(names, kept, new Set(operation.rowFields.map(({ id }) => id)));
  const isWhole = operation.rowFields.every(
    ({ id, required, initial }) => !required || initial !== undefined || mapping[id] !== undefined,
  );
  return isWhole ? mapping : null;
}

/** Earlier jobs of the same file; a paste and a lookup's selection have none. */
async function earlierOf(
  { services }: Workspace,
  account: Account,
  operation: UpdateOperation,
  source: InputSource,
): Promise<InputLook['earlier']> {
  if (source.kind !== 'file') return [];
  const sha256 = await fileSha256(source.path);
  return services.journal.call('earlierJobs', { accountId: account.id, operation: operation.id, sha256 });
}

async function look(
  { source, input: options }: Intake,
  [present, account, operation]: readonly [Workspace, Account, UpdateOperation],
  hasHeader: boolean | undefined,
): Promise<InputLook> {
  const input = await openInput(source, { ...options, countRows: true });
  const survey = surveyIntake(input.first.cells, operation.rowFields, hasHeader === undefined ? {} : { hasHeader });
  const sample = await sampleOf(input, survey);
  const kept = await recalled(present, account, operation, survey);
  const { mapping, ambiguous, missing } =
    kept === null ? survey.proposed : { mapping: kept, ambiguous: [], missing: [] };
  return {
    name: input.name,
    kind: input.kind,
    encoding: input.encoding === null ? null : encodingName(input.encoding),
    delimiter: input.delimiter,
    hasHeader: survey.hasHeader,
    header: survey.hasHeader ? survey.names : null,
    sample,
    columns: Math.max(survey.names.length, ...sample.map(({ cells }) => cells.length)),
    mapping,
    ambiguous,
    missing,
    remembered: kept !== null,
    sheets: input.sheets?.map(({ name, hidden, rows }) => ({ name, hidden, rows })) ?? null,
    sheet: input.sheet,
    earlier: await earlierOf(present, account, operation, source),
    notices: [...survey.notices, ...input.notices()],
  };
}

function importRuns(): Error {
  return appError(
    'JOB_BUSY',
    { zh: '这次读入已经在进行。', en: 'This intake is under way already.' },
    { zh: '请等它结束或先停止它。', en: 'Wait for it to end, or stop it first.' },
  );
}

async function saveTemplate(
  { desk, files, settings }: RouteContext,
  account: Account,
  operation: UpdateOperation,
  format: TemplateFormat,
): Promise<SavedFile> {
  const language = languageOf(settings.get(), desk.systemLanguages());
  const path = await desk.saveFile(templateName(account.vendor, operation, format));
  if (path === null) return null;
  // The dialog has asked whether a file that is there is to be replaced.
  await writeTemplate(path, operation, { language, format, overwrite: true });
  return files.saved(path, 1);
}

/** Where an update goes: whose, and which. */
type Target = readonly [Workspace, Account, UpdateOperation];

/** Reads an input into a new job, told of as it goes and stopped by its id. */
async function importInput(
  [present, account, operation]: Target,
  {
    importId,
    accountId: _account,
    operation: _operation,
    source,
    hasHeader,
    options,
    known = [],
    ...given
  }: RouteInput<'updates.import'>,
  { files, events }: RouteContext,
): Promise<Imported> {
  if (present.readOnly) throw onlyReading();
  if (present.imports.has(importId)) throw importRuns();
  const intake = await intakeOf(source, present, files, [account, operation]);
  const stop = new AbortController();
  let read = 0;
  const reading = present.services.jobs.import({
    account,
    operation,
    ...given,
    known,
    ...intake,
    mappingIsWhole: true,
    ...(hasHeader === undefined ? {} : { hasHeader }),
    options: { ...options, firstRows: null },
    signal: stop.signal,
    tell: (rows) => {
      read = rows;
      events.tell('importing', { importId, rows });
    },
    tellWaiting: (waiting) =>
      events.tell('importing', { importId, rows: read, ...(waiting === null ? {} : { waiting }) }),
  });
  const ended = reading.then(
    () => undefined,
    () => undefined,
  );
  present.imports.set(importId, { stop, ended });
  try {
    return await reading;
  } finally {
    present.imports.delete(importId);
  }
}

/** The routes of bulk updates, up to the job that is made. */
export function updateRoutes(context: RouteContext): Routes<'updates'> {
  const { workspace, files } = context;
  async function target(accountId: string, operation: string): Promise<Target> {
    const present = await workspace();
    const account = await present.services.vault.get(accountId);
    return [present, account, operationFor(account, operation, 'update')];
  }

  return {
    'updates.look': async ({ accountId, operation: id, source, hasHeader }) => {
      const [present, account, operation] = await target(accountId, id);
      const intake = await intakeOf(source, present, files, [account, operation]);
      return look(intake, [present, account, operation], hasHeader);
    },
    'updates.import': async (given) => importInput(await target(given.accountId, given.operation), given, context),
    'updates.template': async ({ accountId, operation: id, format }) => {
      const [, account, operation] = await target(accountId, id);
      return saveTemplate(context, account, operation, format);
    },
    'updates.stopImport': async ({ importId }) => {
      const running = (await workspace()).imports.get(importId);
      running?.stop.abort();
      await running?.ended;
    },
  };
}

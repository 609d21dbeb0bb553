import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import { wordsFor, type Column } from '../../contract/vendor.ts';
import { csvRecord, protectCell } from '../../main/jobs/export/cells.ts';
import { ordersOf, type Finds } from '../../main/lookups/found.ts';
import { Reading, type LookupResult } from '../../main/lookups/run.ts';
import { decodeUtf8 } from '../../main/vendors/shared/json.ts';
import type { LookupOperation, LookupRow, Values } from '../../main/vendors/types.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { watchInterrupts } from '../interrupts.ts';
import { operationOf, withKeeper, type Session } from './session.ts';

/** Rows a terminal shows of a lookup; the rest goes to a file or a pipe. */
const SHOWN = 20;

/** A cell for a person: the vendor's value in readable words, personal data masked. */
export function cellText(session: Session, column: Column, value: string, showPersonal: boolean): string {
  if (value === '') return '';
  if (column.personal === true && !showPersonal) return '•••';
  const words = wordsFor(column, value);
  return words === undefined ? value : `${session.t(words)} (${value})`;
}

/** What follows from the rows: where pages go. */
interface Sink {
  page(rows: readonly LookupRow[]): Promise<void>;
  end(): Promise<void>;
}

async function fileSink(session: Session, operation: LookupOperation, path: string): Promise<Sink> {
  if (existsSync(path) && !session.invocation.flag('force')) {
    throw appError(
      'EXPORT_EXISTS',
      { zh: `文件已存在：${path}`, en: `The file exists already: ${path}` },
      { zh: '换一个名字，或加 --force 覆盖。', en: 'Choose another name, or replace it with --force.' },
    );
  }
  const file = await open(path, 'w', 0o600);
  const lists = operation.columns.map((column) => session.t(column.names));
  const line = (cells: readonly string[]): string => `${csvRecord(cells)}\r\n`;
  await file.write(`\uFEFF${line([...lists, session.t({ zh: '明细', en: 'details' })])}`);
  return {
    page: async (rows) => {
      // The whole row as the vendor gave it: a file is the person's own, and asked for by name.
      const text = rows.map((row) => {
        const nested = row.lists === undefined ? '' : JSON.stringify(row.lists);
        return line([...operation.columns.map((column) => row.values[column.id] ?? ''), nested].map(protectCell));
      });
      await file.write(text.join(''));
    },
    end: async () => {
      await file.sync();
      await file.close();
      session.terminal.line(session.t({ zh: `已写入：${path}`, en: `Written: ${path}` }));
    },
  };
}

function screenSink(session: Session, operation: LookupOperation): Sink {
  const { terminal, t } = session;
  const showPersonal = session.invocation.flag('show-personal');
  const shown: Values[] = [];
  return {
    page: async (rows) => {
      for (const row of rows) {
        terminal.object({
          event: 'row',
          values: masked(operation, row.values, showPersonal),
          ...(row.lists === undefined ? {} : { lists: row.lists }),
        });
        if (shown.length < SHOWN || !terminal.interactive) shown.push(row.values);
      }
    },
    end: async () => {
      // Columns that are empty in every row would only push the others off the screen.
      const columns = operation.columns.filter((column) => shown.some((values) => (values[column.id] ?? '') !== ''));
      terminal.table(
        columns.map((column) => ({
          title: t(column.names),
          ...(column.kind === 'amount' ? { align: 'right' as const } : {}),
        })),
        shown.map((values) =>
          columns.map((column) => cellText(session, column, values[column.id] ?? '', showPersonal)),
        ),
      );
    },
  };
}

function masked(operation: LookupOperation, values: Values, showPersonal: boolean): Values {
  if (showPersonal) return values;
  // A value that no column describes is taken for personal: nobody has said that it is not.
  const open = new Set(operation.columns.filter((column) => column.personal !== true).map((column) => column.id));
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [id, !open.has(id) && value !== '' ? '•••' : value]),
  );
}

/** Most bytes of order numbers in a file or on stdin: above any list that could be looked up in a day. */
const MOST_INPUT_BYTES = 4 * 1024 * 1024;

async function textOf(session: Session, path: string): Promise<string> {
  const stream = path === '-' ? session.world.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk as Buffer | string);
      size += bytes.length;
      if (size > MOST_INPUT_BYTES) break;
      chunks.push(bytes);
    }
  } catch (cause) {
    throw appError(
      'FILE_UNREADABLE',
      { zh: `无法读取文件：${path}`, en: `The file could not be read: ${path}` },
      { zh: '请检查文件名和权限。', en: 'Check its name and the rights.' },
      { cause },
    );
  }
  const decoded = size > MOST_INPUT_BYTES ? undefined : decodeUtf8(Buffer.concat(chunks));
  if (decoded !== undefined) return decoded;
  throw appError(
    'USAGE',
    { zh: '订单号太多，或不是 UTF-8 文本。', en: 'There are too many order numbers, or the text is not UTF-8.' },
    { zh: '请分成几份，存为 UTF-8 文本再查。', en: 'Split them, save them as UTF-8 text, and look up again.' },
  );
}

/** The form as it was given, with the order numbers of `--orders`. */
async function paramsOf(session: Session, operation: LookupOperation): Promise<Values> {
  const given = session.invocation.argPairs();
  const path = session.invocation.text('orders');
  if (path === undefined) return given;
  const field = operation.params.find(({ kind }) => kind === 'orders');
  if (field !== undefined) return { ...given, [field.id]: await textOf(session, path) };
  throw appError(
    'USAGE',
    { zh: `「${operation.id}」不按一批订单号查询。`, en: `"${operation.id}" does not take many order numbers.` },
    { zh: '请去掉 --orders，或换一个查询。', en: 'Leave --orders out, or choose another lookup.' },
  );
}

/** How often a lookup says how far it is where its lines stay. */
const SAY_EVERY_MS = 2_000;

/** Tells how far a lookup is: one line that is written over on a terminal, objects with --json, a line every two seconds on stderr else. */
function teller(session: Session, reading: Reading): () => void {
  const { terminal, t } = session;
  let saidAt = performance.now();
  return () => {
    const { missing: _missing, notFound: _notFound, ...standing } = reading.standing;
    const percent = standing.share === null ? '' : ` (${Math.floor(standing.share * 100)} %)`;
    const words = t({
      zh: `已读 ${standing.rows} 单，${standing.pages} 页${percent}`,
      en: `${standing.rows} orders read on ${standing.pages} pages${percent}`,
    });
    if (terminal.interactive) return terminal.footer(words);
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    if (terminal.json) terminal.object({ event: 'progress', ...standing });
    else terminal.note(words);
  };
}

/** Parts and order numbers that are named one by one; of the rest their number is told. */
const NAMED = 10;

function tellNamed(session: Session, names: readonly string[], more: (n: number) => Bilingual): void {
  for (const name of names.slice(0, NAMED)) session.terminal.line(`    ${name}`);
  if (names.length > NAMED) session.terminal.line(`    ${session.t(more(names.length - NAMED))}`);
}

const MORE = (n: number): Bilingual => ({ zh: `… 还有 ${n} 个`, en: `… and ${n} more` });

/** Says how a lookup ended, and never that it is complete when it is not. */
export function tellLookup(session: Session, result: LookupResult): ExitCode {
  const { terminal, t } = session;
  terminal.object({ event: 'lookup', ...result });
  for (const warning of result.warnings) terminal.note(t(warning.message));
  const total = result.totalRows === null ? '' : ` / ${result.totalRows}`;
  terminal.line(
    t({
      zh: `${result.rows}${total} 行，${result.pages} 页。`,
      en: `${result.rows}${total} rows on ${result.pages} pages.`,
    }),
  );
  if (result.notFound.length > 0) {
    const count = result.notFound.length;
    terminal.line(t({ zh: `供应商没有这 ${count} 个订单：`, en: `The vendor does not know ${count} of the orders:` }));
    tellNamed(session, result.notFound, MORE);
  }
  if (result.complete) return result.notFound.length > 0 ? EXIT.SOME_FAILED : EXIT.OK;
  terminal.line(
    `${terminal.paint('yellow', '?')} ${t({ zh: '结果不完整:', en: 'The result is incomplete: ' })}${result.why === null ? '' : t(result.why)}`,
  );
  tellNamed(
    session,
    result.missing.map(({ name, why }) => `${t(name)}: ${t(why)}`),
    MORE,
  );
  if (result.enough) return EXIT.OK;
  if (result.failure !== null) {
    terminal.line(`    ${t(result.failure.remedy)} ${terminal.paint('grey', result.failure.code)}`);
  }
  return EXIT.INCOMPLETE;
}

/** `lookup` */
export function lookup(session: Session): Promise<ExitCode> {
  const { invocation } = session;
  return withKeeper(session, async ({ vault, gateway }, keeper) => {
    const account = await vault.find(invocation.arg('ACCOUNT'));
    const operation = operationOf(account, invocation.arg('OPERATION'), 'lookup');
    const params = await paramsOf(session, operation);
    const most = invocation.number('most');
    const reading = new Reading({ gateway, account, operation, params, ...(most === undefined ? {} : { most }) });
    const out = invocation.text('out');
    const sink = out === undefined ? screenSink(session, operation) : await fileSink(session, operation, out);
    const stop = new AbortController();
    const stopWatching = watchInterrupts({ first: () => stop.abort(), second: () => process.exit(EXIT.INTERRUPTED) });
    try {
      const take = async (finds: Finds): Promise<void> => {
        if (invocation.flag('keep')) await keeper.put(account.id, ordersOf(operation, finds), Date.now());
        await sink.page(finds.fresh);
      };
      const result = await reading.run(take, stop.signal, teller(session, reading));
      session.terminal.footer();
      await vault.mark(account.id, 'used');
      await sink.end();
      return tellLookup(session, result);
    } finally {
      stopWatching();
    }
  });
}

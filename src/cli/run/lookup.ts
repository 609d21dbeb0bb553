import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { appError } from '../../contract/errors.ts';
import { wordsFor, type Column } from '../../contract/vendor.ts';
import { csvRecord, protectCell } from '../../main/jobs/export/cells.ts';
import { runLookup, type LookupResult } from '../../main/lookups/run.ts';
import type { LookupOperation, LookupRow, Values } from '../../main/vendors/types.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { watchInterrupts } from '../interrupts.ts';
import { operationOf, withAccounts, type Session } from './session.ts';

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
  const personal = new Set(operation.columns.filter((column) => column.personal === true).map((column) => column.id));
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [id, personal.has(id) && value !== '' ? '•••' : value]),
  );
}

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
  if (result.complete) return EXIT.OK;
  terminal.line(
    `${terminal.paint('yellow', '?')} ${t({ zh: '结果不完整:', en: 'The result is incomplete: ' })}${result.why === null ? '' : t(result.why)}`,
  );
  if (result.enough) return EXIT.OK;
  if (result.failure === null) return EXIT.SOME_UNKNOWN;
  terminal.line(`    ${t(result.failure.remedy)} ${terminal.paint('grey', result.failure.code)}`);
  return EXIT.SOME_FAILED;
}

/** `lookup` */
export function lookup(session: Session): Promise<ExitCode> {
  const { invocation } = session;
  return withAccounts(session, async ({ vault, gateway }) => {
    const account = await vault.find(invocation.arg('ACCOUNT'));
    const operation = operationOf(account, invocation.arg('OPERATION'), 'lookup');
    const out = invocation.text('out');
    const sink = out === undefined ? screenSink(session, operation) : await fileSink(session, operation, out);
    const stop = new AbortController();
    const stopWatching = watchInterrupts({ first: () => stop.abort(), second: () => process.exit(EXIT.INTERRUPTED) });
    const most = invocation.number('most');
    try {
      const request = {
        gateway,
        account,
        operation,
        params: invocation.argPairs(),
        signal: stop.signal,
        ...(most === undefined ? {} : { most }),
      };
      const result = await runLookup(request, (page) => sink.page(page.rows));
      await vault.mark(account.id, 'used');
      await sink.end();
      return tellLookup(session, result);
    } finally {
      stopWatching();
    }
  });
}

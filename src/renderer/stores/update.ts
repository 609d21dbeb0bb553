import { defineStore } from 'pinia';
import type { Ref } from 'vue';
import { computed, ref, shallowRef, watch } from 'vue';
import type { BridgeError } from '../../contract/bridge.ts';
import type { PauseReason } from '../../contract/job.ts';
import type { ChosenFile, ImportedView, InputLook, RouteInput, UpdateSource } from '../../contract/routes.ts';
import { bindTemplate, parseTemplate, type Bound } from '../../contract/template.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Field, OperationDescriptor } from '../../contract/vendor.ts';
import { errorOf, hear, takeFile } from '../api/client.ts';
import { cancelJob, getJob } from '../api/jobs.ts';
import { chooseFile, importRows, lookAtInput, stopImport } from '../api/updates.ts';
import { useApp } from './app.ts';
import type { Handover, SelectedSource } from './handover.ts';

export const ENCODINGS = ['auto', 'utf-8', 'gbk', 'utf-16'] as const;
export type EncodingChoice = (typeof ENCODINGS)[number];

/** Where the draft's rows come from. The text of a paste is kept beside it, so that choosing a file does not lose it. */
export type DraftSource =
  | { readonly kind: 'paste' }
  | { readonly kind: 'file'; readonly file: ChosenFile }
  | { readonly kind: 'selected'; readonly from: SelectedSource; readonly accountId: string };

/** What keeps a draft from being checked. `columns` are 0-based. */
export type DraftProblem =
  | { readonly kind: 'no_source' }
  | { readonly kind: 'unmapped'; readonly field: string }
  | { readonly kind: 'shared'; readonly fields: readonly [string, string]; readonly column: number }
  | { readonly kind: 'param'; readonly field: string }
  | { readonly kind: 'template'; readonly message: Bilingual }
  /** The same file was read in before, and the person has not said that it is to be read in again. */
  | { readonly kind: 'repeated'; readonly jobId: number };

type Values = Readonly<Record<string, string>>;

const OPTIONS = { readBefore: true, writeUnreadable: false, verifyAfter: true };
/** How long typing must rest before the text is looked at. */
const REST_MS = 350;

/** Column by field; null is a field that the person left without one. */
export type DraftMapping = Readonly<Record<string, number | null>>;

/** The row fields that take a column: one that the parameters' template fills in takes none. */
export function columnFields({ rowFields = [], template }: OperationDescriptor, params: Values): readonly Field[] {
  if (template === undefined || (params[template.param] ?? '').trim() === '') return rowFields;
  return rowFields.filter(({ id }) => id !== template.field);
}

/** The template as it fits the input's columns; null where the person gave none. */
export function boundTemplate(
  { template }: OperationDescriptor,
  params: Values,
  header: readonly string[] | null,
): Bound | null {
  const text = template === undefined ? '' : (params[template.param] ?? '');
  if (text.trim() === '') return null;
  const parsed = parseTemplate(text);
  return parsed.ok ? bindTemplate(parsed.template, header) : parsed;
}

/** What in a mapping keeps rows from being read: a required field without a column, or one column for two fields. */
export function mappingProblems(fields: readonly Field[], mapping: DraftMapping): readonly DraftProblem[] {
  const problems: DraftProblem[] = [];
  const taken = new Map<number, string>();
  for (const { id, required, initial } of fields) {
    const column = mapping[id] ?? null;
    if (column === null) {
      if (required && initial === undefined) problems.push({ kind: 'unmapped', field: id });
      continue;
    }
    const other = taken.get(column);
    if (other === undefined) taken.set(column, id);
    else problems.push({ kind: 'shared', fields: [other, id], column });
  }
  return problems;
}

function sameColumns(one: InputLook | null, other: InputLook): boolean {
  return (
    one !== null &&
    one.columns === other.columns &&
    one.hasHeader === other.hasHeader &&
    JSON.stringify(one.header) === JSON.stringify(other.header)
  );
}

/** Reads the draft's rows into a job, one at a time; `inputOf` answers null while there is nothing to read. */
function useImporting(inputOf: () => Omit<RouteInput<'updates.import'>, 'importId'> | null) {
  const importing = shallowRef<{
    readonly importId: string;
    readonly rows: number;
    readonly waiting?: PauseReason | undefined;
  } | null>(null);
  const importError = shallowRef<BridgeError | null>(null);
  /** What the last import told, beside the job itself. */
  const imported = shallowRef<ImportedView | null>(null);
  /** The job that the draft was checked as; it is replaced when the draft is checked anew. */
  const checkedAs = ref<number | null>(null);
  const changedSince = ref(false);

  const isImporting = (importId: string): boolean => importing.value?.importId === importId;

  function touched(): void {
    changedSince.value = true;
    importError.value = null;
  }

  /** Cancels a job of an earlier check of this draft, so that its rows are not sent by mistake; one that has begun stays as it is. */
  async function giveUp(jobId: number): Promise<void> {
    try {
      const { job } = await getJob(jobId);
      // One that the person has named is kept, whatever becomes of its draft.
      if (job.state === 'ready' && job.startedAt === null && job.title === null) await cancelJob(jobId);
    } catch (error) {
      importError.value = errorOf(error);
    }
  }

  /** Reads the rows in and checks them; answers the job, or null when it was stopped or refused (`importError`). */
  async function check(): Promise<number | null> {
    const input = inputOf();
    if (input === null || importing.value !== null) return null;
    const importId = crypto.randomUUID();
    importing.value = { importId, rows: 0 };
    importError.value = null;
    // What is changed while it is read in is not in it.
    changedSince.value = false;
    try {
      const done = await importRows({ ...input, importId });
      if (!isImporting(importId)) {
        // It was done before the stop reached it.
        await giveUp(done.jobId);
        changedSince.value = true;
        return null;
      }
      if (checkedAs.value !== null) await giveUp(checkedAs.value);
      imported.value = done;
      checkedAs.value = done.jobId;
      return done.jobId;
    } catch (error) {
      // An import that the person has stopped rejects, too.
      if (isImporting(importId)) importError.value = errorOf(error);
      changedSince.value = true;
      return null;
    } finally {
      if (isImporting(importId)) importing.value = null;
    }
  }

  async function stop(): Promise<void> {
    const running = importing.value;
    if (running === null) return;
    importing.value = null;
    await stopImport(running.importId);
  }

  hear('importing', ({ importId, rows, waiting }) => {
    if (isImporting(importId)) importing.value = { importId, rows, waiting };
  });

  return { importing, importError, imported, checkedAs, changedSince, touched, check, stop };
}

/** Leaves to main how a new source is to be read. */
function asFound(choices: {
  readonly encoding: Ref<EncodingChoice>;
  readonly hasHeader: Ref<boolean | null>;
  readonly sheet: Ref<string | null>;
  readonly again: Ref<boolean>;
}): void {
  choices.encoding.value = 'auto';
  choices.hasHeader.value = null;
  choices.sheet.value = null;
  choices.again.value = false;
}

/** The intake's draft: what is to be read in and how. It outlives the screen, and is emptied when its job begins to send. */
export const useUpdate = defineStore('update', () => {
  const app = useApp();
  const operationId = ref<string | null>(null);
  const params = shallowRef<Record<string, string>>({});
  const source = shallowRef<DraftSource | null>(null);
  const text = shallowRef('');
  const encoding = ref<EncodingChoice>('auto');
  /** null: as found. */
  const hasHeader = ref<boolean | null>(null);
  /** Of a workbook; null: as proposed. */
  const sheet = ref<string | null>(null);
  /** The person wants a file again that was read in before. */
  const again = ref(false);
  const mapping = shallowRef<DraftMapping>({});
  const options = shallowRef(OPTIONS);
  const look = shallowRef<InputLook | null>(null);
  const looking = ref(false);
  const lookError = shallowRef<BridgeError | null>(null);

  const vendor = computed(() => (app.account === null ? null : app.vendor(app.account.vendor)));
  const operations = computed(() => vendor.value?.operations.filter(({ kind }) => kind === 'update') ?? []);
  const operation = computed(
    () => operations.value.find(({ id }) => id === operationId.value) ?? operations.value[0] ?? null,
  );
  /** Earlier jobs of the same file, but for the one that this draft was checked as. */
  const earlier = computed(() => look.value?.earlier.filter(({ jobId }) => jobId !== checkedAs.value) ?? []);
  const problems = computed((): readonly DraftProblem[] => {
    if (operation.value === null) return [];
    if (look.value === null) return [{ kind: 'no_source' }];
    const bound = boundTemplate(operation.value, params.value, look.value.header);
    const blank = operation.value.params.filter(({ id, required }) => required && (params.value[id] ?? '') === '');
    const [known] = again.value ? [] : earlier.value;
    return [
      ...(known === undefined ? [] : [{ kind: 'repeated' as const, jobId: known.jobId }]),
      ...blank.map(({ id }) => ({ kind: 'param' as const, field: id })),
      ...(bound === null || bound.ok ? [] : [{ kind: 'template' as const, message: bound.fault.message }]),
      ...mappingProblems(columnFields(operation.value, params.value), mapping.value),
    ];
  });

  let lookNo = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;

  function sourceForMain(): UpdateSource | null {
    if (source.value === null) return null;
    if (source.value.kind === 'selected') return source.value.from;
    if (source.value.kind === 'paste') return text.value.trim() === '' ? null : { kind: 'paste', text: text.value };
    const { fileId } = source.value.file;
    return {
      kind: 'file',
      fileId,
      ...(encoding.value === 'auto' ? {} : { encoding: encoding.value }),
      ...(sheet.value === null ? {} : { sheet: sheet.value }),
    };
  }

  function forget(): void {
    lookNo += 1;
    look.value = null;
    lookError.value = null;
    looking.value = false;
    mapping.value = {};
  }

  /** Looks at the source as it stands now; only the newest look counts. */
  async function lookNow(): Promise<void> {
    clearTimeout(rest);
    touched();
    const account = app.account;
    const given = sourceForMain();
    if (account === null || operation.value === null || given === null) {
      forget();
      return;
    }
    const mine = ++lookNo;
    looking.value = true;
    const wanted = hasHeader.value === null ? {} : { hasHeader: hasHeader.value };
    try {
      const found = await lookAtInput({
        accountId: account.id,
        operation: operation.value.id,
        source: given,
        ...wanted,
      });
      if (mine !== lookNo) return;
      // What the person has chosen stays as long as the columns are the same.
      mapping.value = sameColumns(look.value, found) ? { ...found.mapping, ...mapping.value } : found.mapping;
      look.value = found;
      lookError.value = null;
    } catch (error) {
      if (mine !== lookNo) return;
      forget();
      lookError.value = errorOf(error);
    }
    looking.value = false;
  }

  function take(next: DraftSource | null): Promise<void> {
    source.value = next;
    asFound({ encoding, hasHeader, sheet, again });
    forget();
    return lookNow();
  }

  /** The paste's text as typed or pasted; looked at when typing rests. */
  function setText(next: string, atOnce = false): void {
    text.value = next;
    source.value = next === '' ? null : { kind: 'paste' };
    touched();
    clearTimeout(rest);
    if (atOnce || next === '') void lookNow();
    else rest = setTimeout(() => void lookNow(), REST_MS);
  }

  /** Makes a file known to main and looks at it; a refusal is shown, and what was there stays. */
  async function fileFrom(give: () => Promise<ChosenFile | null>): Promise<void> {
    try {
      const file = await give();
      if (file !== null) await take({ kind: 'file', file });
    } catch (error) {
      lookError.value = errorOf(error);
    }
  }

  /** Lets go of the file or the lookup; a text that was pasted before comes back. */
  const removeSource = (): Promise<void> => take(text.value === '' ? null : { kind: 'paste' });

  /** Takes what another screen hands over. */
  async function takeOver({ source: given, accountId, operation: wanted }: Handover): Promise<void> {
    app.accountId = accountId;
    if (wanted !== undefined) operationId.value = wanted;
    if (given.kind === 'paste') setText(given.text, true);
    else await take({ kind: 'selected', from: given, accountId });
  }

  const { importing, importError, imported, checkedAs, changedSince, touched, check, stop } = useImporting(() => {
    const account = app.account;
    const given = sourceForMain();
    if (account === null || operation.value === null || given === null) return null;
    const taken = new Set(columnFields(operation.value, params.value).map(({ id }) => id));
    const columns = Object.entries(mapping.value).flatMap(([id, column]) =>
      column === null || !taken.has(id) ? [] : [[id, column] as const],
    );
    return {
      accountId: account.id,
      operation: operation.value.id,
      params: params.value,
      source: given,
      mapping: Object.fromEntries(columns),
      ...(look.value === null ? {} : { hasHeader: look.value.hasHeader }),
      known: [...earlier.value.map(({ jobId }) => jobId), ...(checkedAs.value === null ? [] : [checkedAs.value])],
      options: options.value,
    };
  });

  /** Forgets the rows and keeps operation, values and options: its job has begun, or the person starts anew. */
  function clear(): void {
    clearTimeout(rest);
    text.value = '';
    source.value = null;
    asFound({ encoding, hasHeader, sheet, again });
    checkedAs.value = null;
    changedSince.value = false;
    importError.value = null;
    forget();
  }

  // Values belong to an operation, a look to an account and an operation.
  watch(
    operation,
    (next, before) => {
      if (next?.id === before?.id && next?.params === before?.params) return;
      params.value = Object.fromEntries((next?.params ?? []).map(({ id, initial }) => [id, initial ?? '']));
      options.value = { ...options.value, readBefore: next?.readsBefore ?? OPTIONS.readBefore };
    },
    { immediate: true },
  );
  watch([params, mapping, options], touched, { flush: 'sync' });
  watch([() => app.account?.id ?? null, () => operation.value?.id ?? null], () => {
    mapping.value = {};
    // The orders of one account are not another's.
    if (source.value?.kind === 'selected' && source.value.accountId !== app.accountId) void removeSource();
    else if (source.value !== null) void lookNow();
  });
  watch(
    () => app.state?.workspace,
    () => clear(),
  );

  return {
    operationId,
    operations,
    operation,
    vendor,
    params,
    source,
    text,
    encoding,
    hasHeader,
    sheet,
    again,
    earlier,
    mapping,
    options,
    look,
    looking,
    lookError,
    importing,
    importError,
    imported,
    checkedAs,
    changedSince,
    problems,
    setText,
    choose: () => fileFrom(chooseFile),
    drop: (file: File) => fileFrom(() => takeFile(file)),
    takeOver,
    removeSource,
    lookNow,
    check,
    stop,
    clear,
  };
});

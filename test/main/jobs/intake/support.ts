import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { AppError } from '../../../../src/contract/errors.ts';
import type { Field } from '../../../../src/contract/vendor.ts';
import { checkFields } from '../../../../src/main/vendors/shared/check.ts';
import type { UpdateOperation } from '../../../../src/main/vendors/types.ts';
import type { IntakeRow } from '../../../../src/main/jobs/types.ts';
import type { ExplicitMapping, IntakePlan } from '../../../../src/main/jobs/intake/mapping.ts';
import { planIntake } from '../../../../src/main/jobs/intake/mapping.ts';
import type { InputOptions, InputSource, OpenedInput } from '../../../../src/main/jobs/intake/input.ts';
import { openInput } from '../../../../src/main/jobs/intake/input.ts';
import { readRows } from '../../../../src/main/jobs/intake/rows.ts';

export const ORDER: Field = {
  id: 'order',
  names: { zh: '订单号', en: 'order number' },
  kind: 'order',
  required: true,
  aliases: ['订单编号', 'order_sn', 'orderNo'],
  pattern: '[0-9A-Za-z-]{6,40}',
};
export const NOTE: Field = {
  id: 'note',
  names: { zh: '备注', en: 'note' },
  kind: 'text',
  required: false,
  aliases: ['商家备注', 'remark', 'memo'],
  maxLength: 20,
};
export const TAG: Field = {
  id: 'tag',
  names: { zh: '标记', en: 'flag' },
  kind: 'choice',
  required: false,
  choices: [
    { value: '1', names: { zh: '红', en: 'red' } },
    { value: '2', names: { zh: '黄', en: 'yellow' } },
  ],
};

/** An update with real field checks; a note "warn" brings a warning. Calls are not its business here. */
export function operationOf(fields: readonly Field[]): UpdateOperation {
  const unused = (): never => {
    throw new Error('no call is made in an intake');
  };
  return {
    kind: 'update',
    id: 'note',
    names: { zh: '备注', en: 'note' },
    params: [],
    warnings: [],
    rowFields: fields,
    batchSize: 1,
    repeatable: 'always',
    checkParams: unused,
    request: unused,
    read: unused,
    checkRow(values) {
      const checked = checkFields(fields, values);
      if (!checked.ok) return checked;
      const { order = '', ...rest } = checked.value;
      const warnings =
        rest['note'] === 'warn' ? [{ code: 'w', field: 'note', message: { zh: '注意', en: 'mind' } }] : [];
      return { ok: true, value: { order, values: rest }, warnings };
    },
  };
}

export const OPERATION = operationOf([ORDER, NOTE, TAG]);

const folder = mkdtempSync(join(tmpdir(), 'intake-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let files = 0;

/** A path in a folder that is removed after the tests. */
export function newPath(name = 'orders.csv'): string {
  files += 1;
  return join(folder, `${files}-${name}`);
}

/** A file with these bytes. */
export function fileOf(content: string | Buffer, name?: string): InputSource & { kind: 'file' } {
  const path = newPath(name);
  writeFileSync(path, content);
  return { kind: 'file', path };
}

export function paste(text: string): InputSource {
  return { kind: 'paste', text, name: 'paste' };
}

/** All cells of an input, record by record. */
export async function cellsOf(input: OpenedInput): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for await (const records of input.records()) all.push(...records.map((record) => record.cells));
  return all;
}

export interface ReadAll {
  readonly input: OpenedInput;
  readonly plan: IntakePlan;
  readonly rows: readonly IntakeRow[];
  readonly batches: readonly number[];
}

/** Opens, plans and reads an input to its end. */
export async function readAll(
  source: InputSource,
  options: InputOptions & { mapping?: ExplicitMapping; hasHeader?: boolean; operation?: UpdateOperation } = {},
): Promise<ReadAll> {
  const { operation = OPERATION, mapping, hasHeader, ...inputOptions } = options;
  const input = await openInput(source, inputOptions);
  const plan = planIntake(input.first.cells, operation.rowFields, {
    ...(mapping === undefined ? {} : { mapping }),
    ...(hasHeader === undefined ? {} : { hasHeader }),
  });
  const rows: IntakeRow[] = [];
  const batches: number[] = [];
  for await (const batch of readRows(input, { operation, params: {}, settings: {}, ...plan })) {
    rows.push(...batch);
    batches.push(batch.length);
  }
  return { input, plan, rows, batches };
}

/** The AppError that a call or promise fails with. */
export async function failure(run: () => unknown): Promise<AppError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

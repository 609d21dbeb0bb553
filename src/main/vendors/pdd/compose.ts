import { parseTemplate } from '../../../contract/template.ts';
import type { Field } from '../../../contract/vendor.ts';
import { checkFields, problemOf } from '../shared/check.ts';
import type { Checked, Settings, UpdateRow, Values } from '../types.ts';

/** How a note is made: over the present one or after it, and of one text for all rows. */

/** Stands between the present note and what is put after it; ours, as no document knows of any. */
export const SEPARATOR = '；';

const MODE: Field = {
  id: 'mode',
  names: { zh: '写入方式', en: 'How to write' },
  kind: 'choice',
  required: true,
  initial: 'overwrite',
  choices: [
    {
      value: 'overwrite',
      names: { zh: '覆盖原备注', en: 'Over the present note' },
      warning: { zh: '会覆盖订单原有的备注', en: "The orders' present notes are overwritten" },
    },
    { value: 'append', names: { zh: '追加到原备注之后', en: 'After the present note' } },
  ],
};

const SEPARATOR_FIELD: Field = {
  id: 'separator',
  names: { zh: '追加时的间隔', en: 'Between them' },
  help: {
    zh: '追加时放在原备注和新内容之间；留空则用账号的设置',
    en: "Stands between the present note and what is added; empty takes the account's setting",
  },
  kind: 'text',
  required: false,
  maxLength: 10,
};

const TEMPLATE: Field = {
  id: 'template',
  names: { zh: '备注模板', en: 'Note for all rows' },
  help: {
    zh: '{列名} 会换成该行那一列的内容，例如：已发货 {物流单号}；花括号本身写两个。填了它就不用备注列',
    en: '{column} becomes the cell of that column, such as: shipped {tracking no}; write a brace itself twice. With it no note column is used',
  },
  kind: 'text',
  required: false,
};

/** The account's separator, a setting. */
export const SEPARATOR_SETTING: Field = {
  id: 'noteSeparator',
  names: { zh: '追加备注时的间隔', en: 'Between notes' },
  help: {
    zh: '追加备注时放在原备注和新内容之间',
    en: 'Stands between the present note and what is added after it',
  },
  kind: 'text',
  required: true,
  initial: SEPARATOR,
  maxLength: 10,
};

export const NOTE_PARAMS: readonly Field[] = [MODE, SEPARATOR_FIELD, TEMPLATE];

/** The shared parameters: the template's braces in order, and the separator kept with the job, so that a later change of the setting does not touch it. */
export function checkNoteParams(params: Values, settings: Settings): Checked<Values> {
  const checked = checkFields(NOTE_PARAMS, params);
  if (!checked.ok) return checked;
  const { template, separator, ...rest } = checked.value;
  const parsed = parseTemplate(template ?? '');
  if (!parsed.ok) return { ok: false, problems: [problemOf(parsed.fault.code, TEMPLATE, parsed.fault.message)] };
  const given = separator ?? settings[SEPARATOR_SETTING.id] ?? '';
  return {
    ...checked,
    value: {
      ...rest,
      ...(isAppend(rest) ? { separator: given === '' ? SEPARATOR : given } : {}),
      ...(template === undefined ? {} : { template }),
    },
  };
}

/** The parameter by which notes are put after the present ones. */
export const APPENDS = { param: 'mode', value: 'append' } as const;

function isAppend(params: Values): boolean {
  return params[APPENDS.param] === APPENDS.value;
}

/** The note after the present one; the present one alone where it ends so already, so that nothing is ever added twice. */
function after(present: string, note: string, separator: string): string {
  if (present === '' || present === note) return note;
  return present.endsWith(separator + note) ? present : present + separator + note;
}

/**
 * The row as it is sent over the present values. A note that is appended keeps the order's mark where the row brings none: whether a write
 * without a mark leaves it no document says (pdd.md 1.3). Composing twice changes nothing more.
 */
export function composeNote(row: UpdateRow, present: Values, params: Values): UpdateRow {
  if (!isAppend(params)) return row;
  const { tag = '', tag_name: tagName = '' } = present;
  const keeps = (row.values['tag'] ?? '') === '' && tag !== '' && tagName !== '';
  const note = after(present['note'] ?? '', row.values['note'] ?? '', params['separator'] ?? SEPARATOR);
  return { ...row, values: { ...row.values, note, ...(keeps ? { tag, tag_name: tagName } : {}) } };
}

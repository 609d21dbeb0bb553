import type { Bilingual } from '../../../contract/text.ts';
import type { Field } from '../../../contract/vendor.ts';
import type {
  BeforeFacts,
  BeforeWrite,
  Checked,
  LookupRow,
  Problem,
  Reply,
  RowReading,
  Settings,
  UpdateOperation,
  UpdateReading,
  UpdateRow,
  Values,
  Verdict,
  VerifyFacts,
} from '../types.ts';
import { checkFields, codePoints, matchesPattern, problemOf } from '../shared/check.ts';
import { ownFailure } from '../shared/errors.ts';
import type { JsonValue } from '../shared/json.ts';
import { asText, field } from '../shared/json.ts';
import { APPENDS, checkNoteParams, composeNote, NOTE_PARAMS } from './compose.ts';
import { NOTE_COLUMNS, ORDER_FIELD } from './detail.ts';
import type { PddRefusal } from './reply.ts';
import { businessRefusal, readPdd, rejection } from './reply.ts';
import { pddRequest } from './sign.ts';
import { TAG_COLOURS, TAG_WORDS } from './words.ts';

/** The usual form of an order number: likely, not certain (pdd.md 1.3). */
const USUAL_ORDER = '\\d{6}-\\d{15}';
/** Where the setting is absent; ours, as the vendor publishes none (pdd.md 1.7). */
const NOTE_MAX = 500;

const NOTE: Field = {
  id: 'note',
  names: { zh: '备注', en: 'Note' },
  help: { zh: '写到订单上的商家备注', en: "The seller's note that is written to the order" },
  kind: 'text',
  required: true,
  aliases: [
    '备注',
    '商家备注',
    '卖家备注',
    '订单备注',
    '新备注',
    'note',
    'remark',
    'memo',
    'seller note',
    'seller memo',
  ],
};
const TAG: Field = {
  id: 'tag',
  names: { zh: '标记', en: 'Mark' },
  help: {
    zh: '1 红 2 黄 3 绿 4 蓝 5 紫；要与标记名称同填或同不填',
    en: '1 red 2 yellow 3 green 4 blue 5 purple; with its name, or neither',
  },
  kind: 'choice',
  required: false,
  choices: Object.entries(TAG_WORDS).map(([value, names]) => {
    const colour = TAG_COLOURS[value];
    return { value, names, ...(colour === undefined ? {} : { colour }) };
  }),
  aliases: ['标记', '颜色', '备注标记', '旗帜', '标记颜色', 'tag', 'colour', 'color', 'flag', 'mark', 'remark_tag'],
};
const TAG_NAME: Field = {
  id: 'tag_name',
  names: { zh: '标记名称', en: 'Mark name' },
  help: { zh: '最多 3 个字符；要与标记同填或同不填', en: 'At most 3 characters; with the mark, or neither' },
  kind: 'text',
  required: false,
  maxLength: 3,
  aliases: [
    '标记名称',
    '标记名',
    '颜色名称',
    '标签',
    '标签名',
    'tag_name',
    'tag name',
    'mark name',
    'label',
    'remark_tag_name',
  ],
};
const ROW_FIELDS: readonly Field[] = [ORDER_FIELD, NOTE, TAG, TAG_NAME];

/** A row: fields one by one, the mark's pair rule (seed 002), and warnings for what no document settles (order's form, note's length). */
function checkRow(values: Values, settings: Settings): Checked<UpdateRow> {
  const checked = checkFields(ROW_FIELDS, values);
  if (!checked.ok) return checked;
  const { value } = checked;
  const [tag, tagName] = [value['tag'], value['tag_name']];
  if ((tag === undefined) !== (tagName === undefined)) {
    const missing = tag === undefined ? TAG : TAG_NAME;
    const problem = problemOf('pdd.tag_pair', missing, {
      zh: '标记与标记名称要么都填，要么都不填',
      en: 'the mark and its name must both be given, or neither',
    });
    return { ok: false, problems: [problem] };
  }
  const order = value['order_sn'] ?? '';
  const warnings: Problem[] = [];
  if (!matchesPattern(USUAL_ORDER, order)) {
    warnings.push(
      problemOf('pdd.order_form', ORDER_FIELD, {
        zh: `不像常见的 ${ORDER_FIELD.example ?? ''}，请核对`,
        en: `is not like the usual ${ORDER_FIELD.example ?? ''}; please check it`,
      }),
    );
  }
  const { order_sn: _order, ...rest } = value;
  const row = { order, values: rest };
  return { ok: true, value: row, warnings: [...warnings, ...warnNote(row, settings)] };
}

/** A note longer than the setting: nobody publishes a maximum (pdd.md 1.7). */
function warnNote(row: UpdateRow, settings: Settings): readonly Problem[] {
  const most = Number(settings['noteMax'] ?? NOTE_MAX);
  const length = codePoints(row.values['note'] ?? '');
  if (length <= most) return [];
  return [
    problemOf('pdd.note_long', NOTE, {
      zh: `有 ${length} 个字符，超过控制台设的 ${most} 个；拼多多没有公布上限，可能会拒绝`,
      en: `has ${length} characters, more than the console's ${most}; Pinduoduo publishes no maximum and may refuse it`,
    }),
  ];
}

/** What a row writes: the note, and the mark with its name when it has one. */
function written(row: UpdateRow): Values {
  const { note = '', tag = '', tag_name: tagName = '' } = row.values;
  return tag === '' ? { note } : { note, tag, tag_name: tagName };
}

/** Keys that the row is about: the note; the mark, too, where the row names it, be it as none. */
function keysOf(row: UpdateRow): readonly string[] {
  return row.values['tag'] === undefined ? ['note'] : ['note', 'tag', 'tag_name'];
}

/** Whether present values equal others in all that the row is about; a mark that it does not name is not compared. */
function same(row: UpdateRow, present: Values, others: Values): boolean {
  return keysOf(row).every((key) => (present[key] ?? '') === (others[key] ?? ''));
}

/** Whether present values are the expected ones, of what the row is about and the expectation names. */
function asExpected(row: UpdateRow, present: Values, expected: Values): boolean {
  return keysOf(row).every((key) => expected[key] === undefined || (present[key] ?? '') === expected[key]);
}

/** Note and mark as they were. A note that was empty is refused by the check: the vendor takes none (seed 002, `note` must be given). */
function undo(row: UpdateRow, oldValues: Values): UpdateRow | null {
  const { note = '', tag = '', tag_name: tagName = '' } = oldValues;
  if (same(row, oldValues, row.values)) return null;
  return { order: row.order, values: { note, tag, tag_name: tagName } };
}

const CONTRADICTS: Bilingual = {
  zh: '答复自相矛盾（成功标志与错误说明不一致），要查询后才知道',
  en: 'the reply contradicts itself (its success flag and its error text differ); it takes a look-up to know',
};
const NO_FLAG: Bilingual = {
  zh: '网关已受理，但答复里没有写明是否成功，要查询后才知道',
  en: 'the gateway accepted the call, but its reply does not say whether it succeeded; it takes a look-up to know',
};

/** The row of a reply that refuses nothing: success only when `success` is true and `error_msg` empty (pdd.md 1.5). */
function businessReading(data: JsonValue | undefined): RowReading {
  if (field(data, 'success') !== true) return { outcome: 'unknown', why: NO_FLAG };
  const error = field(data, 'error_msg') ?? '';
  return error === '' ? { outcome: 'succeeded' } : { outcome: 'unknown', why: CONTRADICTS };
}

function readNote(reply: Reply): UpdateReading {
  const read = readPdd(reply);
  if (read.kind === 'unreadable') return read;
  if (read.kind === 'refused') return refusedNote(read);
  const requestId = asText(field(read.data, 'request_id')) ?? read.requestId;
  const refused = businessRefusal(read.data, requestId);
  if (refused) return refusedNote(refused);
  const id = requestId === undefined ? {} : { requestId };
  return { kind: 'answered', rows: [businessReading(read.data)], ...id };
}

/**
 * A refused write: what the table lists as refused before it acts is a rejection; what failed within Pinduoduo (52102 and 52103 among it)
 * may have been done and is unknown (design, Verifying); the rest failed.
 */
function refusedNote(refused: PddRefusal): UpdateReading {
  if (refused.rejected) return rejection(refused);
  const { failure } = refused;
  const id = failure.requestId === undefined ? {} : { requestId: failure.requestId };
  if (!refused.doubtful) return { kind: 'answered', rows: [{ outcome: 'failed', failure }], ...id };
  const why = {
    zh: `${failure.reading.zh}；这时备注可能已写入，要查询后才知道`,
    en: `${failure.reading.en}; the note may have been written all the same, it takes a look-up to know`,
  };
  return { kind: 'answered', rows: [{ outcome: 'unknown', why, failure: { ...failure, class: 'system' } }], ...id };
}

function noteRow(row: LookupRow): Values {
  const { note = '', tag = '', tag_name: tagName = '' } = row.values;
  return { note, tag, tag_name: tagName };
}

/** The present note against the one to be written, and against the previewed one where there was a preview. */
function judgeBefore({ row, params, found, expected }: BeforeFacts): BeforeWrite {
  const oldValues = noteRow(found);
  const sent = composeNote(row, oldValues, params);
  if (same(sent, oldValues, sent.values)) return { kind: 'nothing_to_do', oldValues };
  return { kind: expected !== null && !asExpected(sent, oldValues, expected) ? 'changed' : 'write', oldValues };
}

/** After an unknown outcome: the new note means succeeded, the old one not applied, any other that someone changed it (design, Verifying). */
function judge(facts: VerifyFacts): Verdict {
  const { row, found, oldValues } = facts;
  if (found === null) {
    return {
      outcome: 'unknown',
      why: {
        zh: '查不到这个订单，无法判断备注是否已写入',
        en: 'no such order is shown, so it cannot be told whether the note was written',
      },
    };
  }
  const present = noteRow(found);
  if (same(row, present, row.values)) {
    return {
      outcome: 'succeeded',
      note: { zh: '查询确认：订单上已是新备注', en: 'confirmed by a look-up: the order bears the new note' },
    };
  }
  if (oldValues === null) {
    return {
      outcome: 'unknown',
      why: {
        zh: '订单上不是新备注；写入前没有读取原备注，无法判断是没写入还是又被改过',
        en: 'the order does not bear the new note; the old one was not read before, so it was either not written or changed since',
      },
    };
  }
  if (!same(row, present, oldValues)) {
    return {
      outcome: 'unknown',
      why: {
        zh: '订单上既不是新备注也不是原备注：有人改过，请到后台核对',
        en: 'the order bears neither the new note nor the old one: it was changed by someone; check it in the console of the shop',
      },
    };
  }
  return {
    outcome: 'failed',
    failure: ownFailure(
      'console.not_applied',
      'not_applied',
      {
        zh: '查询确认：订单上仍是原备注，这次没有写入',
        en: 'A look-up shows the old note: this change was not applied',
      },
      { zh: '可以重试', en: 'It can be retried' },
    ),
  };
}

/** Overwrites an order's note, with a coloured mark or without (seed 002). */
export const noteUpdate: UpdateOperation = {
  kind: 'update',
  id: 'note-update',
  names: { zh: '修改商家备注', en: 'Write seller notes' },
  params: NOTE_PARAMS,
  warnings: [],
  rowFields: ROW_FIELDS,
  batchSize: 1,
  repeatable: 'afterVerify',
  checkParams: checkNoteParams,
  checkRow: (values, _params, settings) => checkRow(values, settings),
  request: (rows, _params, context) => {
    const [row] = rows;
    if (row === undefined) throw new Error('note-update needs a row');
    return pddRequest('/gateway/pdd/order/noteupdate', { order_sn: row.order, ...written(row) }, context);
  },
  read: (reply) => readNote(reply),
  verify: {
    lookup: (row) => ({ operation: 'order-detail', params: { order_sn: row.order } }),
    matches: (row, found) => found.values['order_sn'] === row.order,
    judge,
  },
  readBefore: {
    byDefault: true,
    columns: NOTE_COLUMNS,
    requiredBy: APPENDS,
    lookup: (row) => ({ operation: 'order-detail', params: { order_sn: row.order } }),
    matches: (row, found) => found.values['order_sn'] === row.order,
    judge: judgeBefore,
  },
  undo,
  // What was there is written back whole.
  undoParams: () => ({ mode: 'overwrite' }),
  undoWarnings: [
    {
      zh: '原来没有标记的订单：撤销时不写标记，拼多多是否会去掉现在的标记，文档没有写明；请先撤销几单看看',
      en: 'Orders that had no mark before: none is written back, and no document says whether Pinduoduo then takes the present one off; set a few back first and look',
    },
  ],
  compose: composeNote,
  warn: warnNote,
  template: { param: 'template', field: 'note' },
};

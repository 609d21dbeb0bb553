import type { Column, Field } from '../../../contract/vendor.ts';
import type { FailureClass, VendorFailure } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { checkFields, trimmed } from '../shared/check.ts';
import { unreadable } from '../shared/envelope.ts';
import { ownFailure, vendorWords } from '../shared/errors.ts';
import type { JsonValue } from '../shared/json.ts';
import { asText, field, isObject } from '../shared/json.ts';
import type { LookupOperation, LookupReading, Reply, Values } from '../types.ts';
import { MACHINE_NO } from './fields.ts';
import { answerOf } from './read.ts';
import { signedRequest } from './sign.ts';
import { RECORD_WORDS } from './words.ts';

/** Where a dispense stands: `open` until the machine has answered or the platform has given it up. */
export type DeliveryState = 'open' | 'done' | 'failed' | 'timeout' | 'returned' | 'strange';

/**
 * The words for a dispense or a record. The documents print 未取货或正在出货, 出货完成 and, in older samples, 未取货, 已取货, 订单取消; the rest are
 * the record's words (vending.md 2.5) and the plain words that the same pages use for them.
 */
const STATES: Readonly<Record<string, DeliveryState>> = {
  未取货或正在出货: 'open',
  正在出货: 'open',
  出货中: 'open',
  未取货: 'open',
  等待出货: 'open',
  WAITING_PICKED_UP: 'open',
  IS_DELIVERING: 'open',
  出货完成: 'done',
  出货成功: 'done',
  已取货: 'done',
  IS_SUCCESS: 'done',
  IS_PICKED_UP: 'done',
  出货失败: 'failed',
  IS_FAILED: 'failed',
  出货超时: 'timeout',
  IS_TIMEOUT: 'timeout',
  订单取消: 'returned',
  IS_REFUND: 'returned',
};

/** Words of a record that is not dispensed and not being dispensed. */
const WAITING: ReadonlySet<string> = new Set(['WAITING_PICKED_UP', '未取货', '等待出货']);

/** What a status word says of a dispense; an unlisted one is `strange`. */
export function deliveryState(word: string): DeliveryState {
  const plain = word.trim();
  return Object.hasOwn(STATES, plain) ? (STATES[plain] ?? 'strange') : 'strange';
}

/** Whether a record still waits for its dispense. */
export function isWaiting(word: string): boolean {
  return WAITING.has(word.trim());
}

/** A word as it came, with its meaning where the documents give one. */
export function shownWord(word: string): Bilingual {
  const names = Object.hasOwn(RECORD_WORDS, word) ? RECORD_WORDS[word] : undefined;
  return names ? { zh: `${word}（${names.zh}）`, en: `${word} (${names.en})` } : { zh: word, en: word };
}

const LOOK: Bilingual = {
  zh: '先到机器旁看商品有没有出来，再决定退款还是补货；控制台不会自己再发一次',
  en: 'Look at the machine first whether the goods came out, then refund or restock; the console does not send it again by itself',
};

function told(zh: string, en: string): Bilingual {
  return { zh: `${zh}；${LOOK.zh}`, en: `${en}; ${LOOK.en[0]?.toLowerCase() ?? ''}${LOOK.en.slice(1)}` };
}

interface Fault {
  readonly reading: Bilingual;
  readonly remedy: Bilingual;
}

const MOTOR = told('检查货道电机和接线', "Check the slot's motor and its wires");
const LIFT = told('检查升降台和它的电机、接线', 'Check the lift, its motor and its wires');
const STUCK = told('清开卡住或留在升降台上的商品', 'Clear the goods that are stuck or lie on the lift');
const SETUP = told('在鼎商云管理系统里核对货道设置', "Compare the slot's settings in the DingShang console");

function fault(zh: string, en: string, remedy: Bilingual): Fault {
  return { reading: { zh, en }, remedy };
}

/** The device's own words for what went wrong, as the document of the callback lists them; compared without case. */
export const DEVICE_FAULTS: Readonly<Record<string, Fault>> = {
  'slot invalid': fault('货道无效', 'The slot is invalid', SETUP),
  'load no current': fault(
    '货道电机或锁的回路里没有电流，可能插头没插好或断线',
    "No current in the slot's motor or lock: a plug may be loose or a wire broken",
    MOTOR,
  ),
  'over current': fault('货道电机短路（电流过大）', "The slot's motor is short-circuited (too much current)", MOTOR),
  'feedback error': fault('货道电机能转，但没有反馈信号', "The slot's motor turns but gives no feedback signal", MOTOR),
  'dlv detect error': fault(
    '掉货检测有问题：升降台上有商品，或光眼故障',
    'The drop detection failed: goods lie on the lift, or its light barrier is broken',
    STUCK,
  ),
  'goods are stuck': fault('没有检测到掉货：可能卡货', 'No goods were seen to drop: they may be stuck', STUCK),
  'slot type error': fault('货道类型设置不匹配', 'The slot is set to a type that does not fit', SETUP),
  'slave comm error': fault(
    '从设备通信故障（没接好线或地址设置错误）',
    'A slave device does not answer (wire or address)',
    SETUP,
  ),
  'lift comm error': fault('升降控制板通信超时', 'The board that controls the lift did not answer in time', LIFT),
  'lift limit up': fault('升降台上限位故障', "The lift's upper limit switch is broken", LIFT),
  'lift goods': fault('升降台上有物品，无法出货', 'Something lies on the lift, so nothing can be dispensed', STUCK),
  'lift limit dw': fault('升降台下限位开关故障', "The lift's lower limit switch is broken", LIFT),
  'vermo break': fault('升降电机不通电', "The lift's motor has no current", LIFT),
  'vermo short': fault('升降电机短路（过载或烧坏）', "The lift's motor is short-circuited (overload or burnt)", LIFT),
  'vermo encode': fault('升降电机编码器故障', "The encoder of the lift's motor is broken", LIFT),
};

/** Our codes for how a dispense ended without goods. */
export const DISPENSE_CODES = {
  failed: 'console.dispense_failed',
  timeout: 'console.dispense_timeout',
  noAnswer: 'console.dispense_no_answer',
  returned: 'console.dispense_returned',
} as const satisfies Record<string, `console.${string}`>;

/** `vendor` and `state` are the classes that no retry is offered for: what moves goods is sent again by a person's decision alone. */
const GIVEN_UP: FailureClass = 'vendor';

/** A dispense that the machine reports as failed; `words` are the device's own, '' when it gave none. */
export function dispenseFailed(words: string): VendorFailure {
  const own = vendorWords(words);
  const known = DEVICE_FAULTS[own.toLowerCase()];
  const reading: Bilingual =
    known === undefined
      ? {
          zh: own === '' ? '机器报告出货失败，没有说原因' : `机器报告出货失败：${own}`,
          en: own === '' ? 'The machine reports a failed dispense without a reason' : `The machine reports: ${own}`,
        }
      : { zh: `机器报告出货失败：${known.reading.zh}`, en: `The dispense failed: ${known.reading.en}` };
  return { ...ownFailure(DISPENSE_CODES.failed, GIVEN_UP, reading, known?.remedy ?? LOOK), message: own };
}

/** The platform gave a dispense up, 120 s after its command (vending.md 2.6). */
export function dispenseTimedOut(words: string): VendorFailure {
  const reading = {
    zh: '平台标为出货超时：机器在 120 秒内没有反馈',
    en: 'The platform marks it as timed out: the machine did not answer within 120 s',
  };
  return { ...ownFailure(DISPENSE_CODES.timeout, GIVEN_UP, reading, LOOK), message: vendorWords(words) };
}

/** No word of the machine 120 s after the command, though the platform has not marked it yet. */
export const NO_ANSWER: VendorFailure = ownFailure(
  DISPENSE_CODES.noAnswer,
  GIVEN_UP,
  {
    zh: '发出指令 120 秒后机器仍没有反馈，按文档算出货超时',
    en: 'The machine did not answer within 120 s of the command, which by the documents is a time-out',
  },
  LOOK,
);

/** The record was cancelled and its goods went back to stock. */
export const RETURNED: VendorFailure = ownFailure(
  DISPENSE_CODES.returned,
  'state',
  { zh: '订单已取消，商品退回了库存', en: 'The order was cancelled and its goods were returned to stock' },
  { zh: '核对订单；需要时重新下单', en: 'Compare the order; place a new one where it is wanted' },
);

/** What the answer of a dispense, or of its query, says. */
export interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly deliveredAt: string;
  readonly pickupAt: string;
  readonly failReason: string;
}

/** A dispense's fields as texts; undefined when `data` is no object. */
export function deliveryOf(data: JsonValue | undefined): Delivery | undefined {
  if (!isObject(data)) return undefined;
  const text = (name: string): string => asText(field(data, name))?.trim() ?? '';
  return {
    id: text('delivery_id'),
    status: text('status'),
    deliveredAt: text('delivered_at'),
    pickupAt: text('pickup_at'),
    failReason: text('fail_reason'),
  };
}

/** Where a dispense stands by its status and its reason: a reason of failure outweighs a word that says nothing of its end. */
export function stateOf({ status, failReason }: Pick<Delivery, 'status' | 'failReason'>): DeliveryState {
  const state = deliveryState(status);
  return failReason !== '' && (state === 'open' || state === 'strange') ? 'failed' : state;
}

const DELIVERY_ID: Field = {
  id: 'delivery_id',
  names: { zh: '出货事件 id', en: 'Dispense id' },
  help: { zh: '发出货指令时鼎商给的编号', en: "DingShang's number of a dispensing command" },
  kind: 'order',
  required: true,
  pattern: '[0-9A-Za-z_-]{1,64}',
  example: '5121763043809673',
};

const PARAMS: readonly Field[] = [DELIVERY_ID, MACHINE_NO];

const STATUS_WORDS: Readonly<Record<string, Bilingual>> = {
  ...RECORD_WORDS,
  未取货或正在出货: { zh: '未取货或正在出货', en: 'Not picked up, or being dispensed' },
  出货完成: { zh: '出货完成', en: 'Dispensed' },
};

/** Columns of a dispense, alone or under its order. */
export const DELIVERY_COLUMNS: readonly Column[] = [
  { id: 'delivery_id', names: DELIVERY_ID.names, kind: 'order' },
  { id: 'status', names: { zh: '状态', en: 'Status' }, kind: 'status', words: STATUS_WORDS },
  { id: 'delivered_at', names: { zh: '出货时间', en: 'Dispensed at' }, kind: 'time' },
  { id: 'pickup_at', names: { zh: '出货完成时间', en: 'Completed at' }, kind: 'time' },
  { id: 'fail_reason', names: { zh: '出货失败原因', en: 'Reason of failure' }, kind: 'text' },
];

/** Reads the query of one dispense. A success without its status is not trusted. */
export function readDelivery(reply: Reply, deliveryId: string): LookupReading {
  const answer = answerOf(reply);
  if (answer.kind === 'doubtful') return unreadable(answer.why);
  if (answer.kind !== 'ok') return answer;
  const delivery = deliveryOf(answer.data);
  if (delivery === undefined || delivery.status === '' || (delivery.id !== '' && delivery.id !== deliveryId)) {
    return unreadable({
      zh: '鼎商的答复里没有所查出货的状态',
      en: "DingShang's reply has no status of the dispense that was asked for",
    });
  }
  const values: Values = {
    delivery_id: deliveryId,
    status: delivery.status,
    delivered_at: delivery.deliveredAt,
    pickup_at: delivery.pickupAt,
    fail_reason: delivery.failReason,
  };
  return { kind: 'page', rows: [{ values }], next: null };
}

/** How a dispense stands, by the number that its command was answered with (vending.md 2.5). */
export const deliveryQuery: LookupOperation = {
  id: 'delivery-query',
  kind: 'lookup',
  names: { zh: '查询出货结果', en: 'Query a dispense' },
  params: PARAMS,
  columns: DELIVERY_COLUMNS,
  warnings: [],
  check: (params) => checkFields(PARAMS, { ...params, machine_no: trimmed(params['machine_no'] ?? '') }),
  request(params, _cursor, context) {
    const fields = { machine_no: params['machine_no'] ?? '' };
    return signedRequest('POST', `/deliveries/${encodeURIComponent(params['delivery_id'] ?? '')}`, fields, context);
  },
  read: (reply, params) => readDelivery(reply, params['delivery_id'] ?? ''),
};

import type { Bilingual } from '../../../contract/text.ts';
import type { Colour } from '../../../contract/vendor.ts';

/** Colours of the note's mark (seed 002). */
export const TAG_WORDS: Readonly<Record<string, Bilingual>> = {
  '1': { zh: '红色', en: 'red' },
  '2': { zh: '黄色', en: 'yellow' },
  '3': { zh: '绿色', en: 'green' },
  '4': { zh: '蓝色', en: 'blue' },
  '5': { zh: '紫色', en: 'purple' },
};

/** Colours of the note's mark as a screen draws them. */
export const TAG_COLOURS: Readonly<Record<string, Colour>> = {
  '1': 'red',
  '2': 'yellow',
  '3': 'green',
  '4': 'blue',
  '5': 'purple',
};

/** Statuses of delivery and of refunds by the gateway's list (doc.fw199.com/docs/h7b/pdd-trade-list). */
export const STATUS_WORDS: Readonly<Record<string, Bilingual>> = {
  '1': { zh: '待发货', en: 'waiting for delivery' },
  '2': { zh: '已发货待签收', en: 'on its way' },
  '3': { zh: '已签收', en: 'received' },
};
export const REFUND_WORDS: Readonly<Record<string, Bilingual>> = {
  '1': { zh: '无售后或售后关闭', en: 'none, or closed' },
  '2': { zh: '售后处理中', en: 'being handled' },
  '3': { zh: '退款中', en: 'being refunded' },
  '4': { zh: '退款成功', en: 'refunded' },
};

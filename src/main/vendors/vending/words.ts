import type { Bilingual } from '../../../contract/text.ts';

/**
 * The update's numbers with the word that the query shows for each. The documents give both the same meanings in the same
 * order, which is why 1–6 map so (vending.md 2.5).
 */
export const STATUSES: readonly { readonly value: string; readonly word: string; readonly names: Bilingual }[] = [
  { value: '1', word: 'SUCCESS', names: { zh: '支付成功', en: 'Paid' } },
  { value: '2', word: 'REFUND', names: { zh: '转入退款', en: 'Refunded' } },
  { value: '3', word: 'CLOSED', names: { zh: '已关闭', en: 'Closed' } },
  { value: '4', word: 'REVOKED', names: { zh: '已撤销（付款码支付）', en: 'Revoked (payment code)' } },
  { value: '5', word: 'USERPAYING', names: { zh: '用户支付中（付款码支付）', en: 'User paying (payment code)' } },
  { value: '6', word: 'PAYERROR', names: { zh: '支付失败', en: 'Payment failed' } },
];

/** All words that the query may show for an order. */
export const ORDER_WORDS: Readonly<Record<string, Bilingual>> = {
  ...Object.fromEntries(STATUSES.map(({ word, names }) => [word, names])),
  PICKUPCODE: { zh: '取货码订单', en: 'Pickup code order' },
  NOTPAY: { zh: '未支付', en: 'Not paid' },
  TESTPAY: { zh: '测试订单', en: 'Test order' },
};

/** Words for the records of an order, one a product. */
export const RECORD_WORDS: Readonly<Record<string, Bilingual>> = {
  WAITING_PICKED_UP: { zh: '等待出货', en: 'Waiting to be dispensed' },
  IS_PICKED_UP: { zh: '已取货', en: 'Picked up' },
  IS_REFUND: { zh: '订单取消，退回', en: 'Cancelled and returned' },
  IS_DELIVERING: { zh: '出货中', en: 'Being dispensed' },
  IS_SUCCESS: { zh: '出货完成', en: 'Dispensed' },
  IS_FAILED: { zh: '出货失败', en: 'Dispensing failed' },
  IS_TIMEOUT: { zh: '出货超时', en: 'Dispensing timed out' },
};

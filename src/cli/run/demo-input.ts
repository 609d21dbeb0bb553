import type { Twins } from '../../main/embedded.ts';
import type { FaultRule } from '../../main/twins/index.ts';
import type { Bilingual } from '../../contract/text.ts';

/** The demo's sizes (issue: the main job, in the terminal). */
export const POLYV_ROWS = 2_500;
export const NOTE_ROWS = 300;
export const VENDING_ROWS = 50;

/** A fault that the demo injects, and what a merchant would otherwise meet it as. */
export interface InjectedFault {
  readonly vendor: keyof Twins;
  readonly rule: FaultRule | null;
  readonly words: Bilingual;
}

function pick<Order>(
  twin: { readonly orderCount: number; order(index: number): Order },
  most: number,
  wanted: (order: Order) => boolean,
): Order[] {
  const found: Order[] = [];
  for (let index = 0; index < twin.orderCount && found.length < most; index += 1) {
    const order = twin.order(index);
    if (wanted(order)) found.push(order);
  }
  return found;
}

/** Clock of the Polyv twin: beyond the vendor's three minutes, so that the first call is refused and signed anew with the learnt time. */
export const CLOCK_SKEW_MS = 252_000;

/** 2,500 lines: orders that wait for delivery, a few that do not, one no longer known, and lines a spreadsheet has spoilt. */
export function polyvInput(twins: Twins): { text: string; unknownOrder: string; last: string } {
  const waiting = pick(twins.polyv, POLYV_ROWS - 10, (order) => order.status === 'wait_delivery').map(
    (order) => order.number,
  );
  const closed = pick(twins.polyv, 4, (order) => order.status === 'close').map((order) => order.number);
  const unknownOrder = 'product20240101000000gone';
  const first = waiting[0] ?? '';
  const spoilt = ['', '1.23457E+17', '202405221129011000000', first, first];
  const lines = [
    ...waiting.slice(0, 1200),
    ...closed,
    ...waiting.slice(1200, 1800),
    unknownOrder,
    ...spoilt.slice(0, 3),
    ...waiting.slice(1800),
    ...spoilt.slice(3),
  ];
  return { text: ['订单号', ...lines.slice(0, POLYV_ROWS)].join('\n'), unknownOrder, last: waiting.at(-1) ?? '' };
}

/** 300 notes; some already are as wanted, two carry a mark without its name. */
export function noteInput(twins: Twins): { text: string; orders: readonly string[] } {
  const orders = pick(twins.pdd, NOTE_ROWS, () => true);
  const rows = orders.map((order, index) => {
    if (index % 60 === 7 && order.note !== '')
      return `${order.number},"${order.note.replaceAll('"', '""')}",${order.tag},${order.tagName}`;
    if (index % 150 === 20) return `${order.number},加急,2,`;
    return `${order.number},"已核对，${index + 1} 号客服，今天发货",${index % 3 === 0 ? '3,绿色' : ','}`;
  });
  return { text: ['订单号,商家备注,标记,标记名称', ...rows].join('\n'), orders: orders.map((order) => order.number) };
}

/** 50 payments confirmed: unpaid orders, and two that are closed or refunded. */
export function vendingInput(twins: Twins): { text: string; orders: readonly string[] } {
  const unpaid = pick(
    twins.vending,
    VENDING_ROWS - 2,
    (order) => order.status === 'NOTPAY' && twins.vending.now() - order.createdAt < 600_000,
  );
  const paid = pick(twins.vending, 2, (order) => order.status === 'CLOSED' || order.status === 'REFUND');
  const orders = [...unpaid, ...paid];
  const rows = orders.map((order) => `${order.number},${order.machineNo},1`);
  return { text: ['订单号,设备编号,状态', ...rows].join('\n'), orders: orders.map((order) => order.number) };
}

/** The faults of the demo, by name. */
export function injectedFaults(orders: {
  unknown: string;
  lastPolyv: string;
  notes: readonly string[];
  vending: readonly string[];
}): readonly InjectedFault[] {
  const note = (index: number): string[] => orders.notes.slice(index, index + 1);
  const machine = (index: number): string[] => orders.vending.slice(index, index + 1);
  const WRITE = 'noteupdate';
  return [
    {
      vendor: 'polyv',
      rule: null,
      words: { zh: '供应商的时钟快 4 分 12 秒', en: "the vendor's clock is 4 min 12 s ahead" },
    },
    {
      vendor: 'polyv',
      rule: { kind: 'unknown_order', when: { path: 'update-batch-status', orders: [orders.unknown] } },
      words: { zh: '一个不存在的订单让整批失败', en: 'one unknown order fails its whole batch' },
    },
    {
      vendor: 'polyv',
      rule: { kind: 'reset_after', when: { path: 'update-batch-status', orders: [orders.lastPolyv] } },
      words: { zh: '处理后连接断开，没有答复', en: 'acted on, then the connection is reset without a reply' },
    },
    {
      vendor: 'suning',
      rule: { kind: 'server_error', status: 502, when: { nth: [3] } },
      words: { zh: '一页查询返回 502', en: 'one page of the lookup answers 502' },
    },
    {
      vendor: 'pdd',
      rule: { kind: 'limit', retryAfter: 1, when: { path: WRITE, nth: [60] } },
      words: { zh: '限流（52101），Retry-After 1 秒', en: 'the limit reply 52101 with Retry-After 1 s' },
    },
    {
      vendor: 'pdd',
      rule: { kind: 'reset_before', when: { path: WRITE, orders: note(110) } },
      words: { zh: '处理前连接断开', en: 'the connection is reset before the vendor acts' },
    },
    {
      vendor: 'pdd',
      rule: { kind: 'truncated', when: { path: WRITE, orders: note(160) } },
      words: { zh: '处理后答复只到一半', en: 'acted on, and half of the reply comes' },
    },
    {
      vendor: 'vending',
      rule: { kind: 'html', status: 200, acted: true, when: { path: '/orders/', orders: machine(12), nth: [1] } },
      words: { zh: '处理后返回网页', en: 'acted on, and answers with an HTML page' },
    },
  ];
}

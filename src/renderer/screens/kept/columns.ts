import type { KeptRow } from '../../../contract/kept.ts';
import { COMMON_STATE_WORDS } from '../../../contract/order.ts';
import type { GridColumn } from '../../components/grid/columns.ts';
import { ago } from '../../components/ago.ts';
import { dateTime, duration, t } from '../../i18n/index.ts';
import { localTime, MASK } from '../orders/columns.ts';
import { W as ORDERS } from '../orders/words.ts';
import { W } from './words.ts';

const BEIJING_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** A moment (ms) as the vendors write it: `yyyy-MM-dd HH:mm:ss`, Beijing; '' for none. */
export function beijingTime(at: number | null): string {
  return at === null ? '' : new Date(at + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Whether what a vendor said so long ago may well have changed. */
export const isStale = (readAt: number, nowMs: number): boolean => nowMs - readAt > DAY_MS;

const moment = (at: number | null): string => localTime(beijingTime(at));

function time(
  id: 'created' | 'paid' | 'changed',
  title: string,
  of: (row: KeptRow) => number | null,
): GridColumn<KeptRow> {
  return {
    id,
    title,
    width: 164,
    kind: 'time',
    sortable: true,
    text: (row) => moment(of(row)),
    hint: (row) => (of(row) === null ? undefined : t(ORDERS.beijingTime(beijingTime(of(row))))),
  };
}

/** The columns of kept orders: the number first and frozen. `accountOf` names an account, `now` is the present (ms). */
export function keptColumns(accountOf: (id: string) => string, now: () => number): readonly GridColumn<KeptRow>[] {
  return [
    {
      id: 'order',
      title: t(W.order),
      width: 232,
      kind: 'order',
      frozen: true,
      fixed: true,
      opens: true,
      sortable: true,
      text: (row) => row.order,
    },
    {
      id: 'state',
      title: t(W.state),
      width: 120,
      kind: 'status',
      sortable: true,
      text: (row) => t(COMMON_STATE_WORDS[row.state]),
      hint: (row) => (row.vendorState === '' ? undefined : t(W.vendorSays(row.vendorState))),
    },
    { id: 'account', title: t(W.accounts), width: 140, text: (row) => accountOf(row.accountId) },
    time('created', t(W.created), (row) => row.createdAt),
    { id: 'amount', title: t(W.amount), width: 96, kind: 'amount', sortable: true, text: (row) => row.amount ?? '' },
    {
      id: 'read',
      title: t(W.read),
      width: 112,
      sortable: true,
      text: (row) => ago(new Date(row.readAt).toISOString(), now()),
      hint: (row) => t((isStale(row.readAt, now()) ? W.stale : W.readAt)(dateTime(row.readAt))),
    },
    { id: 'title', title: t(W.product), width: 200, written: true, text: (row) => row.title ?? '' },
    { id: 'tag', title: t(W.mark), width: 104, written: true, text: (row) => row.tag?.name ?? '' },
    { id: 'note', title: t(W.note), width: 160, written: true, text: (row) => row.note ?? '' },
    time('paid', t(W.paid), (row) => row.paidAt),
    time('changed', t(W.changed), (row) => row.changedAt),
    {
      id: 'buyer',
      title: t(W.buyer),
      width: 88,
      personal: true,
      text: (row) => (row.hasBuyer ? MASK : ''),
      hint: (row) => (row.hasBuyer ? t(W.masked) : undefined),
    },
    { id: 'machine', title: t(W.machine), width: 112, text: (row) => row.machine ?? '' },
  ];
}

/** How long an order waits (ms): in days from two days on. */
export function waitFor(ms: number): string {
  return ms < 2 * DAY_MS ? duration(ms) : t(W.days(Math.floor(ms / DAY_MS)));
}

// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { EVERY_ORDER, type KeptRow, type SavedView } from '../../../src/contract/kept.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { useKept } from '../../../src/renderer/stores/kept.ts';
import { beijingTime, isStale, keptColumns } from '../../../src/renderer/screens/kept/columns.ts';
import { countOf, piecesOf } from '../../../src/renderer/screens/kept/pictures.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, refusal, startAnswers } from '../fake-bridge.ts';

const row = (id: number, more: Partial<KeptRow> = {}): KeptRow => ({
  id,
  accountId: 'shop',
  vendor: 'polyv',
  order: `E${String(id)}`,
  machine: null,
  state: 'to_ship',
  vendorState: 'wait_delivery',
  createdAt: Date.UTC(2026, 4, 12, 1),
  paidAt: null,
  changedAt: null,
  amount: '1.00',
  tag: null,
  title: null,
  note: null,
  hasBuyer: true,
  readAt: Date.UTC(2026, 4, 12, 1),
  selected: false,
  ...more,
});

let bridge: FakeBridge;
let kept: ReturnType<typeof useKept>;

beforeEach(async () => {
  bridge = fakeBridge({
    ...startAnswers(),
    'orders.page': () => ({ total: 3, rows: [row(1, { selected: true }), row(2), row(3, { selected: true })] }),
    'orders.chosen': () => ({ selected: 2, accounts: [{ accountId: 'shop', vendor: 'polyv', count: 2 }] }),
    'orders.views': () => [],
    'orders.select': () => ({ selected: 2 }),
  });
  await useApp().start();
  kept = useKept();
});

describe('the kept orders in the window', () => {
  it('are read by pages of the view, and anew when main says that they changed', async () => {
    await kept.start();
    expect([kept.total, kept.chosen.selected]).toEqual([3, 2]);
    const before = kept.source.version;
    bridge.tell('kept', undefined);
    expect(kept.source.version).not.toBe(before);
    kept.see({ filter: { find: '小明' }, sort: { column: 'amount', descending: true } });
    await kept.source.page(0, 1_000);
    expect(bridge.asked('orders.page').at(-1)).toEqual({
      view: { filter: { ...EVERY_ORDER, find: '小明' }, sort: { column: 'amount', descending: true } },
      offset: 0,
      limit: 200,
    });
    kept.see({ sort: { column: 'no such column', descending: true } });
    expect(kept.view.sort).toBeNull();
  });

  it('are not read before they are looked at', () => {
    bridge.tell('kept', undefined);
    expect(bridge.asked('orders.page')).toEqual([]);
  });

  it('are selected in main, and copied only as far as they are selected', async () => {
    await kept.start();
    await kept.select({ kind: 'all', view: kept.view });
    expect(bridge.asked('orders.select')).toEqual([{ kind: 'all', view: kept.view }]);
    const taken: string[] = [];
    expect(await kept.eachSelected(({ order }) => taken.push(order))).toBe(2);
    expect(taken).toEqual(['E1', 'E3']);
  });

  it('know which saved view is looked at, until it is changed', async () => {
    const saved: SavedView = { id: 1, name: 'late', view: kept.view, watch: null };
    bridge.answer({ 'orders.saveView': () => [saved] });
    expect(await kept.saveView('late')).toBe(true);
    expect(kept.shownView?.name).toBe('late');
    kept.see({ filter: { states: ['unpaid'] } });
    expect(kept.shownView).toBeNull();
  });

  it('say what was refused, and keep what is shown', async () => {
    await kept.start();
    bridge.answer({
      'orders.erase': () => {
        throw refusal('JOB_BUSY', '还有任务。', 'A job runs.');
      },
    });
    expect(await kept.erase('every')).toBeNull();
    expect([kept.error?.code, kept.total]).toEqual(['JOB_BUSY', 3]);
  });

  it('do not show personal data of an order that was closed meanwhile', async () => {
    const detail = { row: row(1), facts: {} as never, personalShown: false, hasPersonal: true };
    bridge.answer({ 'orders.detail': () => detail });
    await kept.openDetail(1);
    let answer = (): void => {};
    bridge.answer({
      'orders.detail': () => new Promise((resolve) => (answer = () => resolve({ ...detail, personalShown: true }))),
    });
    const asked = kept.openDetail(1, true);
    kept.closeDetail();
    answer();
    await asked;
    expect(kept.detail).toBeNull();
  });
});

describe('the columns of kept orders', () => {
  it('show times in the zone of the person, the vendor’s on hover, and how old a reading is', () => {
    const now = Date.UTC(2026, 4, 12, 4);
    const columns = keptColumns(
      () => 'Flagship',
      () => now,
    );
    const of = (id: string) => columns.find((column) => column.id === id);
    expect(beijingTime(row(1).createdAt)).toBe('2026-05-12 09:00:00');
    expect(of('created')?.hint?.(row(1))).toContain('2026-05-12 09:00:00');
    expect(of('created')?.text(row(1, { createdAt: null }))).toBe('');
    expect(of('buyer')?.text(row(1))).toBe('•••');
    expect(of('state')?.hint?.(row(1))).toContain('wait_delivery');
    expect(of('read')?.text(row(1))).toMatch(/3/u);
    expect([isStale(now - 86_400_001, now), isStale(now - 3_600_000, now)]).toEqual([true, false]);
  });
});

describe('a picture', () => {
  it('has a piece for each vendor that has orders, one after the other', () => {
    const series = [
      { id: 'polyv', name: 'Polyv', colour: 1 },
      { id: 'pdd', name: 'Pinduoduo', colour: 2 },
      { id: 'suning', name: 'Suning', colour: 4 },
    ];
    const bar = { id: 'to_ship', name: 'to ship', counts: { polyv: 2, suning: 3 } };
    expect(countOf(bar, series)).toBe(5);
    expect(piecesOf(bar, series, 10)).toEqual([
      { id: 'polyv', colour: 1, from: 0, length: 0.2 },
      { id: 'suning', colour: 4, from: 0.2, length: 0.3 },
    ]);
    expect(piecesOf(bar, series, 0)).toEqual([]);
  });
});

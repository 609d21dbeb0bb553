// @vitest-environment happy-dom
import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h, nextTick } from 'vue';
import type { GridColumn } from '../../../src/renderer/components/grid/columns.ts';
import { columnWindow } from '../../../src/renderer/components/grid/sideways.ts';
import DataGrid from '../../../src/renderer/components/grid/DataGrid.vue';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { DEFAULT_SETTINGS } from '../../../src/contract/settings.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge } from '../fake-bridge.ts';

// What leaves with a transition leaves while there is still a document.
enableAutoUnmount(afterEach);

interface Row {
  readonly key: number;
  readonly order: string;
  readonly selected: boolean;
}

const COLUMNS: readonly GridColumn<Row>[] = [
  { id: 'name', title: 'Name', width: 100, sortable: true, text: ({ key }) => `name ${String(key)}` },
  { id: 'order', title: 'Order', width: 200, kind: 'order', frozen: true, fixed: true, text: ({ order }) => order },
  { id: 'state', title: 'State', width: 100, text: () => 'ok', hint: () => 'OK_1' },
];
const TOTAL = 1_000_000;
const selected = new Set<number>();

function source(version = 1) {
  return {
    total: TOTAL,
    version,
    page: (offset: number, limit: number) =>
      Promise.resolve(
        Array.from({ length: Math.min(limit, TOTAL - offset) }, (_, at): Row => {
          const key = offset + at;
          return { key, order: `00${String(key)}`, selected: selected.has(key) };
        }),
      ),
  };
}

let bridge: FakeBridge;
const sizes = { clientHeight: 36 + 10 * 32, offsetHeight: 36 + 10 * 32, clientWidth: 600, offsetWidth: 600 };

beforeEach(() => {
  selected.clear();
  for (const [name, value] of Object.entries(sizes)) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
  }
  bridge = fakeBridge({
    'settings.change': (patch) => ({ ...DEFAULT_SETTINGS, ...patch }),
    'app.copy': () => undefined,
  });
});
afterEach(() => {
  for (const name of Object.keys(sizes)) Reflect.deleteProperty(HTMLElement.prototype, name);
  document.body.replaceChildren();
});

async function grid(more: object = {}) {
  const wrapper = mount(DataGrid<Row>, {
    attachTo: document.body,
    props: { gridId: 'test', label: 'Rows', columns: COLUMNS, source: source(), ...more },
    slots: { 'cell-state': ({ row }: { row: Row }) => h('b', `state ${String(row.key)}`) },
  });
  await vi.waitUntil(() => wrapper.text().includes('name 0'));
  const key = async (name: string, held: object = {}): Promise<void> => {
    await wrapper.get('[role=grid]').trigger('keydown', { key: name, ...held });
    await nextTick();
    await nextTick();
  };
  const focused = (): string => {
    const cell = document.activeElement?.closest<HTMLElement>('[data-column]');
    const row = cell?.closest<HTMLElement>('[data-row]');
    return `${row?.dataset['row'] ?? '-'}/${cell?.dataset['column'] ?? '-'}`;
  };
  return { wrapper, key, focused };
}

describe('a grid of a million rows', () => {
  it('draws those that are seen, says how many there are, and the frozen column first', async () => {
    const { wrapper } = await grid();
    const root = wrapper.get('[role=grid]');
    expect([root.attributes('aria-rowcount'), root.attributes('aria-colcount')]).toEqual(['1000001', '3']);
    expect(wrapper.findAll('[role=columnheader]').map((one) => one.text())).toEqual(['Order', 'Name', 'State']);
    const rows = wrapper.findAll('.rows [role=row]');
    expect(rows.length).toBeLessThan(30);
    expect(rows.map((row) => row.attributes('aria-rowindex')).slice(0, 3)).toEqual(['2', '3', '4']);
    expect(rows[1]?.text()).toBe('001name 1state 1');
  });

  it('goes by keys to the last row and back, the focus with it', async () => {
    const { wrapper, key, focused } = await grid();
    await key('ArrowDown');
    expect(focused()).toBe('1/0');
    await key('End', { ctrlKey: true });
    expect(focused()).toBe('999999/2');
    await vi.waitUntil(() => wrapper.text().includes('00999999'));
    expect(wrapper.findAll('.rows [role=row]').length).toBeLessThan(30);
    await key('Home', { ctrlKey: true });
    await key('ArrowUp');
    expect(focused()).toBe('-1/0');
  });

  it('opens, sorts, resizes and copies by keys', async () => {
    const { wrapper, key } = await grid();
    await key('ArrowDown');
    await key('Enter');
    expect(wrapper.emitted('open')).toMatchObject([[{ order: '001' }, 1]]);
    await key('c', { ctrlKey: true });
    expect(bridge.asked('app.copy')).toEqual(['001']);
    await key('ArrowUp');
    await key('ArrowUp');
    await key('ArrowRight');
    await key('Enter');
    await wrapper.setProps({ sort: { column: 'name', descending: false } });
    expect(wrapper.findAll('[role=columnheader]').map((one) => one.attributes('aria-sort'))).toEqual([
      undefined,
      'ascending',
      undefined,
    ]);
    await key('Enter');
    await wrapper.setProps({ sort: { column: 'name', descending: true } });
    await key(' ');
    expect(wrapper.emitted('sort')).toEqual([
      [{ column: 'name', descending: false }],
      [{ column: 'name', descending: true }],
      [null],
    ]);
    await key('ArrowRight', { altKey: true });
    expect(useApp().settings.grids).toEqual({ test: { hidden: [], widths: { name: 116 } } });
  });

  it('selects one, a range, all, and says which rows are', async () => {
    const { wrapper, key } = await grid({ isSelected: (row: Row) => row.selected, selectedCount: 0 });
    await key(' ');
    await key('ArrowDown');
    await key('ArrowDown');
    await key(' ', { shiftKey: true });
    await key('a', { ctrlKey: true });
    expect(wrapper.emitted('select')).toMatchObject([
      [{ kind: 'one', index: 0, selected: true }],
      [{ kind: 'range', from: 0, to: 2, selected: true }],
      [{ kind: 'all' }],
    ]);
    selected.add(1);
    await wrapper.setProps({ source: source(2) });
    await vi.waitUntil(() => wrapper.get('[data-row="1"]').attributes('aria-selected') === 'true');
    expect(wrapper.get('[data-row="0"]').attributes('aria-selected')).toBe('false');
  });

  it('hides a column that the person chose away, in the settings too', async () => {
    const { wrapper } = await grid();
    await wrapper.getComponent({ name: 'GridColumns' }).vm.$emit('show', 'name', false);
    await nextTick();
    expect(wrapper.findAll('[role=columnheader]').map((one) => one.text())).toEqual(['Order', 'State']);
    expect(bridge.asked('settings.change')).toEqual([{ grids: { test: { hidden: ['name'], widths: {} } } }]);
  });

  it('says what a cell means while the pointer is over it', async () => {
    const { wrapper } = await grid();
    const cell = wrapper.get('[data-row="3"] [data-column="2"]');
    await cell.trigger('mouseover');
    expect(cell.attributes('title')).toBe('OK_1');
  });
});

it('draws the columns within the window and a little beside it', () => {
  const widths = Array.from({ length: 40 }, () => 100);
  expect(columnWindow(widths, 1, 40, 0, 600)).toEqual({ first: 1, last: 8 });
  expect(columnWindow(widths, 1, 40, 2_000, 600)).toEqual({ first: 17, last: 28 });
  expect(columnWindow([200], 1, 0, 0, 600)).toEqual({ first: 1, last: 0 });
});

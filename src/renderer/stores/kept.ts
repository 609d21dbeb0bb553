import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { BridgeError } from '../../contract/bridge.ts';
import {
  EVERY_ORDER,
  KEPT_SORTS,
  type ErasedView,
  type KeptChosen,
  type KeptDetail,
  type KeptFilter,
  type KeptRow,
  type KeptSelectionChange,
  type KeptSort,
  type KeptView,
  type Pictures,
  type Refreshing,
  type SavedView,
  type Watch,
} from '../../contract/kept.ts';
import { PAGE_ROWS } from '../../contract/lookup.ts';
import { errorOf, hear } from '../api/client.ts';
import * as api from '../api/orders.ts';
import type { PageSource } from '../components/grid/pages.ts';
import { useApp } from './app.ts';
import { MOST_COPIED } from './orders.ts';

const WHOLE: KeptView = { filter: EVERY_ORDER, sort: null };
const NOTHING_CHOSEN: KeptChosen = { selected: 0, accounts: [] };

const isSort = (column: string): column is KeptSort => KEPT_SORTS.some((one) => one === column);

/** The kept orders as the window looks at them. Rows stay in main: the grid reads the pages that are seen. */
export const useKept = defineStore('kept', () => {
  const app = useApp();
  const view = shallowRef<KeptView>(WHOLE);
  const total = ref<number | null>(null);
  const chosen = shallowRef<KeptChosen>(NOTHING_CHOSEN);
  const version = ref(0);
  const error = shallowRef<BridgeError | null>(null);
  const detail = shallowRef<KeptDetail | null>(null);
  const views = shallowRef<readonly SavedView[]>([]);
  const pictures = shallowRef<Pictures | null>(null);
  const refreshing = shallowRef<Refreshing | null>(null);
  /** The saved view that is looked at, as long as nothing of it was changed. */
  const shownView = computed(
    () => views.value.find((one) => JSON.stringify(one.view) === JSON.stringify(view.value)) ?? null,
  );

  const filtered = computed(() => JSON.stringify(view.value.filter) !== JSON.stringify(EVERY_ORDER));
  const source = computed<PageSource<KeptRow>>(() => ({
    total: total.value ?? 0,
    version: version.value,
    page: (offset, limit) => readPage(offset, limit),
  }));

  async function readPage(offset: number, limit: number): Promise<readonly KeptRow[]> {
    const wanted = view.value;
    const page = await api.keptPage(wanted, offset, Math.min(limit, PAGE_ROWS));
    if (view.value === wanted) total.value = page.total;
    return page.rows;
  }

  function fail(thrown: unknown): void {
    error.value = errorOf(thrown);
  }

  /** Does something and keeps what went wrong for the screen. */
  async function guarded<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (thrown) {
      fail(thrown);
      return null;
    }
  }

  /** Reads anew what is seen, how many orders the view has, and what is selected of them. */
  async function refresh(): Promise<void> {
    version.value += 1;
    await guarded(async () => {
      await readPage(0, 1);
      chosen.value = await api.keptChosen();
    });
  }

  async function start(): Promise<void> {
    await Promise.all([refresh(), guarded(async () => (views.value = await api.savedViews()))]);
  }

  /** Looks at the orders in another order, or at others of them. */
  function see(patch: {
    readonly filter?: Partial<KeptFilter>;
    readonly sort?: { column: string; descending: boolean } | null;
  }): void {
    const { filter = {}, sort = view.value.sort } = patch;
    const column = sort?.column ?? '';
    const next = { ...view.value.filter, ...filter };
    view.value = {
      filter: next,
      sort: sort === null || !isSort(column) ? null : { column, descending: sort.descending },
    };
    void refresh();
  }

  /** Looks at other orders altogether, as a picture or a saved view says. */
  function show(next: KeptView): void {
    view.value = next;
    void refresh();
  }

  async function select(change: KeptSelectionChange): Promise<void> {
    await guarded(async () => {
      await api.selectKept(change);
      chosen.value = await api.keptChosen();
    });
    version.value += 1;
  }

  /** Reads all of an order; personal data only when `personal` asks for it. */
  async function openDetail(id: number, personal = false): Promise<void> {
    const read = await guarded(() => api.keptDetail(id, personal));
    // Closed or opened for another order meanwhile: personal data must not come up again.
    if (read !== null && (!personal || detail.value?.row.id === id)) detail.value = read;
  }

  /** The selected orders of the view, at most MOST_COPIED, handed on page by page; answers how many. */
  async function eachSelected(take: (row: KeptRow) => void): Promise<number> {
    let taken = 0;
    const all = total.value ?? 0;
    for (let offset = 0; offset < all && taken < Math.min(chosen.value.selected, MOST_COPIED); offset += PAGE_ROWS) {
      for (const row of await readPage(offset, PAGE_ROWS)) {
        if (!row.selected || taken >= MOST_COPIED) continue;
        take(row);
        taken += 1;
      }
    }
    return taken;
  }

  /** Reads the selected orders again at their vendors. */
  async function readAgain(): Promise<void> {
    const begun = await guarded(() => api.refreshKept());
    if (begun !== null) refreshing.value = begun;
  }

  async function stopReading(): Promise<void> {
    await guarded(() => api.stopRefresh());
  }

  /** Erases for good; answers what it came to, null when it could not be done. */
  async function erase(which: 'selected' | 'every'): Promise<ErasedView | null> {
    detail.value = null;
    const erased = await guarded(() => api.eraseKept(which));
    await refresh();
    if (which === 'every') await guarded(async () => (views.value = await api.savedViews()));
    return erased;
  }

  /** Saves what is looked at under a name; answers whether it could be. */
  async function saveView(name: string, watched: Watch | null = null, what: KeptView = view.value): Promise<boolean> {
    const all = await guarded(() => api.saveView({ name, view: what, watch: watched }));
    if (all !== null) views.value = all;
    return all !== null;
  }

  async function removeView(id: number): Promise<void> {
    const all = await guarded(() => api.removeView(id));
    if (all !== null) views.value = all;
  }

  async function readPictures(): Promise<void> {
    const wanted = view.value;
    const read = await guarded(() => api.keptPictures(wanted));
    if (read !== null && view.value === wanted) pictures.value = read;
  }

  hear('refreshing', (standing) => (refreshing.value = standing));
  let reading = false;
  let stale = false;
  /** Follows what main says: while it reads, whatever else changes is read once afterwards. */
  async function follow(): Promise<void> {
    stale = reading;
    // Nothing is shown yet, so nothing is read.
    if (reading || total.value === null) return;
    reading = true;
    await refresh();
    reading = false;
    if (stale) void follow();
  }

  hear('kept', () => void follow());
  watch(
    () => app.state?.workspace,
    () => {
      view.value = WHOLE;
      total.value = null;
      chosen.value = NOTHING_CHOSEN;
      detail.value = null;
      views.value = [];
      pictures.value = null;
      refreshing.value = null;
    },
  );

  return {
    view,
    total,
    chosen,
    error,
    detail,
    views,
    shownView,
    pictures,
    refreshing,
    filtered,
    source,
    version,
    start,
    see,
    show,
    select,
    openDetail,
    closeDetail: () => (detail.value = null),
    eachSelected,
    save: (options: { selectedOnly: boolean; personal: boolean }) => api.exportKept({ view: view.value, ...options }),
    readAgain,
    stopReading,
    forgetRefreshing: () => (refreshing.value = null),
    erase,
    saveView,
    removeView,
    readPictures,
    fail,
    forgetError: () => (error.value = null),
  };
});

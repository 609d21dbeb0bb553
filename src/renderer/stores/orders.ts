import { defineStore } from 'pinia';
import { computed, shallowReactive, shallowRef, watch } from 'vue';
import type { Account } from '../../contract/account.ts';
import type { BridgeError } from '../../contract/bridge.ts';
import type { LookupDetail, LookupRowView, LookupStatus, LookupView, SelectionChange } from '../../contract/lookup.ts';
import { PAGE_ROWS } from '../../contract/lookup.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { OperationDescriptor } from '../../contract/vendor.ts';
import { errorOf, hear } from '../api/client.ts';
import * as api from '../api/lookups.ts';
import type { PageSource } from '../components/grid/pages.ts';
import type { FormValues } from '../screens/orders/form.ts';
import { filledIn, firstLookup, firstValues, formProblems } from '../screens/orders/form.ts';
import { useApp } from './app.ts';

const WHOLE_VIEW: LookupView = { sort: null, find: '', values: {} };
/** Most rows that are copied at once: what a spreadsheet takes without complaint. */
export const MOST_COPIED = 10_000;

/** What the Orders screen shows of one account: its form, its last lookup and how that is looked at. */
interface Place {
  operation: string;
  /** Forms by operation. */
  forms: Readonly<Record<string, FormValues>>;
  problems: Readonly<Record<string, Bilingual>>;
  status: LookupStatus | null;
  starting: boolean;
  error: BridgeError | null;
  view: LookupView;
  /** Rows of the view. */
  total: number;
  selected: number;
  /** Changes whenever the rows, their order or their selection may have changed. */
  version: number;
  /** The result before a lookup that runs: shown again when that ends without a row because of an error. */
  kept: Pick<Place, 'status' | 'view' | 'selected'> | null;
  /** The lookup that ended so. */
  missed: LookupStatus | null;
}

/** The lookups of the window, one an account. Rows stay in main: the grid reads the pages that are seen. */
// eslint-disable-next-line max-lines-per-function -- one store of one screen
export const useOrders = defineStore('orders', () => {
  const app = useApp();
  const places = shallowReactive(new Map<string, Place>());
  /** When forms are filled in first: what says "the last seven days" must still say so tomorrow. */
  const now = shallowRef(Date.now());
  const detail = shallowRef<LookupDetail | null>(null);
  const detailError = shallowRef<BridgeError | null>(null);

  function placeOf(account: Account): Place {
    const known = places.get(account.id);
    if (known !== undefined) return known;
    const place = shallowReactive<Place>({
      operation: firstLookup(app.vendor(account.vendor))?.id ?? '',
      forms: {},
      problems: {},
      status: null,
      starting: false,
      error: null,
      view: WHOLE_VIEW,
      total: 0,
      selected: 0,
      version: 0,
      kept: null,
      missed: null,
    });
    places.set(account.id, place);
    return place;
  }

  const place = computed(() => (app.account === null ? null : placeOf(app.account)));
  const vendor = computed(() => (app.account === null ? null : app.vendor(app.account.vendor)));
  const operationOf = (id: string | undefined): OperationDescriptor | null =>
    vendor.value?.operations.find((one) => one.id === id) ?? null;
  /** The lookup whose form is shown, and the one whose result is. */
  const operation = computed(() => operationOf(place.value?.operation));
  const shownOperation = computed(() => operationOf(place.value?.status?.operation));

  const form = computed<FormValues>({
    get: () => {
      const { value: at } = place;
      if (at === null || vendor.value === null || operation.value === null) return {};
      return at.forms[at.operation] ?? firstValues(vendor.value, operation.value.params, now.value);
    },
    set: (values) => {
      const { value: at } = place;
      if (at === null) return;
      at.forms = { ...at.forms, [at.operation]: values };
      // What was said of a field holds until it is changed; the next try checks again.
      if (Object.keys(at.problems).length > 0) at.problems = formProblems(operation.value?.params ?? [], values);
    },
  });

  const filtered = computed(() => {
    const view = place.value?.view ?? WHOLE_VIEW;
    return view.find !== '' || Object.values(view.values).some((wanted) => wanted.length > 0);
  });
  const source = computed<PageSource<LookupRowView>>(() => {
    const { value: at } = place;
    const lookupId = at?.status?.lookupId;
    if (at === null || lookupId === undefined) return { total: 0, version: '', page: () => Promise.resolve([]) };
    return {
      total: at.total,
      version: `${lookupId}/${String(at.version)}`,
      page: (offset, limit) => readPage(at, lookupId, offset, limit),
    };
  });

  async function readPage(at: Place, lookupId: string, offset: number, limit: number) {
    const { view } = at;
    const page = await api.lookupPage(lookupId, view, offset, Math.min(limit, PAGE_ROWS));
    if (at.view === view && at.status?.lookupId === lookupId) at.total = page.total;
    return page.rows;
  }

  /** Reads anew what is seen, and how many rows the view has. */
  function changed(at: Place): void {
    at.version += 1;
    const { status } = at;
    if (status === null) {
      at.total = 0;
      return;
    }
    if (at.view.find === '' && Object.keys(at.view.values).length === 0) at.total = status.held;
    else void guarded(at, () => readPage(at, status.lookupId, 0, 1));
  }

  /** Does something for a place and keeps what went wrong for the screen. */
  async function guarded<T>(at: Place, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (thrown) {
      fail(at, thrown);
      return null;
    }
  }

  function fail(at: Place | null, thrown: unknown): void {
    if (at === null) return;
    at.error = errorOf(thrown);
    if (at.error.code !== 'LOOKUP_GONE') return;
    // Main keeps the last few results. What is gone can be neither shown nor sent on.
    at.status = null;
    at.kept = null;
    at.selected = 0;
    changed(at);
    closeDetail();
  }

  /** Goes back to the result before a lookup that came to nothing. */
  function goBack(at: Place, kept: NonNullable<Place['kept']>, missed: LookupStatus): void {
    Object.assign(at, kept, { kept: null, missed });
    changed(at);
  }

  function takeStatus(at: Place, status: LookupStatus): void {
    if (status.rows > 0 || status.complete) at.kept = null;
    if (!status.running && at.kept !== null) {
      goBack(at, at.kept, status);
      return;
    }
    const before = at.status;
    at.status = status;
    at.selected = status.selected;
    if (before?.lookupId !== status.lookupId || before.held !== status.held) changed(at);
  }

  /** Begins the lookup of the form; answers whether it began. What was read before stays until then. */
  async function look(): Promise<boolean> {
    const { value: at } = place;
    const account = app.account;
    if (at === null || account === null || operation.value === null || at.starting) return false;
    now.value = Date.now();
    const { params, id } = operation.value;
    at.problems = formProblems(params, form.value);
    if (Object.keys(at.problems).length > 0) return false;
    at.starting = true;
    at.error = null;
    closeDetail();
    if (at.status?.running === true) await stop();
    const begun = await guarded(at, () =>
      api.startLookup({ accountId: account.id, operation: id, params: filledIn(params, form.value) }),
    );
    at.starting = false;
    if (begun === null) return false;
    // Another operation has other columns: an order or a filter by the old ones would mean nothing.
    const { status, view, selected } = at;
    at.kept = status === null ? null : { status, view, selected };
    at.missed = null;
    at.view = WHOLE_VIEW;
    takeStatus(at, begun);
    return true;
  }

  async function stop(): Promise<void> {
    const { value: at } = place;
    const lookupId = at?.status?.lookupId;
    if (at === null || lookupId === undefined) return;
    await guarded(at, () => api.stopLookup(lookupId));
  }

  /** Goes on with the lookup that ended before its end: the one that is shown, or the one that came to nothing. */
  async function goOn(): Promise<void> {
    const { value: at } = place;
    const ended = at?.missed ?? at?.status ?? null;
    if (at === null || ended === null || !ended.canContinue) return;
    const begun = await guarded(at, () => api.continueLookup(ended.lookupId));
    if (begun === null) return;
    if (at.missed !== null) {
      const { status, view, selected } = at;
      at.kept = status === null ? null : { status, view, selected };
      at.missed = null;
      at.view = WHOLE_VIEW;
    }
    takeStatus(at, begun);
  }

  function choose(operationId: string): void {
    const { value: at } = place;
    if (at === null) return;
    at.operation = operationId;
    at.problems = {};
  }

  /** Looks at the result in another order, or at other rows of it. */
  function see(patch: Partial<LookupView>): void {
    const { value: at } = place;
    if (at === null) return;
    at.view = { ...at.view, ...patch };
    changed(at);
  }

  async function select(change: SelectionChange): Promise<void> {
    const { value: at } = place;
    const lookupId = at?.status?.lookupId;
    if (at === null || lookupId === undefined) return;
    const answer = await guarded(at, () => api.selectRows(lookupId, change));
    if (answer === null || at.status?.lookupId !== lookupId) return;
    at.selected = answer.selected;
    at.version += 1;
  }

  /** Reads everything of a row; personal data only when `personal` asks for it. */
  async function openDetail(key: number, personal = false): Promise<void> {
    const lookupId = place.value?.status?.lookupId;
    if (lookupId === undefined) return;
    detailError.value = null;
    try {
      const read = await api.lookupDetail(lookupId, key, personal);
      // Closed or opened for another row meanwhile: personal data must not come up again.
      if (!personal || detail.value?.key === key) detail.value = read;
    } catch (thrown) {
      detailError.value = errorOf(thrown);
    }
  }

  /** The picture of one entry of the open row, as data; rejects where there is none that may be shown. */
  async function picture(at: number): Promise<string> {
    const lookupId = place.value?.status?.lookupId ?? '';
    return (await api.lookupPicture(lookupId, detail.value?.key ?? 0, at)).dataUrl;
  }

  function closeDetail(): void {
    detail.value = null;
    detailError.value = null;
  }

  /** The selected rows of the view, at most MOST_COPIED, handed on page by page. */
  async function eachSelected(take: (row: LookupRowView) => void): Promise<number> {
    const { value: at } = place;
    const lookupId = at?.status?.lookupId;
    if (at === null || lookupId === undefined) return 0;
    let taken = 0;
    for (let offset = 0; offset < at.total && taken < Math.min(at.selected, MOST_COPIED); offset += PAGE_ROWS) {
      const page = await api.lookupPage(lookupId, at.view, offset, PAGE_ROWS);
      for (const row of page.rows) {
        if (!row.selected || taken >= MOST_COPIED) continue;
        take(row);
        taken += 1;
      }
    }
    return taken;
  }

  /** Saves the view or the selected rows where the person says; null when the person closed the dialog. Rejects with what went wrong. */
  async function save(options: { selectedOnly: boolean; personal: boolean }) {
    const { value: at } = place;
    const lookupId = at?.status?.lookupId;
    if (at === null || lookupId === undefined) return null;
    return api.exportLookup({ lookupId, view: at.view, ...options });
  }

  function forgetError(): void {
    if (place.value !== null) place.value.error = null;
  }

  hear('lookup', (status) => {
    const at = places.get(status.accountId);
    if (at?.status?.lookupId === status.lookupId) takeStatus(at, status);
  });
  watch(
    () => app.accountId,
    () => closeDetail(),
  );
  watch(
    () => app.state?.workspace,
    () => places.clear(),
  );

  return {
    place,
    vendor,
    operation,
    shownOperation,
    form,
    filtered,
    source,
    detail,
    detailError,
    look,
    stop,
    goOn,
    choose,
    see,
    select,
    openDetail,
    picture,
    closeDetail,
    eachSelected,
    save,
    fail: (thrown: unknown) => fail(place.value, thrown),
    forgetError,
  };
});

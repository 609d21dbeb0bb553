import type { KeptSelectionChange, KeptView, NewView } from '../../contract/kept.ts';
import { call } from './client.ts';

/** At most 200 kept orders of a view, by position, and how many it has. */
export const keptPage = (view: KeptView, offset: number, limit: number) => call('orders.page', { view, offset, limit });
/** All that is kept of an order; personal data only when `personal` asks for it. */
export const keptDetail = (id: number, personal: boolean) => call('orders.detail', { id, personal });
export const selectKept = (change: KeptSelectionChange) => call('orders.select', change);
/** What is selected, by account. */
export const keptChosen = () => call('orders.chosen', undefined);
/** Asks where to and saves; null when the person closed the dialog. */
export const exportKept = (wanted: { view: KeptView; selectedOnly: boolean; personal: boolean }) =>
  call('orders.export', wanted);
/** Erases for good: the selected orders, or all customers' data. */
export const eraseKept = (which: 'selected' | 'every') => call('orders.erase', which);
/** Begins to read the selected orders again at their vendors; events tell how it goes on. */
export const refreshKept = () => call('orders.refresh', undefined);
export const stopRefresh = () => call('orders.stopRefresh', undefined);
export const keptPictures = (view: KeptView) => call('orders.pictures', view);
export const savedViews = () => call('orders.views', undefined);
export const saveView = (view: NewView) => call('orders.saveView', view);
export const removeView = (id: number) => call('orders.removeView', { id });

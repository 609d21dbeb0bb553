import type { LookupView, SelectionChange } from '../../contract/lookup.ts';
import type { RouteInput } from '../../contract/routes.ts';
import { call } from './client.ts';

export const startLookup = (input: RouteInput<'lookups.start'>) => call('lookups.start', input);
export const lookupStatus = (lookupId: string) => call('lookups.status', { lookupId });
/** Goes on with a lookup that was stopped or failed. */
export const continueLookup = (lookupId: string) => call('lookups.continue', { lookupId });
export const stopLookup = (lookupId: string) => call('lookups.stop', { lookupId });
/** At most 200 rows of a view. */
export const lookupPage = (lookupId: string, view: LookupView, offset: number, limit: number) =>
  call('lookups.page', { lookupId, view, offset, limit });
export const lookupDetail = (lookupId: string, key: number, personal: boolean) =>
  call('lookups.detail', { lookupId, key, personal });
/** The picture of one entry of a row's list; rejects where it is none of the vendor's. */
export const lookupPicture = (lookupId: string, key: number, at: number) =>
  call('lookups.picture', { lookupId, key, at });
export const selectRows = (lookupId: string, change: SelectionChange) => call('lookups.select', { lookupId, change });
/** Asks where to and saves; null when the person closed the dialog. */
export const exportLookup = (input: RouteInput<'lookups.export'>) => call('lookups.export', input);

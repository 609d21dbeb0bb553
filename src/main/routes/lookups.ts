import type { RouteContext, Routes } from './context.ts';
import { lookupFileName, writeLookup } from './lookup-file.ts';
import { operationFor } from './refusals.ts';
import { languageOf } from './settings.ts';
import type { LookupDesk } from '../lookups/desk.ts';

/** The routes of lookups. */
export function lookupRoutes(context: RouteContext): Routes<'lookups'> {
  const { workspace, desk, files, settings } = context;
  const lookups = async (): Promise<LookupDesk> => (await workspace()).lookups;
  return {
    'lookups.start': async ({ accountId, operation, params }) => {
      const { services, lookups: running } = await workspace();
      const account = await services.vault.get(accountId);
      return running.start(account, operationFor(account, operation, 'lookup'), params);
    },
    'lookups.status': async ({ lookupId }) => (await lookups()).status(lookupId),
    'lookups.stop': async ({ lookupId }) => {
      await (await lookups()).stop(lookupId);
    },
    'lookups.continue': async ({ lookupId }) => (await lookups()).goOn(lookupId),
    'lookups.page': async ({ lookupId, view, offset, limit }) =>
      (await lookups()).get(lookupId).results.page(view, offset, limit),
    'lookups.detail': async ({ lookupId, key, personal }) => {
      const { services, lookups: kept } = await workspace();
      const { results, operation, account } = kept.get(lookupId);
      const detail = results.detail(key, personal);
      const until = operation.until?.(results.rowAt(key)) ?? null;
      const { list, field } = operation.pictures ?? { list: '', field: '' };
      const hasPictures = (detail.lists[list] ?? []).some((one) => (one[field] ?? '') !== '');
      // The vendor's time on this machine's clock, as a countdown goes by that.
      const offsetMs = services.gateway.vendorNow(account) - Date.now();
      return {
        ...detail,
        until: until === null ? null : { column: until.column, atMs: until.atMs - offsetMs, atMost: !until.exact },
        pictures: hasPictures ? { list, field } : null,
      };
    },
    'lookups.picture': async ({ lookupId, key, at }) => {
      const { services, lookups: kept } = await workspace();
      const { results, operation, account } = kept.get(lookupId);
      const { list = '', field = '', hosts = [] } = operation.pictures ?? {};
      const address = results.rowAt(key).lists?.[list]?.[at]?.[field] ?? '';
      const { type, bytes } = await services.pictures.read(account, address, hosts);
      return { dataUrl: `data:${type};base64,${Buffer.from(bytes).toString('base64')}` };
    },
    'lookups.select': async ({ lookupId, change }) => ({
      selected: await (await lookups()).get(lookupId).results.select(change),
    }),
    'lookups.export': async ({ lookupId, view, selectedOnly, personal }) => {
      const lookup = (await lookups()).get(lookupId);
      const path = await desk.saveFile(lookupFileName(lookup, new Date()));
      if (path === null) return null;
      const language = languageOf(settings.get(), desk.systemLanguages());
      return files.saved(path, await writeLookup(lookup, { path, view, selectedOnly, personal, language }));
    },
  };
}

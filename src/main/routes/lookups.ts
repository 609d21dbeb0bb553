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
    'lookups.page': async ({ lookupId, view, offset, limit }) =>
      (await lookups()).get(lookupId).results.page(view, offset, limit),
    'lookups.detail': async ({ lookupId, key, personal }) =>
      (await lookups()).get(lookupId).results.detail(key, personal),
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

import type { RouteContext, Routes } from './context.ts';
import { orderFileName, writeOrders } from './order-file.ts';
import { onlyReading, stillWorking } from './refusals.ts';
import { languageOf } from './settings.ts';

/** The routes of the orders that are kept. */
export function orderRoutes({ workspace, desk, files, settings }: RouteContext): Routes<'orders'> {
  return {
    'orders.page': async ({ view, offset, limit }) => (await workspace()).orders.page(view, offset, limit),
    'orders.detail': async ({ id, personal }) => (await workspace()).orders.detail(id, personal),
    'orders.select': async (change) => ({ selected: await (await workspace()).orders.selection.change(change) }),
    'orders.chosen': async () => (await workspace()).orders.chosen(),
    'orders.export': async (wanted) => {
      const { services, orders } = await workspace();
      const path = await desk.saveFile(orderFileName(new Date()));
      if (path === null) return null;
      const language = languageOf(settings.get(), desk.systemLanguages());
      const accounts = await services.vault.list();
      return files.saved(path, await writeOrders(orders, { ...wanted, path, language, accounts }));
    },
    'orders.erase': async (which) => {
      const present = await workspace();
      // Jobs hold customers' data, too, and theirs is the only process that may write them.
      if (present.readOnly) throw onlyReading();
      if (present.isAtWork()) throw stillWorking();
      return present.orders.erase(which);
    },
    'orders.refresh': async () => (await workspace()).reading.refresh.start(),
    'orders.stopRefresh': async () => {
      await (await workspace()).reading.refresh.stop();
    },
    'orders.pictures': async (view) => (await workspace()).orders.pictures(view),
    'orders.views': async () => (await (await workspace()).services.orders.open()).call('savedViews', undefined),
    'orders.saveView': async (view) => {
      const { services, reading } = await workspace();
      const views = await (await services.orders.open()).call('saveView', view);
      await reading.watch.start();
      return views;
    },
    'orders.removeView': async (view) => {
      const { services, reading } = await workspace();
      const views = await (await services.orders.open()).call('removeView', view);
      await reading.watch.start();
      return views;
    },
  };
}

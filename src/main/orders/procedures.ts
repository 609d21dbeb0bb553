import { finishErasing } from '../store/erase.ts';
import { chosenAmong, chosenCounts, chosenOrders, factsOf, lastOrder } from './chosen.ts';
import { eraseAll, eraseSome } from './erase.ts';
import { idsOfView, ordersAt } from './pages.ts';
import { picturesOf } from './pictures.ts';
import { putOrders } from './put.ts';
import { removeView, saveView, savedViews } from './views.ts';

/** The procedures over `customers.db`: run by a worker thread of its own, or straight on a database in a test. */
export const orderProcedures = {
  putOrders,
  ordersAt,
  idsOfView,
  lastOrder,
  chosenAmong,
  chosenCounts,
  chosenOrders,
  factsOf,
  eraseSome,
  eraseAll,
  finishErasing,
  picturesOf,
  savedViews,
  saveView,
  removeView,
};
export type OrderProcedures = typeof orderProcedures;

import type { Events } from '../ipc/events.ts';
import { ViewWatch } from '../orders/watch.ts';
import type { Services } from '../services.ts';
import { Notices, type NoticeOptions } from './notices.ts';
import type { OrderDesk } from './order-desk.ts';
import { OrderRefresh } from './refresh.ts';

/** What reads kept orders again: when the person asks for it, and saved views by themselves. The window is told when orders have changed. */
export interface OrderReading {
  readonly refresh: OrderRefresh;
  readonly watch: ViewWatch;
  /** Ends what is under way and watches no more. */
  close(): Promise<void>;
}

/** Tells the window of kept orders, and begins to watch the views that say so; where their database cannot be opened, the screen that needs it says why. */
export function readOrders(services: Services, desk: OrderDesk, events: Events, notice: NoticeOptions): OrderReading {
  const { orders, log } = services;
  const notices = new Notices(notice);
  orders.onChange(() => events.tell('kept', undefined));
  const refresh = new OrderRefresh({
    services,
    desk,
    tell: (standing) => events.tell('refreshing', standing),
    log: (error) => log.warn('refresh', { error }),
  });
  const watch = new ViewWatch({
    views: async () => (await orders.open()).call('savedViews', undefined),
    refresh: (view) => refresh.view(view),
    count: async ({ view }) => (await desk.page(view, 0, 1)).total,
    over: (view, count, limit) => notices.over(view, count, limit),
    log: (error) => log.warn('watch', { error }),
  });
  if (orders.isThere()) watch.start().catch((error: unknown) => log.warn('watch', { error }));
  return {
    refresh,
    watch,
    close: async () => {
      await Promise.all([refresh.stop(), watch.close()]);
    },
  };
}

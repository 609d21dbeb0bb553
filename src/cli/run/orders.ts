import { appError } from '../../contract/errors.ts';
import { EVERY_ORDER, KEPT_SORTS, type KeptFilter, type KeptView } from '../../contract/kept.ts';
import { COMMON_STATE_WORDS, COMMON_STATES, type OrderBuyer } from '../../contract/order.ts';
import { VENDOR_IDS } from '../../contract/vendor.ts';
import { MASK } from '../../main/lookups/results.ts';
import { settledView } from '../../main/orders/days.ts';
import type { OrderStore } from '../../main/orders/keeper.ts';
import type { StoredRow } from '../../main/orders/pages.ts';
import { OrderDesk } from '../../main/routes/order-desk.ts';
import { localTime } from '../../main/routes/order-file.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { withOrders, withServices, type Session } from './session.ts';
import type { Vault } from '../../main/vault/index.ts';

const ordersOf = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);

const MOST_ORDERS = 50;
/** Orders that are read together. */
const PIECE = 200;

/** The filter that the options ask for; accounts are named by id or label. */
async function filterOf({ invocation }: Session, vault: Pick<Vault, 'find'>): Promise<KeptFilter> {
  const accounts = await Promise.all(invocation.list('account').map(async (name) => (await vault.find(name)).id));
  const states = invocation.list('state');
  return {
    ...EVERY_ORDER,
    find: invocation.text('find') ?? '',
    accounts,
    vendors: VENDOR_IDS.filter((id) => id === invocation.text('vendor')),
    states: COMMON_STATES.filter((state) => states.includes(state)),
    days: invocation.number('days') ?? null,
  };
}

async function buyersOf(store: OrderStore, rows: readonly StoredRow[]): Promise<ReadonlyMap<number, OrderBuyer>> {
  const found = await store.call('factsOf', { ids: rows.map(({ id }) => id) });
  return new Map(found.map(({ row, facts }) => [row.id, facts.buyer]));
}

/** `orders list` */
export function listOrders(session: Session): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  const personal = invocation.flag('show-personal');
  return withOrders(session, async ({ vault }, store) => {
    const labels = new Map((await vault.list()).map(({ id, label }) => [id, label]));
    const column = KEPT_SORTS.find((one) => one === invocation.text('sort'));
    const sort = column === undefined ? null : { column, descending: invocation.flag('descending') };
    const view: KeptView = settledView({ filter: await filterOf(session, vault), sort }, Date.now());
    const most = invocation.number('most') ?? MOST_ORDERS;
    const shown: string[][] = [];
    let total = 0;
    for (let offset = 0; offset < most; offset += PIECE) {
      const page = await store.call('ordersAt', { view, offset, limit: Math.min(PIECE, most - offset) });
      const buyers = personal ? await buyersOf(store, page.rows) : null;
      total = page.total;
      for (const row of page.rows) {
        const buyer = buyers?.get(row.id) ?? null;
        terminal.object({ event: 'order', ...row, ...(buyer === null ? {} : { buyer }) });
        const who =
          buyer === null ? (row.hasBuyer ? MASK : '') : [buyer.name, buyer.phone, buyer.address].join(' ').trim();
        const account = labels.get(row.accountId) ?? row.accountId;
        shown.push([
          row.order,
          account,
          t(COMMON_STATE_WORDS[row.state]),
          localTime(row.createdAt),
          row.amount ?? '',
          row.title ?? '',
          who,
          localTime(row.readAt),
        ]);
      }
      if (page.rows.length < PIECE) break;
    }
    if (shown.length > 0) {
      terminal.table(
        [
          { title: t({ zh: '订单号', en: 'order' }) },
          { title: t({ zh: '账号', en: 'account' }) },
          { title: t({ zh: '状态', en: 'state' }) },
          { title: t({ zh: '下单时间', en: 'created' }) },
          { title: t({ zh: '金额', en: 'amount' }), align: 'right' },
          { title: t({ zh: '商品', en: 'product' }) },
          { title: t({ zh: '买家', en: 'buyer' }) },
          { title: t({ zh: '读取时间', en: 'read' }) },
        ],
        shown,
      );
    }
    terminal.object({ event: 'orders', total, shown: shown.length });
    terminal.line(
      t({ zh: `共 ${total} 单，列出 ${shown.length} 单。`, en: `${ordersOf(total)}, ${shown.length} of them listed.` }),
    );
    return EXIT.OK;
  });
}

/** `orders erase` */
export function eraseOrders(session: Session): Promise<ExitCode> {
  const { invocation, prompter, terminal, t } = session;
  const all = invocation.flag('all');
  const named = ['find', 'account', 'vendor', 'state', 'days'].some((name) => invocation.flag(name));
  if (all === named) {
    throw appError(
      'USAGE',
      { zh: '没有说明要删除哪些。', en: 'It is not said what to erase.' },
      {
        zh: '用 --all 删除全部，或用 --find、--account、--vendor、--state、--days 选择订单，不能两者都用。',
        en: 'Erase all of it with --all, or choose orders by --find, --account, --vendor, --state, --days; not both.',
      },
    );
  }
  return withServices(session, 'write', async (services) => {
    const desk = new OrderDesk(services);
    const view: KeptView = { filter: all ? EVERY_ORDER : await filterOf(session, services.vault), sort: null };
    const count = await desk.selection.change({ kind: 'all', view });
    const question = all
      ? {
          zh: `将永久删除全部 ${count} 单，以及任务记录里除订单号和结果外的内容。继续吗？`,
          en: `All ${count} orders are erased for good, and what jobs hold beside order numbers and outcomes. Go on?`,
        }
      : {
          zh: `将永久删除 ${count} 单，以及任务记录里这些订单除订单号和结果外的内容。继续吗？`,
          en: `${count} orders are erased for good, and what jobs hold of them beside numbers and outcomes. Go on?`,
        };
    if (!invocation.flag('yes') && !(await prompter.confirm(question))) return EXIT.OK;
    const erased = await desk.erase(all ? 'every' : 'selected');
    terminal.object({ event: 'erased', ...erased });
    terminal.line(
      t({
        zh: `已删除 ${erased.orders} 单；任务记录里清除了 ${erased.rows} 行。`,
        en: `Erased ${ordersOf(erased.orders)}, and the cells of ${erased.rows} rows of jobs.`,
      }),
    );
    if (erased.jobsLeft.length === 0) return EXIT.OK;
    const jobs = erased.jobsLeft.join(', ');
    terminal.line(
      t({
        zh: `任务 ${jobs} 还有待发送或结果未知的行，保留了数据；处理完后请再删除一次。`,
        en: `Job ${jobs} still has rows that wait or are in doubt and keeps its data; settle them, then erase once more.`,
      }),
    );
    return EXIT.SOME_FAILED;
  });
}

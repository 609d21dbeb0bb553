// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LookupStatus } from '../../../src/contract/lookup.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import LookupBar from '../../../src/renderer/screens/orders/LookupBar.vue';
import ProductPictures from '../../../src/renderer/screens/orders/ProductPictures.vue';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { useOrders } from '../../../src/renderer/stores/orders.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { ACCOUNT, appState, fakeBridge, refusal } from '../fake-bridge.ts';
import { POLYV } from './vendors.ts';

const status = (more: Partial<LookupStatus> = {}): LookupStatus => ({
  lookupId: 'one',
  accountId: 'shop',
  operation: 'order-list',
  running: false,
  rows: 40,
  held: 40,
  pages: 4,
  totalRows: null,
  totalPages: null,
  share: 1,
  again: 0,
  missing: [],
  missingCount: 0,
  notFound: [],
  notFoundCount: 0,
  canContinue: false,
  complete: true,
  failure: null,
  why: null,
  warnings: [],
  readAtMs: 1,
  selected: 0,
  ...more,
});
const INCOMPLETE: Partial<LookupStatus> = {
  complete: false,
  canContinue: true,
  why: { zh: '第 3 页没有读到', en: 'Page 3 could not be read' },
  missing: [{ name: { zh: '第 3 页', en: 'Page 3' }, why: { zh: '断了', en: 'it broke' } }],
  missingCount: 60,
};

let bridge: FakeBridge;
let orders: ReturnType<typeof useOrders>;

beforeEach(async () => {
  bridge = fakeBridge({
    'app.state': () => appState(),
    'vendors.list': () => [POLYV],
    'accounts.list': () => [ACCOUNT],
    'lookups.start': () => status({ running: true, rows: 0, held: 0, complete: false, share: 0 }),
    'lookups.continue': () =>
      status({ ...INCOMPLETE, running: true, canContinue: false, missing: [], missingCount: 0, why: null }),
    'app.copy': () => undefined,
  });
  await useApp().start();
  language.value = 'en';
  orders = useOrders();
});

async function barWith(more: Partial<LookupStatus>) {
  await orders.look();
  bridge.tell('lookup', status(more));
  const bar = mount(LookupBar, { attachTo: document.body });
  await flushPromises();
  return bar;
}
const press = async (bar: Awaited<ReturnType<typeof barWith>>, name: string): Promise<void> => {
  const found = bar.findAll('button').find((one) => one.text() === name);
  if (found === undefined) throw new Error(`no button ${name}: ${bar.text()}`);
  await found.trigger('click');
  await flushPromises();
};

describe('the bar below a lookup', () => {
  it('is not there when all was found at once', async () => {
    expect((await barWith({})).find('section').exists()).toBe(false);
  });

  it('says that the result is incomplete, names the parts, and goes on', async () => {
    const bar = await barWith(INCOMPLETE);
    expect(bar.find('[role="status"]').text()).toBe('The result is incomplete · Page 3 could not be read');
    await press(bar, '60 parts could not be read');
    expect(bar.findAll('li').map((one) => one.text())).toEqual(['Page 3 it broke', 'and 59 more']);
    await press(bar, 'Go on');
    expect(bridge.asked('lookups.continue')).toEqual([{ lookupId: 'one' }]);
    expect(bar.find('section').exists()).toBe(false);
    bridge.tell('lookup', status({ rows: 45, held: 45 }));
    await flushPromises();
    expect(bar.find('section').exists()).toBe(false);
    expect(orders.place?.status).toMatchObject({ rows: 45, complete: true });
    bar.unmount();
  });

  it('goes on with a lookup that came to nothing in place of the one that is shown', async () => {
    await orders.look();
    bridge.tell('lookup', status());
    bridge.answer({
      'lookups.start': () => status({ lookupId: 'two', running: true, rows: 0, held: 0, complete: false }),
    });
    await orders.look();
    bridge.tell('lookup', status({ ...INCOMPLETE, lookupId: 'two', rows: 0, held: 0 }));
    expect(orders.place).toMatchObject({ status: { lookupId: 'one' }, missed: { lookupId: 'two' } });
    bridge.answer({
      'lookups.continue': () => status({ lookupId: 'two', running: true, rows: 0, held: 0, complete: false }),
    });
    await orders.goOn();
    expect(bridge.asked('lookups.continue')).toEqual([{ lookupId: 'two' }]);
    expect(orders.place).toMatchObject({ status: { lookupId: 'two', running: true }, missed: null });
    bridge.tell('lookup', status({ lookupId: 'two', rows: 3, held: 3 }));
    expect(orders.place).toMatchObject({ status: { lookupId: 'two', rows: 3 }, missed: null });
  });

  it('names order numbers that the vendor does not know, and copies them', async () => {
    const bar = await barWith({ notFound: ['a1', 'b2'], notFoundCount: 2 });
    expect(bar.find('[role="status"]').text()).toBe('The vendor does not know 2 of the order numbers');
    await press(bar, 'Show');
    expect(bar.find('.numbers').text()).toBe('a1 b2');
    await press(bar, 'Copy these numbers');
    expect(bridge.asked('app.copy')).toEqual(['a1\nb2']);
    bar.unmount();
  });

  it('says what was read again, and what is listed elsewhere', async () => {
    expect((await barWith({ again: 2 })).text()).toMatch(/2 parts were read again, so none is lost/);
    expect((await barWith({ rows: 200_000, held: 100_000 })).text()).toMatch(
      /The first 100,000 are listed here; all 200,000/,
    );
  });
});

describe('pictures of products', () => {
  it('are asked for one after another once the person wants them, and one that cannot be had says why', async () => {
    const asked: number[] = [];
    const load = async (at: number): Promise<string> => {
      asked.push(at);
      if (at === 1) throw refusal('PICTURE_FAILED', '不是图片。', 'It is no picture.');
      return 'data:image/png;base64,AAAA';
    };
    const pictures = mount(ProductPictures, { props: { names: ['Cup', 'Mouse'], subject: 'order 1', load } });
    expect(asked).toEqual([]);
    await pictures.find('button').trigger('click');
    await flushPromises();
    expect(asked).toEqual([0, 1]);
    expect(pictures.find('img').attributes()).toMatchObject({
      alt: 'Picture of Cup',
      src: 'data:image/png;base64,AAAA',
    });
    expect(pictures.find('.failed').text()).toBe('Mouse · It is no picture. Try again.');
    // Another order's are not its own.
    await pictures.setProps({ subject: 'order 2' });
    expect(pictures.find('img').exists()).toBe(false);
  });
});

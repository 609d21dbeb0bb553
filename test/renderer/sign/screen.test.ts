// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { SignDeskView } from '../../../src/contract/sign.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import SignScreen from '../../../src/renderer/screens/sign/SignScreen.vue';
import { W } from '../../../src/renderer/screens/sign/words.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, refusal, startAnswers } from '../fake-bridge.ts';
import { RULED, SHOP } from '../accounts/support.ts';

const FIELD = { id: 'orderNo', names: { zh: '订单号', en: 'Order number' }, kind: 'order', required: true } as const;
const VENDOR = {
  ...RULED,
  operations: [
    ...RULED.operations,
    {
      id: 'order-get',
      kind: 'lookup',
      names: { zh: '查单', en: 'Get an order' },
      params: [FIELD],
      warnings: [],
    },
  ],
} as const;
const MADE: SignDeskView = {
  problems: [],
  request: {
    method: 'GET',
    url: 'https://api.polyv.net/x?sign=AB',
    headers: { accept: 'application/json' },
    body: '',
    signedText: '•••appIdg4rq•••',
    sign: 'AB',
  },
  time: { kind: 'expired', atMs: 1_000_000_000_000, fresh: false },
  comparison: null,
};

let bridge: FakeBridge;
let wrapper: ReturnType<typeof mount>;

beforeEach(async () => {
  bridge = fakeBridge({
    ...startAnswers(),
    'vendors.list': () => [VENDOR],
    'accounts.list': () => [SHOP],
    'sign.make': () => MADE,
  });
  await useApp().start();
  language.value = 'en';
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: SignScreen }] });
  wrapper = mount(SignScreen, { attachTo: document.body, global: { plugins: [router] } });
  await flushPromises();
});
afterEach(() => {
  wrapper.unmount();
  language.value = 'zh-CN';
});

const text = (): string => document.body.textContent;
async function submit(selector: string): Promise<void> {
  document.querySelector(selector)?.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}

describe('the sign desk', () => {
  it('signs nothing by itself; signed, it says that the time has expired long ago', async () => {
    expect(bridge.asked('sign.make')).toEqual([]);
    expect(text()).toContain(W.nothing.en);
    await submit('.wish');
    expect(bridge.asked('sign.make')).toEqual([
      { accountId: SHOP.id, operation: 'ping', params: {}, row: {}, time: '', pasted: '' },
    ]);
    for (const shown of ['•••appIdg4rq•••', 'GET https://api.polyv.net/x?sign=AB', W.expired.en]) {
      expect(text()).toContain(shown);
    }
    expect(text()).not.toContain(W.fresh.en);
  });

  it('warns where the typed time is near to now', async () => {
    bridge.answer({ 'sign.make': () => ({ ...MADE, time: { kind: 'typed', atMs: 1, fresh: true } }) });
    await submit('.wish');
    expect(text()).toContain(W.fresh.en);
  });

  it('points at the first difference, and at the setting that explains it', async () => {
    await submit('.wish');
    bridge.answer({
      'sign.make': () => ({
        ...MADE,
        comparison: {
          what: 'sign',
          same: false,
          at: 2,
          ours: { before: 'A', from: 'B', code: 'U+0042' },
          theirs: { before: 'A', from: 'C', code: 'U+0043' },
          hint: { zh: '不', en: 'not this' },
          settings: { signatureMethod: 'SHA256' },
        },
      }),
    });
    const box = document.querySelector<HTMLTextAreaElement>('#sign-pasted');
    if (box === null) throw new Error('no box');
    box.value = 'AC';
    box.dispatchEvent(new Event('input'));
    await flushPromises();
    await submit('.compare');
    expect(bridge.asked('sign.make').at(-1)).toMatchObject({ pasted: 'AC' });
    expect(text()).toContain(W.differ(2).en);
    expect([...document.querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual(['B', 'C']);
    expect(text()).toContain('Signature method: SHA256');
    expect(text()).not.toContain('not this');
  });

  it('shows what is wrong beside its field, and an error with what to do', async () => {
    await wrapper.findAllComponents({ name: 'ElSelect' })[1]?.setValue('order-get');
    await flushPromises();
    bridge.answer({
      'sign.make': () => ({
        problems: [{ field: 'orderNo', message: { zh: '缺', en: 'It is required' } }],
        request: null,
        time: null,
        comparison: null,
      }),
    });
    await submit('.wish');
    expect(document.activeElement?.id).toBe('sign-param-orderNo');
    expect(text()).toContain('It is required');
    bridge.answer({
      'sign.make': () => {
        throw refusal('KEYCHAIN_LOCKED', '锁', 'The keychain is locked');
      },
    });
    await submit('.wish');
    expect(text()).toContain('The keychain is locked');
  });
});

// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { AuditEntry } from '../../../src/contract/audit.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import AuditScreen from '../../../src/renderer/screens/audit/AuditScreen.vue';
import { W } from '../../../src/renderer/screens/audit/words.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, startAnswers } from '../fake-bridge.ts';

let bridge: FakeBridge;
let wrapper: ReturnType<typeof mount>;

const entry = (n: number, what = 'secret.replaced') => ({
  n,
  at: '2026-05-06T07:08:09.000Z',
  user: 'somebody',
  host: 'machine',
  what,
  account: { id: 'a', label: 'North' },
  detail: { job: n },
});

async function show(total: number): Promise<void> {
  bridge = fakeBridge({
    ...startAnswers(),
    'audit.page': ({ offset, limit }) => ({
      total,
      entries: Array.from({ length: Math.min(limit, total - offset) }, (_, at) => entry(total - offset - at)),
    }),
    'audit.verify': () => ({ ok: true, entries: total, head: 'ab12', fault: null }),
    'audit.export': () => ({ fileId: 'f', name: 'audit.jsonl', rows: total }),
  });
  await useApp().start();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: AuditScreen }] });
  wrapper = mount(AuditScreen, { attachTo: document.body, global: { plugins: [router] } });
  await flushPromises();
}

beforeEach(() => (language.value = 'en'));
afterEach(() => {
  wrapper.unmount();
  language.value = 'zh-CN';
});

const text = (): string => document.body.textContent.replaceAll(/\s+/g, ' ');
async function press(name: string): Promise<void> {
  [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === name)?.click();
  await flushPromises();
}

describe('the audit trail', () => {
  it('says what would be here while there is nothing', async () => {
    await show(0);
    expect(text()).toContain(W.noneText.en);
  });

  it('shows who did what with which account, a page at a time', async () => {
    await show(150);
    for (const shown of ['somebody@machine', 'Secret replaced', 'North', 'job 150', '1–100 of 150']) {
      expect(text()).toContain(shown);
    }
    await press(W.older.en);
    expect(text()).toContain('101–150 of 150');
    await press(W.newer.en);
    expect(bridge.asked('audit.page').at(-1)).toEqual({ offset: 0, limit: 100 });
  });

  it('shows what a later console wrote by its name', async () => {
    await show(1);
    bridge.answer({ 'audit.page': () => ({ total: 1, entries: [entry(1, 'later.thing')] }) });
    await press(W.export.en);
    expect(text()).toContain('later.thing');
    expect(text()).toContain('1 lines saved to audit.jsonl');
  });

  it.each([
    ['zh-CN', '操作 批量更新订单状态 · 待发 3', '改动 名称、密钥、laterField', '定为 成功 · 行 2'],
    [
      'en',
      'operation Update order status · to send 3',
      'changed name, secret, laterField',
      'decided as succeeded · rows 2',
    ],
  ] as const)('tells the details in words: %s', async (spoken, ...expected) => {
    await show(1);
    language.value = spoken;
    await flushPromises();
    const details: readonly AuditEntry['detail'][] = [
      { operation: 'update-status', pending: 3 },
      { fields: 'label, secrets, laterField' },
      { as: 'succeeded', rows: 2 },
    ];
    bridge.answer({
      'audit.page': () => ({ total: 3, entries: details.map((detail, at) => ({ ...entry(at + 1), detail })) }),
    });
    await press(W.export[spoken === 'en' ? 'en' : 'zh']);
    for (const shown of expected) expect(text()).toContain(shown);
  });

  it('is verified by a button, and says what is wrong and what to do', async () => {
    await show(3);
    await press(W.verify.en);
    expect(text()).toContain(W.sound(3).en);
    expect(text()).toContain('ab12');
    bridge.answer({
      'audit.verify': () => ({
        ok: false,
        entries: 3,
        head: '',
        fault: { kind: 'altered', line: 2, message: { zh: '第 2 行被改动过。', en: 'Line 2 was altered.' } },
      }),
    });
    await press(W.verify.en);
    expect(text()).toContain('Line 2 was altered.');
    expect(text()).toContain(W.faultText.en);
    expect(text()).not.toContain(W.sound(3).en);
  });
});

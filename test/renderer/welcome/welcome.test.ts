// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Router } from 'vue-router';
import { createMemoryHistory, createRouter } from 'vue-router';
import { DEFAULT_SETTINGS } from '../../../src/contract/settings.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import { PROMISES } from '../../../src/renderer/screens/welcome/words.ts';
import WelcomeScreen from '../../../src/renderer/screens/welcome/WelcomeScreen.vue';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { appState, fakeBridge, refusal, startAnswers } from '../fake-bridge.ts';

let bridge: FakeBridge;
let wrapper: VueWrapper;
let router: Router;

beforeEach(async () => {
  bridge = fakeBridge({
    ...startAnswers(),
    'accounts.list': () => [],
    'app.workspace': (workspace) => appState({ workspace }),
    'settings.change': (patch) => ({ ...DEFAULT_SETTINGS, ...patch }),
  });
  await useApp().start();
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/welcome', name: 'welcome', component: WelcomeScreen },
      { path: '/orders', name: 'orders', component: { template: '<p />' } },
      { path: '/accounts', name: 'accounts', component: { template: '<p />' } },
    ],
  });
  await router.push('/welcome');
  wrapper = mount({ template: '<RouterView />' }, { attachTo: document.body, global: { plugins: [router] } });
  await flushPromises();
});
afterEach(() => {
  wrapper.unmount();
  language.value = 'zh-CN';
});

async function press(name: string): Promise<void> {
  const found = wrapper.findAll('button').find((one) => one.text() === name);
  if (found === undefined) throw new Error(`no button "${name}"`);
  await found.trigger('click');
  await flushPromises();
}

it('goes to practice and its orders by one click', async () => {
  await press('Try it now');
  expect(bridge.asked('app.workspace')).toEqual(['practice']);
  expect(router.currentRoute.value.fullPath).toBe('/orders');
});

it('says why when the twins do not start, and stays', async () => {
  bridge.answer({
    'app.workspace': () => {
      throw refusal('JOB_BUSY', '任务在运行', 'A job is running');
    },
  });
  await press('Try it now');
  expect(wrapper.text()).toContain('A job is running');
  expect(router.currentRoute.value.fullPath).toBe('/welcome');
});

it('goes to the form for an account', async () => {
  await press('Add an account');
  expect(router.currentRoute.value.fullPath).toBe('/accounts?add');
  expect(bridge.asked('app.workspace')).toEqual([]);
});

it('leaves practice first, for the account is a real one', async () => {
  await useApp().goTo('practice');
  await flushPromises();
  await press('Add an account');
  expect(bridge.asked('app.workspace')).toEqual(['practice', 'real']);
  expect(router.currentRoute.value.fullPath).toBe('/accounts?add');
});

it('speaks both languages and lets the person choose', async () => {
  for (const { name } of PROMISES) expect(wrapper.text()).toContain(name.en);
  await wrapper.get('input[value="zh-CN"]').setValue(true);
  await flushPromises();
  expect(bridge.asked('settings.change')).toEqual([{ language: 'zh-CN' }]);
  bridge.tell('settings', { settings: DEFAULT_SETTINGS, language: 'zh-CN' });
  await flushPromises();
  for (const { name } of PROMISES) expect(wrapper.text()).toContain(name.zh);
});

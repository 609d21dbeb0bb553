// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import InterruptedNote from '../../../src/renderer/app/InterruptedNote.vue';
import { open as question } from '../../../src/renderer/components/confirm.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { appState, refusal, fakeBridge, jobOf, startAnswers } from '../fake-bridge.ts';

let bridge: FakeBridge;
let router: Router;
let wrapper: VueWrapper;

async function show(interrupted: readonly { jobId: number; inDoubt: number }[]): Promise<void> {
  bridge = fakeBridge({
    ...startAnswers({ interrupted }),
    'jobs.get': ({ jobId }) => jobOf(jobId),
    'jobs.verify': () => undefined,
  });
  await useApp().start();
  wrapper = mount(InterruptedNote, { global: { plugins: [router] } });
  await flushPromises();
}
const buttons = (): string[] => wrapper.findAll('button').map((one) => one.text());
const click = async (text: string): Promise<void> => {
  const button = wrapper.findAll('button').find((one) => one.text() === text);
  if (button === undefined) throw new Error(`no button "${text}"`);
  await button.trigger('click');
  await flushPromises();
};

beforeEach(() => {
  language.value = 'en';
  const component = { template: '<p />' };
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component },
      { path: '/jobs', name: 'jobs', component },
      { path: '/jobs/:jobId', name: 'job', component },
    ],
  });
});
afterEach(() => wrapper.unmount());

describe('InterruptedNote', () => {
  it('shows nothing where nothing was interrupted', async () => {
    await show([]);
    expect(wrapper.find('section').exists()).toBe(false);
  });

  it('says what is unknown and that nothing was sent again, and does nothing by itself', async () => {
    await show([{ jobId: 12, inDoubt: 32 }]);
    expect(wrapper.get('.what').text()).toBe(
      'Job 12 (Flagship, Update order status) was interrupted; 32 rows were being sent and are now unknown. Nothing was sent again.',
    );
    expect(buttons()).toEqual(['Verify 3 rows', 'Open the job', 'Later']);
    expect(bridge.asked('jobs.verify')).toEqual([]);
    expect(bridge.asked('jobs.run')).toEqual([]);
  });

  it('verifies and goes to the job', async () => {
    await show([{ jobId: 12, inDoubt: 32 }]);
    await click('Verify 3 rows');
    expect(bridge.asked('jobs.verify')).toEqual([{ jobId: 12 }]);
    expect(router.currentRoute.value.fullPath).toBe('/jobs/12');
    expect(wrapper.find('section').exists()).toBe(false);
  });

  it('stays and says why when the verification cannot begin', async () => {
    await show([{ jobId: 12, inDoubt: 32 }]);
    bridge.answer({
      'jobs.verify': () => {
        throw refusal('KEYCHAIN_LOCKED', '钥匙串锁着。', 'The keychain is locked.');
      },
    });
    await click('Verify 3 rows');
    expect(wrapper.get('[role=alert]').text()).toContain('The keychain is locked.');
    expect(buttons()).toContain('Verify 3 rows');
  });

  it('offers to go on where nothing is unknown, and asks first', async () => {
    await show([]);
    bridge.answer({
      'app.workspace': () => appState({ workspace: 'practice', interrupted: [{ jobId: 4, inDoubt: 0 }] }),
      'jobs.get': () => jobOf(4, { counts: { unknown: 0 } }),
    });
    await useApp().goTo('practice');
    await flushPromises();
    expect(wrapper.get('.what').text()).toContain('no row was being sent');
    await click('Resume: send 36 orders');
    expect(question.value?.verb).toBe('Send 36 orders');
    question.value?.answer(false);
    await flushPromises();
    expect(bridge.asked('jobs.run')).toEqual([]);
    expect(buttons()).toContain('Resume: send 36 orders');
  });

  it('is put off by job, and names the first three', async () => {
    await show([1, 2, 3, 4, 5].map((jobId) => ({ jobId, inDoubt: 1 })));
    expect(wrapper.findAll('.what')).toHaveLength(3);
    expect(wrapper.get('a').text()).toBe('2 more interrupted jobs are under Jobs.');
    await click('Later');
    expect(wrapper.findAll('strong').map((one) => one.text())).toEqual(['Job 2', 'Job 3', 'Job 4']);
  });

  it('goes when the job runs again', async () => {
    await show([{ jobId: 12, inDoubt: 32 }]);
    const counts = { total: 1, succeeded: 0, failed: 0, unknown: 0, notSent: 1, sending: 0, pending: 1 };
    bridge.tell('progress', { jobId: 12, state: 'running', counts, rate: null, leftMs: null, reasons: [] });
    await flushPromises();
    expect(wrapper.find('section').exists()).toBe(false);
  });
});

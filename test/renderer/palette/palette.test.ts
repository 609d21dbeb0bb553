// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import CommandPalette from '../../../src/renderer/app/CommandPalette.vue';
import type { Offer } from '../../../src/renderer/app/palette.ts';
import { orderIn, search } from '../../../src/renderer/app/palette.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { refusal, fakeBridge, startAnswers } from '../fake-bridge.ts';

describe('orderIn', () => {
  it.each(['230101-123456789012345', ' 1234567 ', 'DD20260512', '2026051200001'])('takes %s for an order', (text) => {
    expect(orderIn(text)).toBe(text.trim());
  });
  it.each(['orders', '批量更新', '12', '1234', 'job 12345', 'a1b2'])('takes %s for words', (text) => {
    expect(orderIn(text)).toBeNull();
  });
});

describe('search', () => {
  const offer = (id: string, zh: string, en: string, more: Partial<Offer> = {}): Offer => ({
    id,
    group: 'actions',
    names: { zh, en },
    ...more,
  });
  const offers = [
    offer('update', '新建批量更新', 'New bulk update'),
    offer('dark', '主题：深色', 'Theme: dark', { words: 'night' }),
    offer('jobs', '任务', 'Jobs', { group: 'screens', words: 'history' }),
    offer('shop', '旗舰店', '旗舰店', { group: 'accounts', detail: { zh: '保利威', en: 'Polyv' } }),
  ];
  const ids = (query: string): string[] => search(offers, query).map(({ id }) => id);

  it('finds words of either language, in names, details and other words', () => {
    expect(ids('深色')).toEqual(['dark']);
    expect(ids('DARK')).toEqual(['dark']);
    expect(ids('polyv')).toEqual(['shop']);
    expect(ids('history')).toEqual(['jobs']);
    expect(ids('nbu')).toEqual(['update']);
  });

  it('wants every word', () => {
    expect(ids('theme night')).toEqual(['dark']);
    expect(ids('theme jobs')).toEqual([]);
  });

  it('keeps the groups together, the best first in each', () => {
    expect(ids('')).toEqual(['jobs', 'shop', 'update', 'dark']);
    const two = [offer('a', '乙', 'Old update'), offer('b', '甲', 'Update old')];
    expect(search(two, 'up').map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('CommandPalette', () => {
  let bridge: FakeBridge;
  let router: Router;
  let wrapper: VueWrapper;
  let field: HTMLInputElement;
  const closed = (): number => wrapper.emitted('close')?.length ?? 0;
  const names = (): (string | undefined)[] => wrapper.findAll('[role=option]').map((one) => one.find('.name').text());
  const chosen = (): string => wrapper.get('[aria-selected=true] .name').text();

  beforeEach(async () => {
    vi.useFakeTimers();
    bridge = fakeBridge(startAnswers());
    router = createRouter({
      history: createMemoryHistory(),
      routes: ['orders', 'update', 'jobs', 'accounts', 'settings', 'welcome']
        .map((name) => ({ path: `/${name}`, name, component: { template: '<p />' } }))
        .concat([{ path: '/jobs/:jobId', name: 'job', component: { template: '<p />' } }]),
    });
    await router.push('/settings');
    await useApp().start();
    language.value = 'en';
    wrapper = mount(CommandPalette, { attachTo: document.body, global: { plugins: [router] } });
    field = wrapper.get('input').element;
  });
  afterEach(() => {
    wrapper.unmount();
    vi.useRealTimers();
    document.body.innerHTML = '';
  });

  const type = (text: string): Promise<void> => wrapper.get('input').setValue(text);
  const press = async (key: string): Promise<void> => {
    await wrapper.get('input').trigger('keydown', { key });
    await flushPromises();
  };

  it('has the focus in a combobox over a list, and names the chosen one', async () => {
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute('role')).toBe('combobox');
    expect(chosen()).toBe('Orders');
    await press('ArrowDown');
    expect(chosen()).toBe('Bulk');
    expect(document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent).toContain('Bulk');
    await press('ArrowUp');
    await press('ArrowUp');
    expect(chosen()).toBe('About Order Console');
  });

  it('goes to a screen and closes', async () => {
    await type('任务');
    await press('Enter');
    expect(closed()).toBe(1);
    expect(router.currentRoute.value.name).toBe('jobs');
  });

  it('takes an account to the top bar and goes to its orders', async () => {
    const app = useApp();
    app.accountId = null;
    await type('flagship');
    await press('Enter');
    expect(app.accountId).toBe('shop');
    expect(router.currentRoute.value.name).toBe('orders');
  });

  it('finds an order in all jobs and opens the job at it', async () => {
    bridge.answer({
      'jobs.find': ({ order }) => [
        {
          row: {
            jobId: 1234,
            rowNo: 5,
            line: 6,
            order,
            state: 'failed',
            reason: null,
            problem: null,
            failure: null,
            note: null,
            requestId: null,
            attempts: 1,
            sentAtMs: 1,
            settledAtMs: 2,
            values: null,
            oldValues: null,
            seenValues: null,
            seenAtMs: null,
            writes: null,
            insisted: false,
            decided: null,
            mended: false,
            movedTo: null,
          },
          accountLabel: 'Flagship',
          operation: 'update-status',
        },
      ],
    });
    await type('2026051200001');
    expect(names()).toEqual(['Look in all jobs: 2026051200001']);
    await vi.runAllTimersAsync();
    expect(names()).toEqual(['2026051200001 ✕ failed', 'Look in all jobs: 2026051200001']);
    expect(wrapper.get('[role=option] .detail').text()).toBe('Job 1234, Flagship');
    await press('Enter');
    expect(router.currentRoute.value.fullPath).toBe('/jobs/1234?order=2026051200001');
  });

  it('looks once for what was typed in one go', async () => {
    bridge.answer({ 'jobs.find': () => [] });
    await type('20260512');
    await type('2026051200001');
    await vi.runAllTimersAsync();
    expect(bridge.asked('jobs.find')).toEqual([{ order: '2026051200001' }]);
    expect(wrapper.get('.note').text()).toBe('No job has this order.');
  });

  it('stays open and says why when a command fails', async () => {
    bridge.answer({
      'app.workspace': () => {
        throw refusal('JOB_BUSY', '有任务在运行。', 'A job is running.');
      },
    });
    await type('practice');
    await press('Enter');
    expect(closed()).toBe(0);
    expect(wrapper.get('[role=alert]').text()).toContain('A job is running.');
  });

  it('shows the keys for a question mark', async () => {
    await type('?');
    expect(wrapper.findAll('[role=option]')).toHaveLength(0);
    expect(wrapper.get('dl').text()).toContain('Command palette');
  });

  it('closes by Esc and outside, not inside, and keeps the focus while it is open', async () => {
    await press('Tab');
    expect(document.activeElement).toBe(field);
    await wrapper.get('.foot').trigger('mousedown');
    expect(closed()).toBe(0);
    await wrapper.get('.veil').trigger('mousedown');
    await press('Escape');
    expect(closed()).toBe(2);
  });

  it('gives the focus back to where it was', async () => {
    wrapper.unmount();
    const button = document.body.appendChild(document.createElement('button'));
    button.focus();
    wrapper = mount(CommandPalette, { attachTo: document.body, global: { plugins: [router] } });
    await flushPromises();
    expect(document.activeElement).not.toBe(button);
    wrapper.unmount();
    expect(document.activeElement).toBe(button);
  });
});

// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { DOMWrapper, VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { DEFAULT_SETTINGS } from '../../../src/contract/settings.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import { isFaster, withPace } from '../../../src/renderer/screens/settings/pacing.ts';
import SettingsScreen from '../../../src/renderer/screens/settings/SettingsScreen.vue';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { ACCOUNT, refusal, fakeBridge, startAnswers } from '../fake-bridge.ts';

describe('pacing', () => {
  it('changes one field and leaves the other', () => {
    expect(withPace({ perSecond: 8 }, 'concurrency', 3)).toEqual({ perSecond: 8, concurrency: 3 });
    expect(withPace({ perSecond: 8, concurrency: 3 }, 'perSecond', null)).toEqual({ concurrency: 3 });
  });
  it('is the default again when nothing is set', () => {
    expect(withPace({ perSecond: 8 }, 'perSecond', null)).toBeNull();
    expect(withPace(undefined, 'perSecond', 1)).toEqual({ perSecond: 1 });
  });
  it('is faster by either figure', () => {
    const limits = { perSecond: 5, concurrency: 2 };
    expect(
      [undefined, { perSecond: 5 }, { perSecond: 6 }, { concurrency: 3 }].map((one) => isFaster(one, limits)),
    ).toEqual([false, false, true, true]);
  });
});

describe('SettingsScreen', () => {
  let bridge: FakeBridge;
  let wrapper: VueWrapper;
  const section = (id: string): Omit<DOMWrapper<Element>, 'exists'> => wrapper.get(`#${id}`);
  const status = (): string => wrapper.get('.status[role=status]').text();

  async function choose(label: string): Promise<void> {
    const radio = wrapper.findAll('label').find((one) => one.text() === label);
    if (radio === undefined) throw new Error(`no choice "${label}"`);
    await radio.get('input').setValue(true);
    await flushPromises();
  }

  beforeEach(async () => {
    bridge = fakeBridge({
      ...startAnswers(),
      'settings.change': (patch) => ({ ...DEFAULT_SETTINGS, ...patch }),
      'app.newer': () => ({ kind: 'none' }),
      'app.licences': () =>
        Array.from({ length: 120 }, (_, at) => ({
          name: `package-${String(at)}`,
          version: '1.0.0',
          licence: at === 7 ? 'ISC' : 'MIT',
        })),
    });
    await useApp().start();
    language.value = 'en';
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: '/settings', name: 'settings', component: SettingsScreen },
        { path: '/accounts', name: 'accounts', component: { template: '<p />' } },
      ],
    });
    await router.push('/settings#about');
    wrapper = mount({ template: '<RouterView />' }, { attachTo: document.body, global: { plugins: [router] } });
    await flushPromises();
  });
  afterEach(() => wrapper.unmount());

  it('keeps after how many minutes present values count as old', async () => {
    const field = wrapper.get('input#seen-old');
    expect((field.element as HTMLInputElement).value).toBe('60');
    await field.setValue('30');
    await field.trigger('change');
    await flushPromises();
    expect(bridge.asked('settings.change')).toEqual([{ seenOldMinutes: 30 }]);
  });

  it('goes to the anchor of its address', () => {
    expect(document.activeElement?.textContent).toBe('About');
  });

  it('saves a choice at once and says so quietly', async () => {
    expect(status()).toBe('Changes are saved at once.');
    await choose('Dark');
    expect(bridge.asked('settings.change')).toEqual([{ theme: 'dark' }]);
    expect(status()).toBe('✓ Saved: Theme');
  });

  it('keeps the old value and says why beside the field when it cannot be saved', async () => {
    bridge.answer({
      'settings.change': () => {
        throw refusal('DISK_FULL', '磁盘已满。', 'The disk is full.');
      },
    });
    await choose('Dark');
    expect(useApp().settings.theme).toBe('system');
    expect(status()).toBe('✕ Not saved: Theme');
    expect(section('general').get('[role=alert]').text()).toContain('The disk is full.');
    expect(section('general').find('.saved').exists()).toBe(false);
    expect(section('general').get<HTMLInputElement>('input[value=dark]').element.checked).toBe(false);
  });

  it('takes a manual proxy only with its address', async () => {
    await choose('Manual');
    expect(bridge.asked('settings.change')).toEqual([]);
    const url = section('proxy').get('input[type=text]');
    await url.setValue(' http://127.0.0.1:7890 ');
    await url.trigger('keydown', { key: 'Enter' });
    await flushPromises();
    expect(bridge.asked('settings.change')).toEqual([{ proxy: 'manual', proxyUrl: 'http://127.0.0.1:7890' }]);
    await choose('No proxy');
    expect(bridge.asked('settings.change')[1]).toEqual({ proxy: 'none', proxyUrl: '' });
  });

  it('paces an account, warns where it is fast, and goes back to the default', async () => {
    bridge.answer({
      'accounts.update': ({ patch }) => ({ ...ACCOUNT, ...(patch.pacing ? { pacing: patch.pacing } : {}) }),
    });
    const input = section('pacing').get<HTMLInputElement>('input[aria-label="Flagship: Calls a second"]');
    expect([input.element.value, input.element.placeholder]).toEqual(['', '5']);
    input.element.value = '9';
    await input.trigger('change');
    await flushPromises();
    expect(bridge.asked('accounts.update')).toEqual([{ id: 'shop', patch: { pacing: { perSecond: 9 } } }]);
    expect(section('pacing').text()).toContain('Faster than the default');
    await section('pacing').get('button[aria-label="Flagship: Use default"]').trigger('click');
    await flushPromises();
    expect(bridge.asked('accounts.update')[1]).toEqual({ id: 'shop', patch: { pacing: null } });
    expect(section('pacing').text()).not.toContain('Faster than the default');
  });

  it('shows the old pace again when the new one is refused', async () => {
    bridge.answer({
      'accounts.update': () => {
        throw refusal('ACCOUNT_INVALID', '太快了。', 'That is too fast.');
      },
    });
    const input = section('pacing').get<HTMLInputElement>('input[aria-label="Flagship: Calls a second"]');
    input.element.value = '9000';
    await input.trigger('change');
    await flushPromises();
    expect(section('pacing').get('[role=alert]').text()).toContain('That is too fast.');
    expect(input.element.value).toBe('');
  });

  it('lists the licences by pages and finds one', async () => {
    const rows = (): number => section('licences').findAll('tbody tr').length;
    expect(rows()).toBe(50);
    await section('licences').findAll('button').at(-1)?.trigger('click');
    expect(rows()).toBe(100);
    await section('licences').get('input').setValue('isc');
    expect(section('licences').find('tbody').text()).toContain('package-7');
    expect(rows()).toBe(1);
  });
});

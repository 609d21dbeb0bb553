// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Newer, NewerWish } from '../../../src/contract/newer.ts';
import { DEFAULT_SETTINGS } from '../../../src/contract/settings.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import NewerSection from '../../../src/renderer/screens/settings/NewerSection.vue';
import { useSaving } from '../../../src/renderer/screens/settings/saving.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, startAnswers } from '../fake-bridge.ts';

let bridge: FakeBridge;
let wrapper: VueWrapper;
let answers: Readonly<Partial<Record<NewerWish, Newer>>>;

async function show(first: Newer): Promise<void> {
  answers = { state: first };
  wrapper = mount(NewerSection, { props: { saving: useSaving() }, attachTo: document.body });
  await flushPromises();
}

const status = (): string => wrapper.get('[role=status]').text();
const buttons = (): string[] => wrapper.findAll('button').map((one) => one.text());
async function press(name: string): Promise<void> {
  await wrapper
    .findAll('button')
    .find((one) => one.text() === name)
    ?.trigger('click');
  await flushPromises();
}

beforeEach(async () => {
  bridge = fakeBridge({
    ...startAnswers(),
    'app.newer': (wish) => answers[wish] ?? { kind: 'not_looked' },
    'settings.change': (patch) => ({ ...DEFAULT_SETTINGS, ...patch }),
  });
  await useApp().start();
  language.value = 'en';
});
afterEach(() => wrapper.unmount());

describe('updates', () => {
  it('of a build without a feed are neither offered nor looked for', async () => {
    await show({ kind: 'none' });
    expect(status()).toContain('This build has no source of updates');
    expect(buttons()).toEqual([]);
    expect(wrapper.find('[role=switch]').exists()).toBe(false);
    expect(bridge.asked('app.newer')).toEqual(['state']);
  });

  it('are looked for and loaded as the person asks, and installed at the end', async () => {
    await show({ kind: 'not_looked' });
    answers = { look: { kind: 'found', version: '9.0.0' }, load: { kind: 'ready', version: '9.0.0' } };
    await press('Look for updates');
    expect(status()).toBe('Version 9.0.0 is there.');
    await press('Load it');
    expect(status()).toContain('it is installed when you quit the console');
    expect(buttons()).toEqual([]);
    expect(bridge.asked('app.newer')).toEqual(['state', 'look', 'load']);
  });

  it('that are not signed as they should be say so, and can be looked for again', async () => {
    await show({ kind: 'not_looked' });
    const failed = { message: { zh: '不符。', en: 'Not signed.' }, remedy: { zh: '不要安装。', en: 'Leave it.' } };
    answers = { look: { kind: 'failed', ...failed } };
    await press('Look for updates');
    expect(status()).toBe('Not signed. Leave it.');
    expect(buttons()).toEqual(['Look for updates']);
  });

  it('come by themselves only where that is switched on', async () => {
    await show({ kind: 'current' });
    const toggle = wrapper.get('[role=switch]');
    expect(toggle.attributes('aria-checked')).toBe('false');
    await wrapper.get('.el-switch').trigger('click');
    await flushPromises();
    expect(bridge.asked('settings.change')).toContainEqual({ updates: true });
  });
});

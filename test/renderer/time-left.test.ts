// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { nextTick } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { span } from '../../src/renderer/components/time-left.ts';
import TimeLeft from '../../src/renderer/components/TimeLeft.vue';
import { language } from '../../src/renderer/i18n/index.ts';

const NOW_MS = Date.parse('2026-03-01T04:00:00.000Z');
let hidden = false;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS });
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  language.value = 'en';
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  language.value = 'zh-CN';
});

async function see(isSeen: boolean): Promise<void> {
  hidden = !isSeen;
  document.dispatchEvent(new Event('visibilitychange'));
  await nextTick();
}

describe('the time that is left', () => {
  it.each([
    [-5_000, '00:00'],
    [1, '00:01'],
    [192_000, '03:12'],
    [3_792_000, '1:03:12'],
  ])('%d ms: %s', (ms, shown) => {
    expect(span(ms)).toBe(shown);
  });

  it('counts down each second, and ends in a word', async () => {
    const left = mount(TimeLeft, { props: { atMs: NOW_MS + 2_000 } });
    expect(left.text()).toBe('00:02 left');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(left.text()).toBe('00:01 left');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(left.text()).toBe('expired');
    language.value = 'zh-CN';
    await nextTick();
    expect(left.text()).toBe('已过时限');
    left.unmount();
  });

  it('says where it is a bound, in both languages', async () => {
    const left = mount(TimeLeft, { props: { atMs: NOW_MS + 192_000, atMost: true } });
    expect(left.text()).toBe('at most 03:12 left');
    language.value = 'zh-CN';
    await nextTick();
    expect(left.text()).toBe('最多剩 03:12');
    left.unmount();
  });

  it('takes one timer for all, none while the window is hidden, and none when nothing is shown', async () => {
    const shown = Array.from({ length: 30 }, () => mount(TimeLeft, { props: { atMs: NOW_MS + 60_000 } }));
    expect(vi.getTimerCount()).toBe(1);
    await see(false);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shown[0]?.text()).toBe('01:00 left');
    await see(true);
    expect(shown.map((one) => one.text())).toEqual(shown.map(() => '00:50 left'));
    expect(vi.getTimerCount()).toBe(1);
    for (const one of shown) one.unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});

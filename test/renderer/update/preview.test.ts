// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PreviewView } from '../../../src/contract/routes.ts';
import { DEFAULT_SETTINGS } from '../../../src/contract/settings.ts';
import { open as question } from '../../../src/renderer/components/confirm.ts';
import OutcomeBar from '../../../src/renderer/components/OutcomeBar.vue';
import { language } from '../../../src/renderer/i18n/index.ts';
import PreviewStep from '../../../src/renderer/screens/update/PreviewStep.vue';
import { SE } from '../../../src/renderer/screens/update/words-seen.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { useUpdateJob } from '../../../src/renderer/stores/update-job.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, jobOf, startAnswers, VENDOR } from '../fake-bridge.ts';

const OPERATION = {
  ...VENDOR.operations[0],
  id: 'update-status',
  kind: 'update',
  names: { zh: '改状态', en: 'Update order status' },
  params: [
    {
      id: 'status',
      names: { zh: '状态', en: 'Status' },
      kind: 'choice',
      required: true,
      choices: [
        { value: '5', names: { zh: '五', en: 'five' }, warning: { zh: '五会退库', en: 'five returns the goods' } },
      ],
    },
  ],
  warnings: [{ zh: '会覆盖', en: 'Overwrites' }],
  repeatable: 'never',
} as const;
const PREVIEW: PreviewView = {
  pending: 36,
  calls: 2,
  leastMs: 4_000,
  rows: [],
  warnings: OPERATION.warnings,
  seen: null,
  request: null,
  requestError: { message: { zh: '锁着', en: 'The keychain is locked.' }, remedy: { zh: '解锁', en: 'Unlock it.' } },
};

describe('PreviewStep', () => {
  let bridge: FakeBridge;
  const job = jobOf(5, { job: { state: 'ready', pauseReason: null, params: { status: '5' } } });

  async function shown() {
    await useUpdateJob().open(5);
    const wrapper = mount(PreviewStep, { props: { found: job, operation: OPERATION } });
    await flushPromises();
    return wrapper;
  }

  beforeEach(async () => {
    bridge = fakeBridge({
      ...startAnswers(),
      'vendors.list': () => [{ ...VENDOR, operations: [OPERATION] }],
      'jobs.get': () => job,
      'jobs.reasons': () => [],
      'jobs.preview': () => PREVIEW,
      'jobs.rows': () => ({ total: 0, rows: [] }),
      'jobs.run': () => undefined,
    });
    await useApp().start();
    language.value = 'en';
  });

  it('asks once, with the count, the account and every caution, and sends only on a yes', async () => {
    const wrapper = await shown();
    expect(wrapper.text()).toContain('The keychain is locked.');
    const send = wrapper.get('.el-button--primary');
    expect(send.text()).toBe('Send 36 orders to Flagship');
    await send.trigger('click');
    expect(question.value).toMatchObject({ verb: 'Send 36 orders' });
    expect(question.value?.text).toContain('36 orders will be sent to "Flagship"');
    const cautions = question.value?.warnings?.join(' ') ?? '';
    expect(cautions).toContain('five returns the goods');
    expect(cautions).toContain('Overwrites');
    expect(cautions).toContain('no undo');
    expect(cautions).toContain('sent once');
    question.value?.answer(false);
    await flushPromises();
    expect(bridge.asked('jobs.run')).toEqual([]);
    expect(wrapper.emitted('sent')).toBeUndefined();
    await send.trigger('click');
    question.value?.answer(true);
    await flushPromises();
    expect(bridge.asked('jobs.run')).toEqual([{ jobId: 5, firstRows: null }]);
    expect(wrapper.emitted('sent')).toHaveLength(1);
  });

  it('sends the first few and says what waits', async () => {
    const wrapper = await shown();
    await wrapper.get('input[type=checkbox]').setValue(true);
    const send = wrapper.get('.el-button--primary');
    expect(send.text()).toBe('Send the first 10 orders to Flagship');
    await send.trigger('click');
    expect(question.value?.text).toContain('the other 26 wait for your word');
    question.value?.answer(true);
    await flushPromises();
    expect(bridge.asked('jobs.run')).toEqual([{ jobId: 5, firstRows: 10 }]);
  });

  it('says that present values are old once they are older than the person lets them be', async () => {
    const operation = { ...OPERATION, canReadBefore: true, present: [] };
    const seen = { seen: 36, unread: 0, left: 0, oldestMs: Date.now() - 30 * 60_000, notes: [] };
    bridge.answer({ 'jobs.preview': () => ({ ...PREVIEW, seen }) });
    const isOld = async (seenOldMinutes: number): Promise<boolean> => {
      bridge.answer(startAnswers({ settings: { ...DEFAULT_SETTINGS, seenOldMinutes } }));
      await useApp().start();
      await useUpdateJob().open(5);
      const wrapper = mount(PreviewStep, { props: { found: job, operation } });
      await flushPromises();
      return wrapper.text().includes(SE.old.en);
    };
    expect(await isOld(DEFAULT_SETTINGS.seenOldMinutes)).toBe(false);
    expect(await isOld(20)).toBe(true);
  });

  it('sends nothing from a console that may only look', async () => {
    bridge.answer(startAnswers({ readOnly: true }));
    await useApp().start();
    const wrapper = await shown();
    expect(wrapper.get('.el-button--primary').attributes('disabled')).toBeDefined();
  });
});

describe('OutcomeBar', () => {
  it('says every outcome in words and numbers that sum to the rows, and draws only those there are', () => {
    language.value = 'en';
    const counts = { total: 100, succeeded: 60, failed: 1, unknown: 0, notSent: 30, sending: 9, pending: 25 };
    const wrapper = mount(OutcomeBar, { props: { counts, legend: true } });
    expect(wrapper.findAll('.legend li').map((one) => one.get('.count').text())).toEqual([
      '60',
      '1',
      '0',
      '9',
      '5',
      '25',
    ]);
    expect(wrapper.findAll('.part')).toHaveLength(5);
    expect(wrapper.get('[role=img]').attributes('aria-label')).toBe(
      'succeeded 60 · failed 1 · sending 9 · not sent 5 · waiting for its turn 25',
    );
  });
});

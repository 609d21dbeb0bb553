// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import type { ReasonGroup } from '../../../src/contract/job.ts';
import { open as question } from '../../../src/renderer/components/confirm.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import ReportStep from '../../../src/renderer/screens/update/ReportStep.vue';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { useUpdateJob } from '../../../src/renderer/stores/update-job.ts';
import { fakeBridge, jobOf, startAnswers, VENDOR } from '../fake-bridge.ts';

const DISPENSE = {
  ...VENDOR.operations[0],
  id: 'update-status',
  kind: 'update',
  names: { zh: '出货', en: 'Dispense' },
  params: [],
  warnings: [{ zh: '会推出商品', en: 'Moves goods out of a machine' }],
  repeatable: 'never',
} as const;

it('says before rows that a person has decided on are sent again what that does', async () => {
  const counts = { total: 1, succeeded: 0, failed: 1, unknown: 0, notSent: 0, byReason: {} };
  const job = jobOf(5, { job: { state: 'finished', pauseReason: null }, counts });
  const words = { zh: '由您确认：没有执行', en: 'You decided: it did not happen' };
  const group: ReasonGroup = {
    state: 'failed',
    code: 'console.decided',
    failure: { code: 'console.decided', message: '', class: 'not_applied', reading: words, remedy: words },
    text: null,
    retry: 'retryable',
    count: 1,
    lines: [2],
    mended: 0,
  };
  const bridge = fakeBridge({
    ...startAnswers(),
    'vendors.list': () => [{ ...VENDOR, operations: [DISPENSE] }],
    'jobs.get': () => job,
    'jobs.reasons': () => [group],
    'jobs.rows': () => ({ total: 0, rows: [] }),
    'jobs.retry': () => ({ rows: 1 }),
  });
  await useApp().start();
  language.value = 'en';
  await useUpdateJob().open(5);
  const wrapper = mount(ReportStep, { props: { found: job, order: null } });
  await flushPromises();
  await wrapper
    .findAll('button')
    .find((one) => one.text() === 'Retry 1 row')
    ?.trigger('click');
  const cautions = question.value?.warnings?.join(' ') ?? '';
  expect(cautions).toContain('Moves goods out of a machine');
  expect(cautions).toContain('no undo');
  question.value?.answer(false);
  await flushPromises();
  expect(bridge.asked('jobs.retry')).toEqual([]);
});

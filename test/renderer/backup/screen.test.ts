// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { BackupItem } from '../../../src/contract/backup.ts';
import { open as question } from '../../../src/renderer/components/confirm.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import BackupScreen from '../../../src/renderer/screens/backup/BackupScreen.vue';
import { W } from '../../../src/renderer/screens/backup/words.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { fakeBridge, refusal, startAnswers } from '../fake-bridge.ts';

const PASSPHRASE = 'tusk vineyard quarry 9';
const item = (id: string, state: BackupItem['state']): BackupItem => ({
  id,
  label: `Shop ${id}`,
  vendor: 'polyv',
  environment: 'live',
  state,
  differs: state === 'different' ? ['address', 'secret'] : [],
});

let bridge: FakeBridge;
let wrapper: ReturnType<typeof mount>;

beforeEach(async () => {
  question.value = null;
  bridge = fakeBridge({
    ...startAnswers(),
    'backup.make': () => ({ file: { fileId: 'f', name: 'b.ocbackup', rows: 2 }, accounts: 2, leftOut: [] }),
    'backup.choose': () => ({ fileId: 'f', name: 'b.ocbackup', bytes: 400 }),
    'backup.open': () => ({
      restoreId: 'r',
      createdAt: '2026-05-06T07:08:09.000Z',
      items: [item('a', 'new'), item('b', 'same'), item('c', 'different')],
    }),
    'backup.restore': ({ ids }) => ({ restored: ids.length }),
    'backup.close': () => undefined,
  });
  await useApp().start();
  language.value = 'en';
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: BackupScreen }] });
  wrapper = mount(BackupScreen, { attachTo: document.body, global: { plugins: [router] } });
  await flushPromises();
});
afterEach(() => {
  wrapper.unmount();
  language.value = 'zh-CN';
});

const text = (): string => document.body.textContent.replaceAll(/\s+/g, ' ');
const input = (id: string): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(`#${id}`);
  if (found === null) throw new Error(`no #${id}`);
  return found;
};
async function fill(id: string, value: string): Promise<void> {
  input(id).value = value;
  input(id).dispatchEvent(new Event('input'));
  await flushPromises();
}
function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === name);
  if (found === undefined) throw new Error(`no button "${name}"`);
  return found;
}
async function press(name: string): Promise<void> {
  button(name).click();
  await flushPromises();
}
async function submit(field: string): Promise<void> {
  input(field)
    .closest('form')
    ?.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}

describe('making a backup', () => {
  it('wants a passphrase that is not weak, typed twice alike, and forgets it once the file is made', async () => {
    await fill('backup-passphrase', 'password1');
    expect(text()).toContain('Strength: too weak');
    expect(button(W.makeNow.en).disabled).toBe(true);
    await fill('backup-passphrase', PASSPHRASE);
    expect(text()).toContain('Strength: strong');
    await fill('backup-again', `${PASSPHRASE}!`);
    expect(text()).toContain(W.notSame.en);
    await submit('backup-passphrase');
    expect(bridge.asked('backup.make')).toEqual([]);
    await fill('backup-again', PASSPHRASE);
    await submit('backup-passphrase');
    expect(bridge.asked('backup.make')).toEqual([{ passphrase: PASSPHRASE }]);
    expect(text()).toContain('2 accounts are backed up in b.ocbackup');
    expect([input('backup-passphrase').value, input('backup-again').value]).toEqual(['', '']);
  });

  it('names the accounts that are not in it', async () => {
    bridge.answer({
      'backup.make': () => ({
        file: { fileId: 'f', name: 'b', rows: 1 },
        accounts: 1,
        leftOut: [{ label: 'Lost shop', why: { zh: '没有密钥', en: 'No secret of it' } }],
      }),
    });
    await fill('backup-passphrase', PASSPHRASE);
    await fill('backup-again', PASSPHRASE);
    await submit('backup-passphrase');
    expect(text()).toContain('Lost shop No secret of it');
  });
});

describe('restoring a backup', () => {
  async function opened(): Promise<void> {
    await press(W.choose.en);
    await fill('restore-passphrase', PASSPHRASE);
    await submit('restore-passphrase');
  }

  it('shows what is new, the same and different, and takes by itself what is new alone', async () => {
    await opened();
    for (const shown of ['Shop a', 'new here', 'Shop b', 'the same', 'Shop c', 'different: address · secret']) {
      expect(text()).toContain(shown);
    }
    await press(W.restoreNow(1).en);
    expect(bridge.asked('backup.restore')).toEqual([{ restoreId: 'r', ids: ['a'] }]);
    expect(text()).toContain('1 account is restored.');
  });

  it('asks before it replaces what is here', async () => {
    await opened();
    const boxes = [...document.querySelectorAll<HTMLInputElement>('.items input[type=checkbox]')];
    expect(boxes.map(({ disabled }) => disabled)).toEqual([false, true, false]);
    boxes[2]?.click();
    await flushPromises();
    await press(W.restoreNow(2).en);
    expect(question.value?.text).toContain('1 of them replace');
    expect(bridge.asked('backup.restore')).toEqual([]);
    question.value?.answer(false);
    await flushPromises();
    expect(bridge.asked('backup.restore')).toEqual([]);
    await press(W.restoreNow(2).en);
    question.value?.answer(true);
    await flushPromises();
    expect(bridge.asked('backup.restore')).toEqual([{ restoreId: 'r', ids: ['a', 'c'] }]);
  });

  it('keeps the file after a wrong passphrase, and closes what was opened on leaving', async () => {
    bridge.answer({
      'backup.open': () => {
        throw refusal('BACKUP_PASSPHRASE', '不对', 'It is not the right one');
      },
    });
    await opened();
    expect(text()).toContain('It is not the right one');
    expect(input('restore-passphrase').getAttribute('aria-invalid')).toBe('true');
    bridge.answer({ 'backup.open': () => ({ restoreId: 'r', createdAt: '2026-05-06T07:08:09.000Z', items: [] }) });
    await submit('restore-passphrase');
    expect(text()).toContain(W.none.en);
    wrapper.unmount();
    await flushPromises();
    expect(bridge.asked('backup.close')).toHaveLength(1);
  });
});

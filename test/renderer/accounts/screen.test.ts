// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Router } from 'vue-router';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Account, NewAccountInput } from '../../../src/contract/account.ts';
import { open as question } from '../../../src/renderer/components/confirm.ts';
import { language } from '../../../src/renderer/i18n/index.ts';
import AccountsScreen from '../../../src/renderer/screens/accounts/AccountsScreen.vue';
import { useAccounts } from '../../../src/renderer/stores/accounts.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { appState, fakeBridge, refusal } from '../fake-bridge.ts';
import { invalid, PASSED, RULED, SECOND, SHOP, TWO_SECRETS } from './support.ts';

const SECRET = 'planted-secret';

let bridge: FakeBridge;
let wrapper: VueWrapper;
let router: Router;
let kept: Account[];

async function open(at = '/accounts', accounts: readonly Account[] = [SHOP, SECOND]): Promise<void> {
  kept = [...accounts];
  bridge = fakeBridge({
    'app.state': () => appState({ keychain: 'not_checked' }),
    'app.workspace': (workspace) => appState({ workspace }),
    'vendors.list': () => [RULED, TWO_SECRETS],
    'accounts.list': () => [...kept],
    'accounts.health': ({ id }) => ({
      accountId: id,
      clockOffsetMs: null,
      keychain: 'not_checked',
      secret: 'not_read',
      backingOffUntilMs: null,
    }),
    'accounts.add': (input) => {
      const { secrets: _secrets, consent: _consent, ...account } = input;
      const added = { ...SHOP, ...account, id: 'new', hosts: ['api.polyv.net'] };
      kept.push(added);
      return added;
    },
  });
  await useApp().start();
  language.value = 'en';
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/accounts', name: 'accounts', component: AccountsScreen },
      { path: '/other', name: 'other', component: { template: '<p />' } },
    ],
  });
  await router.push(at);
  wrapper = mount({ template: '<RouterView />' }, { attachTo: document.body, global: { plugins: [router] } });
  await flushPromises();
}

beforeEach(() => (question.value = null));
afterEach(() => {
  wrapper.unmount();
  language.value = 'zh-CN';
});

const text = (): string => document.body.textContent;

/** Anything of the page or of the store that still holds the secret. */
function holders(): readonly string[] {
  const inputs = [...document.querySelectorAll('input,textarea')] as HTMLInputElement[];
  return [
    ...inputs.filter(({ value }) => value.includes(SECRET)).map(({ id }) => `#${id}`),
    ...(document.body.innerHTML.includes(SECRET) ? ['the page'] : []),
    ...(JSON.stringify(useAccounts().$state).includes(SECRET) ? ['the store'] : []),
  ];
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

async function fill(id: string, value: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>(`#${id}`);
  if (input === null) throw new Error(`no field #${id}`);
  input.value = value;
  input.dispatchEvent(new Event('input'));
  await flushPromises();
}

async function submit(selector = '.account-form'): Promise<void> {
  document.querySelector(selector)?.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}

async function chooseVendor(id: string): Promise<void> {
  await wrapper.get(`input[name=account-vendor][value=${id}]`).trigger('change');
  await flushPromises();
}

async function fillRuled(): Promise<void> {
  await fill('account-label', 'New shop');
  await fill('account-appId', 'id');
  await fill('account-appSecret', SECRET);
  await wrapper.get('#account-consent').setValue(true);
}

async function stepBack(): Promise<void> {
  await wrapper.get('.pane').trigger('keydown', { key: 'Escape' });
  await flushPromises();
}

describe('the form for a new account', () => {
  it.each([
    [RULED, ['appId', 'appSecret'], ['appSecret']],
    [TWO_SECRETS, ['appKey', 'appSecret', 'accessToken'], ['appSecret', 'accessToken']],
  ])("is drawn from the vendor's definition: $id", async (vendor, fields, secrets) => {
    await open(`/accounts?add=${vendor.id}`);
    for (const id of fields) expect(document.querySelector(`#account-${id}`), id).not.toBeNull();
    const hidden = [...document.querySelectorAll('input[type=password]')].map(({ id }) => id.replace('account-', ''));
    expect(hidden).toEqual(secrets);
    for (const { id } of vendor.settings) expect(document.querySelector(`#account-${id}`), id).not.toBeNull();
    for (const { url } of vendor.hosts) expect(text()).toContain(url);
    for (const notice of vendor.notices) expect(text()).toContain(notice.en);
    expect(text().includes('I have read and understood this rule')).toBe(vendor.consent !== undefined);
    expect(document.querySelector('#account-perSecond')?.getAttribute('placeholder')).toBe(
      `default ${vendor.limits.perSecond}`,
    );
    expect(router.currentRoute.value.fullPath).toBe('/accounts');
  });

  it('calls nobody while something is missing, and says of each field that it is', async () => {
    await open('/accounts?add=polyv');
    await submit();
    expect(bridge.asked('accounts.add')).toEqual([]);
    expect([...document.querySelectorAll('[aria-invalid=true]')].map(({ id }) => id)).toEqual([
      'account-label',
      'account-appId',
      'account-appSecret',
    ]);
    expect(text()).toContain('the account is added once you agree');
    expect(document.activeElement?.id).toBe('account-label');
  });

  it('sends a secret once, and holds it nowhere once it is saved', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    await submit();
    const [sent] = bridge.asked('accounts.add') as NewAccountInput[];
    expect(sent).toMatchObject({ label: 'New shop', secrets: { appSecret: SECRET }, consent: true });
    expect(holders()).toEqual([]);
    expect(text()).toContain('The account is added');
    expect(document.activeElement?.textContent).toBe('New shop');
  });

  it('offers the test of what was added', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    await submit();
    bridge.answer({ 'accounts.test': () => PASSED });
    await press('Test it now');
    expect(bridge.asked('accounts.test')).toEqual([{ id: 'new' }]);
    expect(text()).toContain('The test passed');
  });

  it('puts an error beside its field and keeps what was typed, the secret too', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    bridge.answer({
      'accounts.add': () => {
        throw invalid('appSecret');
      },
    });
    await submit();
    expect(wrapper.get('#account-appSecret-help').text()).toBe('It is wrong. Correct it.');
    expect(document.activeElement?.id).toBe('account-appSecret');
    expect(useAccounts().secrets).toEqual({ appSecret: SECRET });
    expect(document.querySelector('.account-form .error')).toBeNull();
  });

  it('says on its own what is about no field, such as a locked keychain', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    bridge.answer({
      'accounts.add': () => {
        throw refusal('KEYCHAIN_LOCKED', '已锁定', 'It is locked');
      },
    });
    await submit();
    expect(wrapper.get('.account-form .error').text()).toContain('It is locked');
  });

  it('forgets the secret on leaving, and keeps the rest for the next time', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    await router.push('/other');
    expect(holders()).toEqual([]);
    await router.push('/accounts');
    await flushPromises();
    expect(document.querySelector<HTMLInputElement>('#account-label')?.value).toBe('New shop');
    expect(document.querySelector<HTMLInputElement>('#account-appSecret')?.value).toBe('');
  });

  it('forgets the secret for another vendor', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    await chooseVendor('suning');
    expect(holders()).toEqual([]);
  });

  it('asks before it throws away what was typed, and forgets the secret then', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    await stepBack();
    expect(question.value?.title).toBe('Discard what you typed?');
    question.value?.answer(false);
    await flushPromises();
    expect(useAccounts().secrets).toEqual({ appSecret: SECRET });
    await stepBack();
    question.value?.answer(true);
    await flushPromises();
    expect(holders()).toEqual([]);
    expect(document.querySelector('.account-form')).toBeNull();
  });

  it('forgets everything in another workspace', async () => {
    await open('/accounts?add=polyv');
    await fillRuled();
    await useApp().goTo('practice');
    await flushPromises();
    expect(holders()).toEqual([]);
    expect(useAccounts().open).toBeNull();
  });
});

describe('an account', () => {
  it('is changed by what was changed alone', async () => {
    await open();
    bridge.answer({ 'accounts.update': ({ patch }) => ({ ...SHOP, label: patch.label ?? '' }) });
    await press('Edit');
    expect(document.querySelector('input[type=password]')).toBeNull();
    await fill('account-label', 'Renamed');
    await submit();
    expect(bridge.asked('accounts.update')).toEqual([{ id: SHOP.id, patch: { label: 'Renamed' } }]);
    expect(text()).toContain('The changes are saved.');
  });

  it('wants its secrets again for a new host, and sends them with it', async () => {
    await open('/accounts', [SECOND]);
    bridge.answer({ 'accounts.update': () => SECOND });
    await press('Edit');
    await fill('account-baseUrl', 'https://new.example.com');
    expect(text()).toContain('new.example.com was not among');
    await submit();
    expect(wrapper.get('#account-appSecret-help').text()).toBe('This is needed.');
    await fill('account-appSecret', SECRET);
    await submit();
    expect(bridge.asked('accounts.update')).toEqual([
      {
        id: SECOND.id,
        patch: {
          baseUrl: 'https://new.example.com',
          hosts: ['new.example.com', 'open.suning.com'],
          secrets: { appSecret: SECRET },
        },
      },
    ]);
    expect(holders()).toEqual([]);
  });

  it('shows the secret fields when the vault demands them though the page did not', async () => {
    await open('/accounts', [{ ...SECOND, hosts: ['relay.example.com'] }]);
    bridge.answer({
      'accounts.update': () => {
        throw invalid('hosts');
      },
    });
    await press('Edit');
    // The vendor's own, as this page knows it.
    await fill('account-hosts', 'openpre.cnsuning.com');
    expect(document.querySelector('input[type=password]')).toBeNull();
    await submit();
    expect(document.querySelector('#account-appSecret')).not.toBeNull();
    expect(wrapper.get('#account-hosts-help').text()).toBe('It is wrong. Correct it.');
  });

  it('is not added anew by the form of one that was removed meanwhile', async () => {
    await open();
    await press('Edit');
    await fill('account-label', 'Renamed');
    kept = [SECOND];
    await useApp().readAccounts();
    await submit();
    expect(bridge.asked('accounts.add')).toEqual([]);
  });

  it('gets a new secret, which is held nowhere once it is saved, and its old test says nothing any more', async () => {
    await open();
    bridge.answer({ 'accounts.test': () => PASSED, 'accounts.replaceSecrets': () => undefined });
    await press('Test account');
    await press('Replace secret');
    await fill('replace-appSecret', SECRET);
    await submit('#account-replace');
    expect(bridge.asked('accounts.replaceSecrets')).toEqual([{ id: SHOP.id, secrets: { appSecret: SECRET } }]);
    expect(holders()).toEqual([]);
    expect(text()).toContain('The secret is replaced');
    expect(text()).not.toContain('The test passed');
  });

  it('forgets a new secret when the dialog is closed', async () => {
    await open();
    await press('Replace secret');
    await fill('replace-appSecret', SECRET);
    useAccounts().close();
    await flushPromises();
    expect(holders()).toEqual([]);
  });

  it('is removed once the person says so; a secret that stays behind is told', async () => {
    await open();
    bridge.answer({
      'accounts.remove': () => {
        kept = [SECOND];
        throw refusal('KEYCHAIN_LOCKED', '密钥还在', 'Its secret is still in the keychain');
      },
    });
    await press('Remove');
    expect(question.value?.text).toContain('Flagship');
    question.value?.answer(false);
    await flushPromises();
    expect(bridge.asked('accounts.remove')).toEqual([]);
    await press('Remove');
    question.value?.answer(true);
    await flushPromises();
    expect(bridge.asked('accounts.remove')).toEqual([{ id: SHOP.id }]);
    expect(text()).toContain('Its secret is still in the keychain');
    expect(document.querySelectorAll('[role=option]')).toHaveLength(1);
    expect(document.querySelector('#account-heading')?.textContent).toBe('Second');
  });

  it('is chosen by the arrows, and the focus goes along', async () => {
    await open();
    await wrapper.get('[role=option]').trigger('keydown', { key: 'ArrowDown' });
    await flushPromises();
    expect(document.activeElement?.textContent).toContain('Second');
    expect(document.querySelector('#account-heading')?.textContent).toBe('Second');
  });

  it('is shown by its address', async () => {
    await open(`/accounts?id=${SECOND.id}`);
    expect(document.querySelector('#account-heading')?.textContent).toBe('Second');
  });
});

describe("an account's test", () => {
  it.each([
    [{ ...PASSED }, 'The test passed'],
    [{ ...PASSED, ok: null, clockOffsetMs: null }, 'The secret can be read'],
    [{ ...PASSED, ok: false, why: { zh: '超时', en: 'It timed out' } }, 'No trustworthy answer'],
    [
      {
        ...PASSED,
        ok: false,
        failure: {
          code: '20004',
          message: 'bad sign',
          class: 'sign' as const,
          reading: { zh: '签名不对', en: 'The sign was refused' },
          remedy: { zh: '核对密钥', en: 'Compare the secret' },
        },
      },
      'The test failed',
    ],
  ])('says how it ended and what it proves', async (result, words) => {
    await open();
    bridge.answer({ 'accounts.test': () => result });
    await press('Test account');
    const said = wrapper.get('section.test').text();
    expect(said).toContain(words);
    expect(said).toContain('Proves that it reads');
    for (const part of [result.why?.en, result.failure?.reading.en, result.failure?.remedy.en, result.failure?.code]) {
      if (part !== undefined) expect(said).toContain(part);
    }
    if (result.clockOffsetMs !== null) expect(said).toContain('your clock is 4 min 12 s slow');
  });

  it('says what it would prove before it is made', async () => {
    await open();
    expect(wrapper.get('section.test').text()).toContain('Proves that it reads; not that it writes');
  });

  it('says so when it was not made', async () => {
    await open();
    bridge.answer({
      'accounts.test': () => {
        throw refusal('SECRET_MISSING', '没有密钥', 'The keychain holds no secret');
      },
    });
    await press('Test account');
    expect(wrapper.get('section.test').text()).toContain('The test was not made');
    expect(wrapper.get('section.test').text()).toContain('The keychain holds no secret');
  });
});

describe('the keychain', () => {
  it('is not read at the start, and is tried out when the person asks', async () => {
    await open();
    expect(text()).toContain('keychain not checked');
    expect(bridge.asked('keychain.probe')).toEqual([]);
    bridge.answer({
      'keychain.probe': () => ({
        state: 'locked',
        error: { message: { zh: '已锁定', en: 'The ring is locked' }, remedy: { zh: '请解锁', en: 'Unlock the ring' } },
        passed: [],
      }),
    });
    await press('Check now');
    expect(text()).toContain('keychain locked');
    expect(text()).toContain('Unlock the ring');
    expect(text()).toContain('Everything else goes on');
  });

  it('says of each step of its self-test whether it went well', async () => {
    await open();
    bridge.answer({ 'keychain.probe': () => ({ state: 'ready', error: null, passed: ['write', 'read', 'delete'] }) });
    await press('Check now');
    for (const step of ['✓written', '✓read back', '✓deleted']) expect(text().replaceAll(/\s/g, ' ')).toContain(step);
  });

  it('names one account’s item that was changed behind our back, and takes it on the person’s word alone', async () => {
    await open();
    expect(text()).not.toContain('changed by something else');
    bridge.answer({
      'accounts.test': () => {
        throw refusal('SECRET_CHANGED', '被改', 'It was changed');
      },
      'accounts.health': ({ id }) => ({
        accountId: id,
        clockOffsetMs: null,
        keychain: 'ready',
        secret: 'changed',
        backingOffUntilMs: null,
      }),
      'accounts.acceptSecrets': () => undefined,
    });
    await press('Test account');
    expect(text()).toContain('changed by something else');
    await press('I changed it: accept it');
    expect(bridge.asked('accounts.acceptSecrets')).toEqual([]);
    question.value?.answer(true);
    await flushPromises();
    expect(bridge.asked('accounts.acceptSecrets')).toEqual([{ id: SHOP.id }]);
    expect(text()).toContain('The secret that is in the keychain now is taken.');
  });

  it('says what to do when it is found locked elsewhere, and nothing more once it is open', async () => {
    await open();
    bridge.tell('keychain', 'locked');
    await flushPromises();
    expect(text()).toContain('The system keychain is locked');
    bridge.tell('keychain', 'ready');
    await flushPromises();
    expect(text()).not.toContain('The system keychain is locked');
  });
});

describe('where nothing may be changed', () => {
  it('shows the twins’ accounts in practice without a way to change them', async () => {
    await open();
    await useApp().goTo('practice');
    await flushPromises();
    expect(text()).toContain('They cannot be edited');
    for (const name of ['Edit', 'Replace secret', 'Remove', 'Add an account', 'Check now']) {
      expect(() => button(name), name).toThrow();
    }
    expect(button('Test account').disabled).toBe(false);
  });

  it('says who may, when another console has the data', async () => {
    await open();
    bridge.answer({ 'app.state': () => appState({ readOnly: true }) });
    await useApp().start();
    await flushPromises();
    for (const name of ['Edit', 'Replace secret', 'Remove', 'Add an account']) {
      expect(button(name).disabled, name).toBe(true);
    }
    expect(text()).toContain('Another console is using this data');
  });

  it('offers the first steps where there is no account', async () => {
    await open('/accounts', []);
    expect(text()).toContain('No account yet');
    await press('Add an account');
    expect(document.querySelectorAll('input[name=account-vendor]')).toHaveLength(2);
  });
});

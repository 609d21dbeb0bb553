/**
 * Runs one scenario against the keyring of the session it is started in, and prints what came of it as one line of JSON.
 * usage: child.ts SCENARIO FOLDER
 */
import keytar from 'keytar';
import { AppError } from '../../src/contract/errors.ts';
import type { Values } from '../../src/main/vendors/types.ts';
import { SERVICE, createKeytarKeychain, diagnose, openVault } from '../../src/main/vault/index.ts';
import { pddAccount, vendors } from '../main/vault/fixtures.ts';

const [scenario = '', dir = ''] = process.argv.slice(2);
const keychain = createKeytarKeychain({ service: SERVICE, timeoutMs: 20_000 });
const vault = openVault({ dir, keychain, vendors });

type Told = { readonly ok: unknown } | Readonly<Record<string, unknown>>;

async function told(run: () => Promise<unknown>): Promise<Told> {
  try {
    return { ok: (await run()) ?? null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, ...error.data, zh: error.say('zh-CN'), en: error.say('en') };
  }
}

async function itemCount(): Promise<number> {
  return (await keytar.findCredentials(SERVICE)).length;
}

/** `length` bytes of UTF-8, most of them in three-byte characters. */
function ofBytes(length: number): string {
  return '密'.repeat(Math.floor(length / 3)) + 'x'.repeat(length % 3);
}

const SCENARIOS: Readonly<Record<string, () => Promise<unknown>>> = {
  async life() {
    const { id } = await vault.add(pddAccount());
    const first = await vault.readSecrets(id);
    await vault.replaceSecrets(id, { appSecret: 'second-secret' });
    const second: Values = await vault.readSecrets(id);
    const reopened = await openVault({ dir, keychain, vendors }).readSecrets(id);
    const held = await itemCount();
    await vault.remove(id);
    return { first, second, reopened, held, left: await itemCount(), gone: await keychain.get(id) };
  },
  async texts() {
    const texts = ['密钥 🔑 ﷽ é', 'line\nbreak\t"quotes" \\', ofBytes(2560)];
    const back: (string | null)[] = [];
    for (const text of texts) {
      await keychain.set('texts', text);
      back.push(await keychain.get('texts'));
    }
    const tooLong = await told(() => keychain.set('texts', ofBytes(2561)));
    const kept = await keychain.get('texts');
    const deleted = [await keychain.delete('texts'), await keychain.delete('texts')];
    return { same: texts.map((text, index) => text === back[index]), tooLong, kept: kept === ofBytes(2560), deleted };
  },
  async parallel() {
    const names = Array.from({ length: 100 }, (_, index) => `account-${index}`);
    const read = await Promise.all(
      names.map(async (name) => {
        const written = keychain.set(name, `value of ${name}`);
        const found = keychain.get(name);
        await written;
        return (await found) === `value of ${name}`;
      }),
    );
    const oneKey = Array.from({ length: 100 }, (_, index) => keychain.set('one', `turn ${index}`));
    const last = await keychain.get('one');
    await Promise.all(oneKey);
    const deleted = await Promise.all([...names, 'one'].map((name) => keychain.delete(name)));
    return {
      read: read.filter(Boolean).length,
      last,
      deleted: deleted.filter(Boolean).length,
      left: await itemCount(),
    };
  },
  async probe() {
    const { state, error } = await diagnose(keychain);
    const left = state === 'ready' ? await itemCount() : 0;
    return {
      state,
      error: error && { code: error.code, ...error.data, zh: error.say('zh-CN'), en: error.say('en') },
      left,
    };
  },
  add: () => told(() => vault.add(pddAccount())),
  addOther: () => told(() => vault.add(pddAccount({ label: 'Other shop' }))),
  read: () => told(async () => vault.readSecrets((await vault.find('Main shop')).id)),
  remove: () => told(async () => vault.remove((await vault.find('Main shop')).id)),
  count: () => told(itemCount),
  async lost() {
    const { id } = await vault.find('Main shop');
    await keychain.delete(id);
    return told(() => vault.readSecrets(id));
  },
};

const run = SCENARIOS[scenario];
if (!run) throw new Error(`no scenario ${scenario}`);
console.log(JSON.stringify(await run()));

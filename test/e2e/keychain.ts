// The system's keychain as the specs look at it from outside, and accounts as a person enters them.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { ENVIRONMENT_WORDS, KEYCHAIN_WORDS } from '../../src/renderer/components/account-words.ts';
import { W } from '../../src/renderer/screens/accounts/words.ts';
import type { Environment, VendorId } from '../../src/contract/vendor.ts';
import { SERVICE } from '../../src/main/vault/keytar.ts';
import { vendor } from '../../src/main/vendors/registry.ts';
import type { Values } from '../../src/main/vendors/types.ts';
import { ROOT } from '../support/app.ts';
import type { KeyringSession } from '../support/keyring.ts';
import { radio } from './assist.ts';
import { button, PATIENCE_MS, t } from './pages.ts';

/** A D-Bus session in front of a keyring's own, which hears who asks for secrets. */
export interface WatchedBus {
  readonly keyring: { readonly env: Readonly<Record<string, string>> };
  /** How often the secret service was called by its name. */
  asked(): number;
  close(): Promise<void>;
}

export async function watchBus(session: KeyringSession): Promise<WatchedBus> {
  const real = /unix:path=([^,]+)/.exec(session.env['DBUS_SESSION_BUS_ADDRESS'] ?? '')?.[1];
  if (real === undefined) throw new Error('the session bus is at no path');
  const folder = mkdtempSync(path.join(tmpdir(), 'watched-bus-'));
  const place = path.join(folder, 'bus');
  let asked = 0;
  const server = createServer((client) => {
    const bus = connect(real);
    client.on('data', (part) => (asked += part.toString('latin1').split('org.freedesktop.secrets').length - 1));
    client.pipe(bus).pipe(client);
    for (const [one, other] of [
      [client, bus],
      [bus, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(place, resolve));
  return {
    keyring: { env: { ...session.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${place}` } },
    asked: () => asked,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const LIST = `require('keytar').findCredentials(process.argv[1]).then((all) => console.log(JSON.stringify(all)))`;

/** What the console keeps in a session's keyring, as the keyring itself tells another program: secret fields by the item's name. */
export async function heldIn(session: KeyringSession): Promise<Readonly<Record<string, Values>>> {
  const env = { ...process.env, ...session.env };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', LIST, SERVICE], { cwd: ROOT, env });
  const items = JSON.parse(stdout) as { account: string; password: string }[];
  return Object.fromEntries(
    items.map(({ account, password }) => [account, (JSON.parse(password) as { s: Values }).s] as const),
  );
}

const SET = `require('keytar').setPassword(...process.argv.slice(1))`;

/** Changes an account's secrets in a session's keyring as another program would. */
export async function changeIn(session: KeyringSession, account: string, secrets: Values): Promise<void> {
  const env = { ...process.env, ...session.env };
  const item = JSON.stringify({ v: 1, s: secrets });
  await promisify(execFile)(process.execPath, ['-e', SET, SERVICE, account, item], { cwd: ROOT, env });
}

/** Waits until the accounts screen says this state, beside its sign; other words on the page name states, too. */
export function keychainIs(page: Page, state: keyof typeof KEYCHAIN_WORDS): Promise<void> {
  const { sign, words } = KEYCHAIN_WORDS[state];
  const shown = page.getByRole('status').filter({ hasText: new RegExp(`^\\s*${sign}\\s*${t(words)}\\s*$`, 'u') });
  return shown.waitFor({ timeout: PATIENCE_MS });
}

/** The button of a form that stands open: the screen's own has the same verb. */
export const submit = (page: Page): Locator => button(page.locator('form'), t(W.add));

/** Opens the form for a new account of a vendor. */
export async function beginAccount(page: Page, id: VendorId): Promise<void> {
  await button(page.getByRole('main'), t(W.add)).first().click();
  await radio(page, t(vendor(id).names));
  await page.getByRole('textbox', { name: t(W.label) }).waitFor({ timeout: PATIENCE_MS });
}

/** Fills in the form for a new account, or what of it is given. */
export async function fillAccount(
  page: Page,
  id: VendorId,
  given: {
    readonly label?: string;
    readonly environment?: Environment;
    readonly url?: string;
    readonly credentials?: Values;
  },
): Promise<void> {
  const { label, environment, url, credentials = {} } = given;
  const form = page.locator('form');
  if (label !== undefined) await form.getByRole('textbox', { name: t(W.label) }).fill(label);
  if (environment !== undefined) await radio(form, t(ENVIRONMENT_WORDS[environment]));
  if (url !== undefined) await form.getByRole('textbox', { name: t(W.address), exact: true }).fill(url);
  for (const { id: field, names } of vendor(id).credentials) {
    const value = credentials[field];
    if (value !== undefined) await form.getByLabel(t(names)).fill(value);
  }
}

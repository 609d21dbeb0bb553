import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/journal.ts';
import {
  createKeyringHome,
  missingForKeyring,
  runWithKeyring,
  type KeyringHome,
  type KeyringState,
  type Ran,
} from '../support/keyring.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
const FLAGS = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
const SECRET = 'planted-secret-0123456789abcdef';
const missing = await missingForKeyring();

describe.skipIf(missing.length > 0)('accounts in the terminal, with the real keyring', () => {
  let home: KeyringHome;
  let data: ReturnType<typeof temporaryFolder>;
  beforeAll(() => {
    home = createKeyringHome();
    data = temporaryFolder();
  });
  afterAll(() => {
    home.remove();
    data.remove();
  });

  function cli(args: readonly string[], state: KeyringState = 'unlocked', input = ''): Promise<Ran> {
    const command = [process.execPath, ...FLAGS, PROGRAM, ...args, '--data-folder', data.path, '--lang', 'en'];
    return runWithKeyring(home, state, command, { input });
  }

  const add = [
    'accounts',
    'add',
    '--vendor',
    'pdd',
    '--label',
    'Shop 1',
    '--plain',
    'appId=app-1',
    '--plain',
    'sellerNick=pdd1',
    '--secrets-stdin',
  ];

  it('are added with the secret from a pipe, listed, and kept out of every file and output', async () => {
    const added = await cli(add, 'unlocked', JSON.stringify({ appSecret: SECRET }));
    expect(added.code, added.stderr).toBe(0);
    const listed = await cli(['accounts', 'list']);
    expect(listed.stdout).toContain('Shop 1');
    for (const name of readdirSync(data.path, { recursive: true, encoding: 'utf8' })) {
      if (!name.includes('.')) continue;
      expect(readFileSync(join(data.path, name), 'latin1')).not.toContain(SECRET);
    }
    expect(added.stdout + added.stderr + listed.stdout + listed.stderr).not.toContain(SECRET);
  });

  it('sign a dry run with the secret from the keyring, and never show it', async () => {
    const ran = await cli(
      ['update', 'shop 1', 'note-update', '-', '--dry-run'],
      'unlocked',
      'order_sn,note\n210324-137383117442221,hi\n',
    );
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('•••appidapp-1notehi');
    expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  });

  it('say what to do when the keyring is locked or there is none, and go on without it where no secret is needed', async () => {
    const dryRun = ['update', 'shop 1', 'note-update', '-', '--dry-run'];
    const rows = 'order_sn,note\n210324-137383117442221,hi\n';
    for (const [state, words] of [
      ['locked', /lock/i],
      ['no_service', /gnome-keyring|Secret Service|keyring/i],
      ['no_bus', /D-Bus|session|keyring/i],
    ] as const) {
      const ran = await cli(dryRun, state, rows);
      expect(ran.code, state).toBe(1);
      expect(ran.stderr, state).toMatch(words);
      expect(ran.stderr, state).not.toMatch(/^\s+at /m);
      expect((await cli(['accounts', 'list'], state)).stdout, state).toContain('Shop 1');
    }
  });

  it('refuse a secret on the command line', async () => {
    const ran = await cli(['accounts', 'add', '--vendor', 'pdd', '--label', 'X', '--app-secret', SECRET]);
    expect(ran.code).toBe(2);
    expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  });

  it('ask for consent where the vendor forbids keeping the secret on a client, and quote its rule', async () => {
    const polyv = [
      'accounts',
      'add',
      '--vendor',
      'polyv',
      '--label',
      'Channel',
      '--plain',
      'appId=frlr1zazn3',
      '--secrets-stdin',
    ];
    const secrets = JSON.stringify({ appSecret: SECRET });
    const refused = await cli(polyv, 'unlocked', secrets);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('严禁保存在客户端直接使用');
    expect((await cli(['accounts', 'list'])).stdout).not.toContain('Channel');
    const added = await cli([...polyv, '--accept-notice', '--json'], 'unlocked', secrets);
    expect(added.code, added.stderr).toBe(0);
    expect(JSON.parse(added.stdout)).toMatchObject({
      account: { label: 'Channel', consentAt: expect.stringMatching(/^\d{4}-/) as string },
    });
  });

  it('are removed with their secret', async () => {
    const removed = await cli(['accounts', 'remove', 'Shop 1', '--yes']);
    expect(removed.code, removed.stderr).toBe(0);
    expect((await cli(['accounts', 'list'])).stdout).not.toContain('Shop 1');
    expect((await cli(['accounts', 'remove', 'Shop 1', '--yes'])).code).toBe(1);
  });
});

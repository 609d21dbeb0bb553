import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VENDOR_IDS } from '../../src/contract/vendor.ts';
import { TWIN_CREDENTIALS } from '../../src/main/twins/index.ts';
import { runCli } from '../support/child.ts';
import { temporaryFolder } from '../support/journal.ts';
import { filesOf, findPlanted } from '../support/planted.ts';
import { credentialsOf } from '../support/twin-accounts.ts';

const PLANTED = 'S3cr€t/+"秘"&<p>=%41\\é😀~Typed';

/** The embedded twins' own secrets, and one that a person types. */
const secrets: Record<string, string> = {
  typed: PLANTED,
  ...Object.fromEntries(
    VENDOR_IDS.flatMap((id) =>
      Object.entries(credentialsOf(id, TWIN_CREDENTIALS[id]).secrets).map(([field, secret]) => [
        `${id} ${field}`,
        secret,
      ]),
    ),
  ),
};

const folder = temporaryFolder();
const outputs: Record<string, Buffer> = {};

/** Runs a command with `--json` on this test's folder and keeps what it printed; answers its exit code. */
async function run(args: readonly string[], input = ''): Promise<number | null> {
  const end = await runCli([...args, '--json', '--lang', 'en', '--data-folder', folder.path], input);
  const name = args.join(' ').replaceAll(PLANTED, '…');
  outputs[`stdout of ${name}`] = end.stdout;
  outputs[`stderr of ${name}`] = end.stderr;
  return end.code;
}

function printed(part: string): string {
  const names = Object.keys(outputs).filter((name) => name.startsWith(`stdout of ${part}`));
  return names.map((name) => outputs[name]?.toString('utf8') ?? '').join('');
}

const add = (...more: string[]): string[] => [
  'accounts',
  'add',
  '--vendor',
  'polyv',
  '--label',
  'shop',
  '--plain',
  'appId=app1',
  '--accept-notice',
  '--yes',
  ...more,
];

describe('the terminal with --json', () => {
  const codes: (number | null)[] = [];

  beforeAll(async () => {
    const notes = join(folder.path, 'notes.csv');
    writeFileSync(notes, 'order_sn,note\n261101-000000000000001,one\n261101-000000000000002,two\n');
    const vending = join(folder.path, 'vending.csv');
    writeFileSync(vending, 'order_id,machine_no\n10000000001,12345678\n');
    const numbers = join(folder.path, 'numbers.csv');
    writeFileSync(numbers, 'orderNo\nproduct20260101000000abcdef\n');
    const week = ['orderSource=201', 'startTime=2026-01-01 00:00:00', 'endTime=2026-01-02 00:00:00'];
    const commands: readonly string[][] = [
      ['accounts', 'list'],
      ...VENDOR_IDS.map((id) => ['accounts', 'test', `twin-${id}`]),
      ['lookup', 'twin-suning', 'order-status', ...week],
      ['lookup', 'twin-polyv', 'order-list', 'pageSize=20', '--most', '20'],
      ['lookup', 'twin-polyv', 'order-get', 'orderNo=product20260101000000abcdef'],
      ['update', 'twin-pdd', 'note-update', notes, '--dry-run'],
      ['update', 'twin-vending', 'order-update', vending, '--set', 'status=1', '--dry-run'],
      ['update', 'twin-polyv', 'update-status', numbers, '--dry-run'],
      ['update', 'twin-pdd', 'note-update', notes, '--yes', '--out', join(folder.path, 'notes.out.csv')],
      ['update', 'twin-vending', 'order-update', vending, '--set', 'status=1', '--yes'],
      ['update', 'twin-polyv', 'update-status', numbers, '--yes'],
      ['jobs', 'list'],
      ['jobs', 'show', '1', '--rows', 'all'],
      ['jobs', 'export', '3', '--out', join(folder.path, 'three.csv')],
      ['jobs', 'find', '10000000001'],
      ['jobs', 'show', '99'],
    ];
    for (const command of commands) codes.push(await run([...command, '--twins']));
    // No session bus is there, so that no system keychain answers.
    const typed = [
      `{"appSecret":${JSON.stringify(PLANTED)}`,
      `appSecret=${PLANTED}`,
      JSON.stringify({ appSecret: PLANTED }),
    ];
    for (const [index, input] of typed.entries()) {
      codes.push(await run(add('--secrets-stdin', '--concurrency', String(index + 1)), input));
    }
    codes.push(await run(add('--plain', `appSecret=${PLANTED}`)));
    for (const path of filesOf(folder.path)) outputs[relative(folder.path, path)] = readFileSync(path);
  }, 240_000);

  afterAll(() => folder.remove());

  it('did what it was told: tests, lookups, dry runs, jobs and refusals', () => {
    expect(codes.every((code) => code !== null)).toBe(true);
    expect(printed('accounts list').match(/"label":"twin-/g)).toHaveLength(4);
    // Suning has no call that tests credentials alone.
    expect(printed('accounts test').match(/"ok":true/g)).toHaveLength(3);
    expect(printed('update').match(/"signedText":"[^"]*•••/g)).toHaveLength(3);
    expect(printed('jobs list').match(/"event":"job"/g)).toHaveLength(3);
    expect(printed('accounts add').match(/"event":"error"/g)).toHaveLength(4);
    expect(printed('accounts add')).toContain('KEYCHAIN_NO_SERVICE');
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['notes.out.csv', 'three.csv', 'twins/journal.db']));
  });

  it('prints and keeps no secret', () => {
    const finds = findPlanted(outputs, secrets).map((find) => `${find.secret} in ${find.output}: ${find.writing}`);
    expect(finds).toEqual([]);
  });

  it("shows customers' phones only when asked to, and logs none", async () => {
    // The twins' buyers are the same in every run.
    const shown = await runCli([
      'lookup',
      'twin-polyv',
      'order-list',
      'pageSize=20',
      '--most',
      '20',
      '--show-personal',
      '--twins',
      '--json',
      '--data-folder',
      folder.path,
    ]);
    const phones = new Set(shown.stdout.toString('utf8').match(/(?<!\d)1[3-9]\d{9}(?!\d)/g));
    expect(phones.size).toBeGreaterThan(5);
    const masked = printed('lookup twin-polyv order-list');
    expect(masked.match(/"event":"row"/g)?.length).toBeGreaterThan(5);
    expect([...phones].filter((phone) => masked.includes(phone))).toEqual([]);
    const logs = filesOf(join(folder.path, 'twins', 'logs')).map((path) => readFileSync(path, 'utf8'));
    expect([...phones].filter((phone) => logs.some((log) => log.includes(phone)))).toEqual([]);
  });
});

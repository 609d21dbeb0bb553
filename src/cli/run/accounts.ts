import type { Account } from '../../contract/account.ts';
import { RELAY_FIELDS, TRY_STEPS, type TryStep } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import { environmentSchema, vendorIdSchema, VENDOR_IDS, type Field, type VendorId } from '../../contract/vendor.ts';
import { diagnose } from '../../main/vault/index.ts';
import { vendor } from '../../main/vendors/registry.ts';
import type { PingOperation, VendorDefinition } from '../../main/vendors/types.ts';
import { EXIT, Interrupted, type ExitCode } from '../exit.ts';
import { secretsFromStdin } from '../prompt.ts';
import { withAccounts, type Session } from './session.ts';

function missing(zh: string, en: string, option: string): Error {
  return appError(
    'USAGE',
    { zh: `缺少${zh}。`, en: `The ${en} is missing.` },
    {
      zh: `请用 ${option} 给出，或在终端中运行以便逐项询问。`,
      en: `Give it with ${option}, or run in a terminal to be asked.`,
    },
  );
}

async function vendorWanted(session: Session): Promise<VendorId> {
  const given = session.invocation.text('vendor');
  if (given !== undefined) return vendorIdSchema.parse(given);
  if (!session.prompter.available) throw missing('供应商', 'vendor', '--vendor');
  for (const id of VENDOR_IDS) session.terminal.note(`  ${id}  ${session.t(vendor(id).names)}`);
  for (;;) {
    const answer = vendorIdSchema.safeParse(await session.prompter.text({ zh: '供应商', en: 'Vendor' }));
    if (answer.success) return answer.data;
  }
}

async function plainFields(session: Session, definition: VendorDefinition): Promise<Record<string, string>> {
  const plain: Record<string, string> = { ...session.invocation.pairs('plain') };
  for (const field of definition.credentials.filter((one) => one.kind !== 'secret')) {
    if (plain[field.id] !== undefined) continue;
    if (!session.prompter.available) {
      if (field.required) throw missing(`凭据 ${field.id}`, `credential ${field.id}`, `--plain ${field.id}=…`);
      continue;
    }
    const answer = await session.prompter.text(question(field));
    if (answer !== '') plain[field.id] = answer;
  }
  return plain;
}

function question(field: Field): { zh: string; en: string } {
  const optional = field.required ? { zh: '', en: '' } : { zh: '（可留空）', en: ' (may be left empty)' };
  return { zh: field.names.zh + optional.zh, en: field.names.en + optional.en };
}

/** The secrets of an account, from the hidden prompt or from stdin. */
export async function secretFields(
  session: Session,
  definition: VendorDefinition,
  relay: Account['relay'],
): Promise<Record<string, string>> {
  const fields = relay === undefined ? definition.credentials.filter((one) => one.kind === 'secret') : RELAY_FIELDS;
  if (session.invocation.flag('secrets-stdin')) {
    return secretsFromStdin(
      session.world.stdin,
      fields.map((field) => field.id),
    );
  }
  const secrets: Record<string, string> = {};
  for (const field of fields) {
    const answer = await session.prompter.secret(question(field));
    if (answer !== '') secrets[field.id] = answer;
  }
  return secrets;
}

/** Quotes the vendor's rule about keeping the secret and records the person's consent with its date; undefined where none is asked. */
async function consentTo(session: Session, definition: VendorDefinition): Promise<string | undefined> {
  if (definition.consent === undefined) return undefined;
  session.terminal.note('', session.t(definition.consent), '');
  const agreed =
    session.invocation.flag('accept-notice') ||
    (await session.prompter.confirm({
      zh: '您已了解并同意在本机钥匙串中保存该密钥吗？',
      en: "Do you understand this, and agree to keep the secret in this machine's keychain?",
    }));
  if (!agreed) throw new Interrupted();
  return new Date().toISOString();
}

/** `accounts add` */
export function addAccount(session: Session): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  return withAccounts(session, async ({ vault }) => {
    const id = await vendorWanted(session);
    const definition = vendor(id);
    for (const notice of definition.notices) terminal.note(t(notice));
    const relayUrl = invocation.text('relay');
    const relay = relayUrl === undefined ? undefined : { url: relayUrl };
    const consentAt = relay === undefined ? await consentTo(session, definition) : undefined;
    const label =
      invocation.text('label') ??
      (session.prompter.available ? await session.prompter.text({ zh: '账号名称', en: 'Label' }) : undefined);
    if (label === undefined || label === '') throw missing('账号名称', 'label', '--label');
    const plain = await plainFields(session, definition);
    const secrets = await secretFields(session, definition, relay);
    const hosts = invocation.list('host');
    const perSecond = invocation.number('per-second');
    const concurrency = invocation.number('concurrency');
    const pacing = {
      ...(perSecond === undefined ? {} : { perSecond }),
      ...(concurrency === undefined ? {} : { concurrency }),
    };
    const account = await vault.add({
      label,
      vendor: id,
      environment: environmentSchema.parse(invocation.text('environment') ?? 'live'),
      baseUrl: invocation.text('url'),
      hosts: hosts.length === 0 ? undefined : hosts,
      plain,
      settings: invocation.pairs('setting'),
      secrets,
      relay,
      pacing: Object.keys(pacing).length === 0 ? undefined : pacing,
      consentAt,
    });
    terminal.object({ event: 'account', account });
    terminal.line(
      t({
        zh: `已添加账号「${account.label}」（${account.id})；密钥在系统钥匙串中。`,
        en: `Added "${account.label}" (${account.id}); its secret is in the system keychain.`,
      }),
    );
    terminal.line(
      t({ zh: `用 accounts test ${account.id} 测试。`, en: `Test it with "accounts test ${account.id}".` }),
    );
    return EXIT.OK;
  });
}

/** `accounts list`: reads no secret. */
export function listAccounts(session: Session): Promise<ExitCode> {
  const { terminal, t } = session;
  return withAccounts(session, async ({ vault }) => {
    const accounts = await vault.list();
    for (const account of accounts) terminal.object({ event: 'account', account });
    if (accounts.length === 0) {
      terminal.line(
        t({
          zh: '还没有账号。用 accounts add 添加，或加 --twins 试用模拟供应商。',
          en: 'There is no account yet. Add one with "accounts add", or try the twins with --twins.',
        }),
      );
      return EXIT.OK;
    }
    const day = (iso: string | undefined): string =>
      iso === undefined ? '-' : new Date(iso).toLocaleString(terminal.language);
    terminal.table(
      [
        { title: 'id' },
        { title: t({ zh: '名称', en: 'label' }) },
        { title: t({ zh: '供应商', en: 'vendor' }) },
        { title: t({ zh: '环境', en: 'environment' }) },
        { title: t({ zh: '接口地址', en: 'url' }) },
        { title: t({ zh: '上次使用', en: 'last used' }) },
        { title: t({ zh: '上次测试通过', en: 'last verified' }) },
      ],
      accounts.map((one) => [
        one.id,
        one.label,
        t(vendor(one.vendor).names),
        one.environment,
        one.baseUrl,
        day(one.lastUsedAt),
        day(one.lastVerifiedAt),
      ]),
    );
    return EXIT.OK;
  });
}

const NO_PING = {
  zh: '该供应商没有不改动数据的测试接口；请用一次查询来测试。',
  en: 'This vendor has no call that tests credentials without changing anything; test it with a lookup.',
};

/** The vendor's call that tests credentials without changing anything, where it has one. */
export function pingOf(account: Account): PingOperation | undefined {
  return vendor(account.vendor).operations.find((one): one is PingOperation => one.kind === 'ping');
}

/** `accounts test`: says what the test proves and what it does not. */
export function testAccount(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withAccounts(session, async ({ vault, gateway }) => {
    const account = await vault.find(invocation.arg('ACCOUNT'));
    const ping = pingOf(account);
    if (ping === undefined) {
      // The secret can be read, at least; a vendor without a ping is tested by a lookup.
      await vault.readSecrets(account.id);
      terminal.line(t({ zh: '密钥可以读出。', en: 'The secret can be read.' }), t(NO_PING));
      terminal.object({ event: 'test', account: account.id, ok: null, why: t(NO_PING) });
      return EXIT.OK;
    }
    const end = await gateway.ping(account, ping);
    terminal.object({ event: 'test', account: account.id, ...end });
    if (end.ok) {
      await vault.mark(account.id, 'verified');
      terminal.line(
        `${terminal.paint('green', '✓')} ${t({ zh: '测试通过。', en: 'The test passed.' })}`,
        t(ping.proves),
      );
      return EXIT.OK;
    }
    if ('why' in end) {
      terminal.line(`${terminal.paint('yellow', '?')} ${t(end.why)}`);
      return EXIT.SOME_UNKNOWN;
    }
    terminal.line(
      `${terminal.paint('red', '✕')} ${t(end.failure.reading)} ${terminal.paint('grey', end.failure.code)}`,
      t(end.failure.remedy),
    );
    return EXIT.SOME_FAILED;
  });
}

/** `accounts keychain`: the self-test. */
export function tryKeychain(session: Session): Promise<ExitCode> {
  const { terminal, t } = session;
  return withAccounts(session, async ({ keychain }) => {
    const { state, error, passed } = await diagnose(keychain);
    terminal.object({ event: 'keychain', state, passed });
    for (const step of TRY_STEPS) {
      const done = passed.includes(step);
      terminal.line(`${terminal.paint(done ? 'green' : 'red', done ? '✓' : '✕')} ${t(STEP_WORDS[step])}`);
    }
    if (error === null) return EXIT.OK;
    terminal.line(t(error.text.message), t(error.text.remedy));
    return EXIT.SOME_FAILED;
  });
}

const STEP_WORDS: Readonly<Record<TryStep, Bilingual>> = {
  write: { zh: '写入', en: 'write' },
  read: { zh: '读回', en: 'read back' },
  delete: { zh: '删除', en: 'delete' },
};

/** `accounts accept` */
export function acceptSecrets(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation, prompter } = session;
  return withAccounts(session, async ({ vault }) => {
    const account = await vault.find(invocation.arg('ACCOUNT'));
    const sure =
      invocation.flag('yes') ||
      (await prompter.confirm({
        zh: `采用钥匙串里「${account.label}」现在的密钥？只有确实是您自己改的才采用。`,
        en: `Take the secret of "${account.label}" that is in the keychain now? Only if you changed it yourself.`,
      }));
    if (!sure) return EXIT.OK;
    await vault.acceptSecrets(account.id);
    terminal.object({ event: 'accepted', account: account.id });
    terminal.line(t({ zh: `已采用「${account.label}」的密钥。`, en: `The secret of "${account.label}" is taken.` }));
    return EXIT.OK;
  });
}

/** `accounts remove` */
export function removeAccount(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation, prompter } = session;
  return withAccounts(session, async ({ vault }) => {
    const account = await vault.find(invocation.arg('ACCOUNT'));
    const sure =
      invocation.flag('yes') ||
      (await prompter.confirm({
        zh: `删除账号「${account.label}」及其密钥？`,
        en: `Remove "${account.label}" and its secret?`,
      }));
    if (!sure) return EXIT.OK;
    await vault.remove(account.id);
    terminal.object({ event: 'removed', account: account.id });
    terminal.line(t({ zh: `已删除「${account.label}」。`, en: `Removed "${account.label}".` }));
    return EXIT.OK;
  });
}

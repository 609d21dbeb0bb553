import type { Account } from '../../contract/account.ts';
import { appError } from '../../contract/errors.ts';
import { OTHER_SECRET, type AccountServices } from '../../main/services.ts';
import { vendor } from '../../main/vendors/registry.ts';
import { ROTATION_STEPS } from '../credential-commands.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pingOf, secretFields } from './accounts.ts';
import { withAccounts, type Session } from './session.ts';

type Step = (typeof ROTATION_STEPS)[number];

/** Tests the secret that is not in use. */
async function test(session: Session, { vault, gateway }: AccountServices, account: Account): Promise<ExitCode> {
  const { terminal, t } = session;
  const ping = pingOf(account);
  await vault.rotation.readOther(account.id);
  if (ping === undefined) {
    terminal.line(
      t({ zh: '该供应商没有测试调用；密钥可以读出。', en: 'The vendor has no call to test it with; it can be read.' }),
    );
    return EXIT.OK;
  }
  const end = await gateway.ping({ ...account, id: `${account.id}${OTHER_SECRET}` }, ping);
  terminal.object({ event: 'test', account: account.id, ...end });
  if (end.ok) {
    await vault.rotation.noteTested(account.id);
    terminal.line(`${terminal.paint('green', '✓')} ${t({ zh: '测试通过。', en: 'The test passed.' })}`);
    return EXIT.OK;
  }
  const why = 'why' in end ? end.why : end.failure.reading;
  terminal.line(`${terminal.paint('red', '✕')} ${t(why)}`);
  return EXIT.SOME_FAILED;
}

async function change(session: Session, { vault }: AccountServices, account: Account, step: Step): Promise<Account> {
  const { rotation } = vault;
  if (step === 'stage')
    return rotation.stage(account.id, await secretFields(session, vendor(account.vendor), account.relay));
  if (step === 'finish') return rotation.finish(account.id);
  // One that no call can test is the person's own word.
  return rotation.swap(account.id, pingOf(account) === undefined && session.invocation.flag('yes'));
}

/** `accounts rotate` */
export function rotateSecrets(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withAccounts(session, async (services) => {
    const account = await services.vault.find(invocation.arg('ACCOUNT'));
    const step = ROTATION_STEPS.find((one) => one === invocation.text('step'));
    if (step === undefined) {
      throw appError(
        'USAGE',
        { zh: '缺少 --step。', en: '--step is missing.' },
        { zh: `可用的有：${ROTATION_STEPS.join('、')}。`, en: `There are: ${ROTATION_STEPS.join(', ')}.` },
      );
    }
    if (step === 'test') return test(session, services, account);
    const changed = await change(session, services, account, step);
    terminal.object({ event: 'rotation', account: changed.id, stage: changed.rotation?.stage ?? null });
    const words = {
      staged: {
        zh: '新密钥已存，旧的还在用；请测试。',
        en: 'The new secret is kept; the old one is still in use. Test it next.',
      },
      switched: { zh: '正在用新密钥，旧的还留着。', en: 'The new secret is in use; the old one is still kept.' },
      none: { zh: '只剩正在用的密钥。', en: 'Only the secret in use is left.' },
    };
    terminal.line(t(words[changed.rotation?.stage ?? 'none']));
    return EXIT.OK;
  });
}

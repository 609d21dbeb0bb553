import { appError } from '../../contract/errors.ts';
import type { Comparison, SignDeskView } from '../../contract/sign.ts';
import type { Bilingual } from '../../contract/text.ts';
import { looksLikeSign } from '../../main/gateway/sign-compare.ts';
import { signAtDesk } from '../../main/gateway/sign-desk.ts';
import { vendor } from '../../main/vendors/registry.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { wholeText } from '../prompt.ts';
import { tellRequest } from './request.ts';
import { operationOf, withAccounts, type Session } from './session.ts';

/** What was given to compare with. On the command line only a sign: the text that is signed may hold the secret. */
async function pastedOf({ invocation, world }: Session): Promise<string> {
  if (invocation.flag('compare-stdin')) return wholeText(world.stdin);
  const given = invocation.text('compare') ?? '';
  if (given === '' || looksLikeSign(given)) return given;
  throw appError(
    'USAGE',
    {
      zh: '--compare 后面只能写签名（十六进制），签名原文里可能有密钥。',
      en: '--compare takes a sign (hex digits) alone: the text that is signed may hold the secret.',
    },
    { zh: '请用 --compare-stdin 从标准输入读取签名原文。', en: 'Give the text on stdin, with --compare-stdin.' },
  );
}

const TIME_WORDS: Readonly<Record<'expired' | 'typed' | 'unsigned', Bilingual>> = {
  expired: {
    zh: '签名用的是早已过期的时间，截图不能被重放：',
    en: 'Signed with a time that expired long ago, so that a picture of it cannot be replayed:',
  },
  typed: { zh: '签名用的是您给的时间：', en: 'Signed with the time that you gave:' },
  unsigned: { zh: '这个操作不签时间：', en: 'This operation signs no time:' },
};

function tellComparison(session: Session, found: Comparison): void {
  const { terminal, t } = session;
  terminal.line('');
  if (found.same) {
    terminal.line(`${terminal.paint('green', '✓')} ${t({ zh: '完全相同。', en: 'They are the same.' })}`);
    return;
  }
  terminal.line(
    `${terminal.paint('red', '✕')} ${t({
      zh: `第 ${found.at ?? 0} 个字符起不同：`,
      en: `They differ from character ${found.at ?? 0} on:`,
    })}`,
  );
  for (const [name, part] of [
    [{ zh: '控制台', en: 'console' }, found.ours],
    [{ zh: '粘贴的', en: 'pasted' }, found.theirs],
  ] as const) {
    if (part !== null) terminal.line(`  ${t(name)}: …${part.before}→${part.from}  ${part.code ?? ''}`);
  }
  for (const [field, value] of Object.entries(found.settings ?? {})) {
    terminal.line(
      t({
        zh: `把账号的设置 ${field} 改为 ${value}，签名就相同。`,
        en: `With the account's setting ${field} at ${value} the sign is the same.`,
      }),
    );
  }
  if (found.settings === null && found.hint !== null) terminal.line(t(found.hint));
}

function tellProblems({ terminal, t }: Session, problems: SignDeskView['problems']): void {
  for (const { field, message } of problems) terminal.line(`${terminal.paint('red', '✕')} ${field}  ${t(message)}`);
}

/** `accounts sign`: sends nothing. */
export function signDesk(session: Session): Promise<ExitCode> {
  const { invocation, terminal, t } = session;
  return withAccounts(session, async ({ vault, gateway }) => {
    const account = await vault.find(invocation.arg('ACCOUNT'));
    const operation = operationOf(account, invocation.arg('OPERATION'));
    const given = invocation.argPairs();
    const rows = new Set(operation.kind === 'update' ? operation.rowFields.map(({ id }) => id) : []);
    const part = (inRow: boolean): Record<string, string> =>
      Object.fromEntries(Object.entries(given).filter(([id]) => rows.has(id) === inRow));
    const desk = { gateway, secrets: (id: string) => vault.readSecrets(id), vendors: vendor };
    const view = await signAtDesk(desk, account, operation, {
      params: part(false),
      row: part(true),
      time: invocation.text('time') ?? '',
      pasted: await pastedOf(session),
    });
    if (view.request === null || view.time === null) {
      terminal.object({ event: 'problems', problems: view.problems });
      tellProblems(session, view.problems);
      return EXIT.SOME_FAILED;
    }
    tellRequest(session, view.request, TIME_WORDS[view.time.kind]);
    if (view.time.fresh) {
      terminal.note(
        t({
          zh: '注意：这个时间与现在相近，供应商可能接受这个请求，请不要把它给别人。',
          en: 'Note: that time is near to now, so the vendor may take this request. Do not hand it on.',
        }),
      );
    }
    if (view.comparison === null) return EXIT.OK;
    terminal.object({ event: 'comparison', ...view.comparison });
    tellComparison(session, view.comparison);
    return view.comparison.same ? EXIT.OK : EXIT.SOME_FAILED;
  });
}

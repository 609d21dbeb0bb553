import { writeFile } from 'node:fs/promises';
import { AUDIT_WORDS, type AuditEntry } from '../../contract/audit.ts';
import { appError } from '../../contract/errors.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { withAccounts, type Session } from './session.ts';

const MOST = 50;

function whatOf({ t }: Session, { what }: AuditEntry): string {
  const words = (AUDIT_WORDS as Readonly<Record<string, (typeof AUDIT_WORDS)['job.begun'] | undefined>>)[what];
  return words === undefined ? what : t(words);
}

/** `audit list`: the newest first. */
export function listAudit(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withAccounts(session, async ({ audit }) => {
    const { total, entries } = await audit.page(0, invocation.number('most') ?? MOST);
    for (const entry of entries) terminal.object({ event: 'entry', ...entry });
    terminal.table(
      [
        { title: '#', align: 'right' },
        { title: t({ zh: '时间', en: 'when' }) },
        { title: t({ zh: '用户', en: 'user' }) },
        { title: t({ zh: '做了什么', en: 'what' }) },
        { title: t({ zh: '账号', en: 'account' }) },
        { title: t({ zh: '细节', en: 'detail' }) },
      ],
      entries.map((one) => [
        String(one.n),
        new Date(one.at).toLocaleString(terminal.language),
        `${one.user}@${one.host}`,
        whatOf(session, one),
        one.account?.label ?? '',
        Object.entries(one.detail)
          .map(([name, value]) => `${name}=${String(value)}`)
          .join(' '),
      ]),
    );
    terminal.line(t({ zh: `共 ${total} 行。`, en: `${total} lines in all.` }));
    return EXIT.OK;
  });
}

/** `audit verify` */
export function verifyAudit(session: Session): Promise<ExitCode> {
  const { terminal, t } = session;
  return withAccounts(session, async ({ audit }) => {
    const verdict = await audit.verify();
    terminal.object({ event: 'verdict', ...verdict });
    if (verdict.fault === null) {
      terminal.line(
        `${terminal.paint('green', '✓')} ${t({
          zh: `完整：${verdict.entries} 行，没有一行被改动、删除或插入。`,
          en: `Sound: ${verdict.entries} lines, none of them altered, removed or inserted.`,
        })}`,
      );
      if (verdict.head !== '') terminal.line(t({ zh: `末尾：${verdict.head}`, en: `End: ${verdict.head}` }));
      return EXIT.OK;
    }
    terminal.line(`${terminal.paint('red', '✕')} ${t(verdict.fault.message)}`);
    return EXIT.SOME_FAILED;
  });
}

/** `audit export` */
export function exportAudit(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withAccounts(session, async ({ audit }) => {
    const path = invocation.arg('FILE');
    await audit.note({ what: 'trail.exported' });
    const text = await audit.text();
    try {
      await writeFile(path, text, { mode: 0o600, flag: invocation.flag('force') ? 'w' : 'wx' });
    } catch (cause) {
      throw appError(
        'EXPORT_EXISTS',
        { zh: `文件已存在，或无法写入：${path}`, en: `The file exists already, or cannot be written: ${path}` },
        { zh: '换一个名字，或加 --force 覆盖。', en: 'Choose another name, or replace it with --force.' },
        { cause },
      );
    }
    terminal.object({ event: 'exported', file: path });
    terminal.line(t({ zh: `已写入：${path}`, en: `Written: ${path}` }));
    return EXIT.OK;
  });
}

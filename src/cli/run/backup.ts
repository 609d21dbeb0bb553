import { existsSync } from 'node:fs';
import { appError } from '../../contract/errors.ts';
import type { BackupItem } from '../../contract/backup.ts';
import type { Bilingual } from '../../contract/text.ts';
import { BackupDesk, makeBackup } from '../../main/backup/backup.ts';
import { vendor } from '../../main/vendors/registry.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { wholeText } from '../prompt.ts';
import { withAccounts, type Session } from './session.ts';

/** The passphrase, from the hidden prompt or from stdin; a new one is asked for twice. */
async function passphraseOf({ invocation, prompter, world }: Session, isNew: boolean): Promise<string> {
  if (invocation.flag('passphrase-stdin')) return (await wholeText(world.stdin)).replace(/\r?\n$/u, '');
  const typed = await prompter.secret({ zh: '口令', en: 'Passphrase' });
  if (!isNew) return typed;
  const again = await prompter.secret({ zh: '再输一次口令', en: 'The passphrase once more' });
  if (again === typed) return typed;
  throw appError(
    'USAGE',
    { zh: '两次输入的口令不同。', en: 'The two passphrases differ.' },
    { zh: '请重新运行。', en: 'Run it again.' },
  );
}

/** `backup make` */
export function makeBackupFile(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation } = session;
  return withAccounts(session, async ({ vault, audit }) => {
    const path = invocation.arg('FILE');
    if (existsSync(path) && !invocation.flag('force')) {
      throw appError(
        'EXPORT_EXISTS',
        { zh: `文件已存在：${path}`, en: `The file exists already: ${path}` },
        { zh: '换一个名字，或加 --force 覆盖。', en: 'Choose another name, or replace it with --force.' },
      );
    }
    const made = await makeBackup(vault, path, await passphraseOf(session, true));
    await audit.note({ what: 'backup.made', detail: { accounts: made.accounts, leftOut: made.leftOut.length } });
    terminal.object({ event: 'backup', file: path, ...made });
    terminal.line(
      t({
        zh: `已把 ${made.accounts} 个账号备份到 ${path}。`,
        en: `${made.accounts} accounts are backed up in ${path}.`,
      }),
    );
    for (const { label, why } of made.leftOut) terminal.line(`${terminal.paint('yellow', '!')} ${label}  ${t(why)}`);
    return made.leftOut.length === 0 ? EXIT.OK : EXIT.SOME_FAILED;
  });
}

const STATES: Readonly<Record<BackupItem['state'], Bilingual>> = {
  new: { zh: '这里没有', en: 'new' },
  same: { zh: '相同', en: 'same' },
  different: { zh: '不同', en: 'different' },
};

function tellItems({ terminal, t }: Session, items: readonly BackupItem[]): void {
  for (const item of items) terminal.object({ event: 'item', ...item });
  terminal.table(
    [
      { title: 'id' },
      { title: t({ zh: '名称', en: 'label' }) },
      { title: t({ zh: '供应商', en: 'vendor' }) },
      { title: t({ zh: '与这里相比', en: 'compared' }) },
      { title: t({ zh: '不同之处', en: 'differs in' }) },
    ],
    items.map((one) => [one.id, one.label, t(vendor(one.vendor).names), t(STATES[one.state]), one.differs.join(', ')]),
  );
}

/** `backup restore`: shows what is in it, and puts back what `--take` says. */
export function restoreBackupFile(session: Session): Promise<ExitCode> {
  const { terminal, t, invocation, prompter } = session;
  return withAccounts(session, async ({ vault, audit }) => {
    const desk = new BackupDesk();
    const opened = await desk.open(vault, invocation.arg('FILE'), await passphraseOf(session, false));
    try {
      tellItems(session, opened.items);
      const take = invocation.text('take') ?? 'nothing';
      const wanted = opened.items.filter(({ state }) => state === 'new' || (take === 'all' && state === 'different'));
      if (take === 'nothing' || wanted.length === 0) return EXIT.OK;
      const overwritten = wanted.filter(({ state }) => state === 'different').length;
      const sure =
        overwritten === 0 ||
        invocation.flag('yes') ||
        (await prompter.confirm({
          zh: `${overwritten} 个现有的账号及其密钥会被覆盖，继续吗？`,
          en: `Replace ${overwritten} accounts and their secrets that are here?`,
        }));
      if (!sure) return EXIT.OK;
      const restored = await desk.restore(
        vault,
        opened.restoreId,
        wanted.map(({ id }) => id),
      );
      await audit.note({ what: 'backup.restored', detail: { accounts: restored } });
      terminal.object({ event: 'restored', accounts: restored });
      terminal.line(t({ zh: `已恢复 ${restored} 个账号。`, en: `${restored} accounts are restored.` }));
      return EXIT.OK;
    } finally {
      desk.close();
    }
  });
}

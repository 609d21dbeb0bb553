import type { Account } from '../../contract/account.ts';
import { appError, type AppError } from '../../contract/errors.ts';
import { vendor } from '../vendors/registry.ts';
import type { Operation } from '../vendors/types.ts';

/** WRITER_BUSY: another process of the console writes this data, and this one only looks on. */
export function onlyReading(): AppError {
  return appError(
    'WRITER_BUSY',
    {
      zh: '另一个窗口或命令正在使用这些数据，这里暂时只能查看。',
      en: 'Another window or command of this console is writing this data, so this one can only look.',
    },
    {
      zh: '请等它结束，或先关闭它，然后重试；查看、查询和导出不受影响。',
      en: 'Wait for it to end or close it, then try again; looking, looking up and exporting still work.',
    },
  );
}

/** JOB_BUSY: jobs are at work and would be torn from it. */
export function stillWorking(): AppError {
  return appError(
    'JOB_BUSY',
    { zh: '还有任务在运行、查证或读入。', en: 'A job is still running, being verified or being read in.' },
    { zh: '请先暂停它，或等它结束。', en: 'Pause it first, or wait for it to end.' },
  );
}

/** JOB_BUSY: a job of the account is running. */
export function accountAtWork(label: string): AppError {
  return appError(
    'JOB_BUSY',
    { zh: `账号「${label}」有任务正在运行。`, en: `A job of account "${label}" is running.` },
    { zh: '请先暂停那个任务，再删除账号。', en: 'Pause that job first, then remove the account.' },
    { data: { account: label } },
  );
}

/** JOB_STATE: the job is at work already. */
export function jobAtWork(jobId: number): AppError {
  return appError(
    'JOB_STATE',
    { zh: `任务 ${jobId} 正在运行或查证。`, en: `Job ${jobId} is running or being verified.` },
    { zh: '请先暂停它，或等它结束。', en: 'Pause it first, or wait for it to end.' },
    { data: { job: jobId } },
  );
}

/** VAULT_TWINS_ONLY: the practice workspace's accounts are the twins' own. */
function practiceAccounts(): AppError {
  return appError(
    'VAULT_TWINS_ONLY',
    {
      zh: '练习区里的账号属于内置的模拟供应商，不能添加、修改或删除。',
      en: "The practice workspace's accounts belong to the built-in vendor twins; none can be added, changed or removed.",
    },
    {
      zh: '请切换到正式工作区，再管理自己的账号。',
      en: 'Switch to the real workspace to manage accounts of your own.',
    },
  );
}

/** The workspace, where accounts may be changed in it; VAULT_TWINS_ONLY in practice. */
export function changeable<W extends { readonly name: string }>(workspace: W): W {
  if (workspace.name === 'practice') throw practiceAccounts();
  return workspace;
}

/** FILE_GONE: no file of this id is known, or it is not there any more. */
export function fileGone(): AppError {
  return appError(
    'FILE_GONE',
    { zh: '这个文件已经不在，或不是在这里选择的。', en: 'The file is not there any more, or was not chosen here.' },
    { zh: '请重新选择文件。', en: 'Choose the file again.' },
  );
}

/** The account's operation of this name; USAGE when its vendor has none. */
export function operationNamed(account: Account, id: string): Operation {
  const found = vendor(account.vendor).operations.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw noSuchOperation(account);
}

/** The account's operation of this kind; USAGE when there is none of that name. */
export function operationFor<K extends Operation['kind']>(
  account: Account,
  id: string,
  kind: K,
): Extract<Operation, { kind: K }> {
  const found = operationNamed(account, id);
  if (found.kind === kind) return found as Extract<Operation, { kind: K }>;
  throw noSuchOperation(account);
}

function noSuchOperation(account: Account): AppError {
  return appError(
    'USAGE',
    {
      zh: `账号「${account.label}」的供应商没有这个操作。`,
      en: `The vendor of account "${account.label}" has no such operation.`,
    },
    { zh: '请重新选择账号和操作。', en: 'Choose the account and the operation again.' },
    { data: { account: account.id } },
  );
}

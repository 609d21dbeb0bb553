import type { FileFilter, MessageBoxOptions } from 'electron';
import { AppError } from '../../contract/errors.ts';
import { say } from '../../contract/text.ts';
import type { Bilingual, Language } from '../../contract/text.ts';

/** A question with two answers. The safe one has the focus, and is what Esc and the closing box mean. */
export interface Question {
  readonly message: Bilingual;
  readonly detail: Bilingual;
  /** The button that leaves all as it is. */
  readonly safe: Bilingual;
  readonly act: Bilingual;
}

const many = (count: number, one: string, more: string): string => (count === 1 ? one : `${count} ${more}`);

/** Before quitting while jobs run. */
export function quitQuestion(jobs: number): Question {
  return {
    message: {
      zh: `有 ${jobs} 个任务正在运行，要暂停并退出吗？`,
      en: `${many(jobs, 'A job is', 'jobs are')} running. Pause and quit?`,
    },
    detail: {
      zh: '已发出的请求会先等到答复，其余的行保持“未发送”。下次启动后可在“任务”中继续。',
      en: 'Calls already sent are waited for; the other rows stay “not sent”. After the next start you can continue under Jobs.',
    },
    safe: { zh: '继续运行', en: 'Keep running' },
    act: { zh: `暂停 ${jobs} 个任务并退出`, en: `Pause ${many(jobs, 'the job', 'jobs')} and quit` },
  };
}

/** When pausing takes long, as a vendor has not answered yet. */
export function lateQuestion(seconds: number): Question {
  return {
    message: {
      zh: `${seconds} 秒后仍有已发出的请求没有答复。`,
      en: `Calls already sent are still without an answer after ${seconds} s.`,
    },
    detail: {
      zh: '若现在退出，这些行会记为“未知”，不会自动重发；下次启动后可以核对结果。',
      en: 'If you quit now, their rows count as “unknown” and are not sent again by themselves; they can be verified after the next start.',
    },
    safe: { zh: '继续等待', en: 'Keep waiting' },
    act: { zh: '不等答复，退出', en: 'Quit without the answers' },
  };
}

/** When the jobs could not be paused. */
export const PAUSE_FAILED: Question = {
  message: { zh: '任务无法暂停。', en: 'The jobs could not be paused.' },
  detail: {
    zh: '若现在退出，正在发送的行会记为“未知”，不会自动重发；下次启动后可以核对结果。',
    en: 'If you quit now, rows that are being sent count as “unknown” and are not sent again by themselves; they can be verified after the next start.',
  },
  safe: { zh: '不退出', en: 'Stay' },
  act: { zh: '仍然退出', en: 'Quit all the same' },
};

/** When the window's page ended for the second time within a short while. */
export const WINDOW_GONE: Question = {
  message: { zh: '窗口内容一再意外中断。', en: 'The window keeps ending unexpectedly.' },
  detail: {
    zh: '正在运行的任务不受影响，仍在继续。可以重新载入窗口；若再次发生，请退出后重新启动。',
    en: 'Running jobs are not affected and go on. You can load the window again; if it happens once more, quit and start again.',
  },
  safe: { zh: '重新载入窗口', en: 'Reload the window' },
  act: { zh: '退出', en: 'Quit' },
};

/** When the page does not answer. */
export const WINDOW_STUCK: Question = {
  message: { zh: '窗口没有响应。', en: 'The window does not respond.' },
  detail: {
    zh: '正在运行的任务不受影响。可以继续等待，或重新载入窗口；重新载入会丢失尚未保存的输入。',
    en: 'Running jobs are not affected. You can wait, or reload the window; reloading loses what was typed and not saved.',
  },
  safe: { zh: '继续等待', en: 'Keep waiting' },
  act: { zh: '重新载入窗口', en: 'Reload the window' },
};

/** A question as a native message box; button 1 acts. */
export function questionBox(question: Question, language: Language, title: string): MessageBoxOptions {
  return {
    type: 'warning',
    title,
    message: say(question.message, language),
    detail: say(question.detail, language),
    buttons: [say(question.safe, language), say(question.act, language)],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}

/** Why the console cannot start: what is wrong and what to do. */
export function failureText(error: unknown, language: Language): string {
  if (error instanceof AppError) return `${say(error.text.message, language)}\n${say(error.text.remedy, language)}`;
  const own = error instanceof Error ? error.message : String(error);
  return say(
    {
      zh: `控制台无法启动：${own}\n请检查数据文件夹是否存在、可写，然后重试。`,
      en: `The console cannot start: ${own}\nCheck that its data folder is there and can be written to, then try again.`,
    },
    language,
  );
}

/** Kinds of files that are saved, by their extension. */
const OUTPUTS: Readonly<Record<string, Bilingual>> = {
  csv: { zh: 'CSV 表格', en: 'CSV table' },
  xlsx: { zh: 'Excel 工作簿', en: 'Excel workbook' },
  html: { zh: '网页', en: 'Web page' },
  ocbackup: { zh: '控制台备份', en: 'Console backup' },
  jsonl: { zh: '审计记录', en: 'Audit trail' },
};
const TABLES: Bilingual = { zh: '表格（CSV、XLSX）', en: 'Tables (CSV, XLSX)' };

/** Which files may be opened as an input; one of an old or wrong kind is told what it is when it is read. */
export const inputFilters = (language: Language): FileFilter[] => [
  { name: say(TABLES, language), extensions: ['csv', 'xlsx', 'xlsm', 'xls', 'tsv', 'txt'] },
];

/** Which files may be opened as a backup. */
export const backupFilters = (language: Language): FileFilter[] => [
  { name: say(OUTPUTS['ocbackup'] ?? TABLES, language), extensions: ['ocbackup'] },
];

/** The extension that says what kind of file a name is of: CSV when it says nothing. */
function outputKind(name: string): string {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(OUTPUTS, extension) ? extension : 'csv';
}

/** What the dialog offers for a file of the proposed name's kind. */
export const outputFilters = (language: Language, name: string): FileFilter[] => {
  const kind = outputKind(name);
  return [{ name: say(OUTPUTS[kind] ?? TABLES, language), extensions: [kind] }];
};

export const DIALOG_TITLES = {
  open: { zh: '打开表格', en: 'Open a table' },
  openBackup: { zh: '打开备份', en: 'Open a backup' },
  save: { zh: '保存文件', en: 'Save the file' },
} as const satisfies Record<string, Bilingual>;

/** The path with the proposed name's extension at its end, which not every system's dialog adds by itself. */
export function withKind(file: string, name: string): string {
  const kind = outputKind(name);
  return file.toLowerCase().endsWith(`.${kind}`) ? file : `${file}.${kind}`;
}

import { describe, expect, it } from 'vitest';
import { appError } from '../../../src/contract/errors.ts';
import {
  failureText,
  inputFilters,
  lateQuestion,
  outputFilters,
  PAUSE_FAILED,
  questionBox,
  quitQuestion,
  WINDOW_GONE,
  WINDOW_STUCK,
  withKind,
} from '../../../src/main/shell/dialog-words.ts';

const questions = [quitQuestion(1), quitQuestion(3), lateQuestion(10), PAUSE_FAILED, WINDOW_GONE, WINDOW_STUCK];

describe('questions', () => {
  it.each(questions)('$message.en: the safe button has the focus and is what closing means', (question) => {
    const box = questionBox(question, 'en', 'Order Console');
    expect(box).toMatchObject({
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      buttons: [question.safe.en, question.act.en],
    });
    expect(questionBox(question, 'zh-CN', 'x').buttons).toEqual([question.safe.zh, question.act.zh]);
  });

  it.each(questions)('$message.en: is said in both languages', (question) => {
    for (const { zh, en } of [question.message, question.detail, question.safe, question.act]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(zh).not.toMatch(/[,.?!;]/);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
  });

  it('counts the jobs', () => {
    expect(quitQuestion(1).message.en).toBe('A job is running. Pause and quit?');
    expect(quitQuestion(1).act.en).toBe('Pause the job and quit');
    expect(quitQuestion(3).message.en).toBe('3 jobs are running. Pause and quit?');
    expect(quitQuestion(3).act).toEqual({ zh: '暂停 3 个任务并退出', en: 'Pause 3 jobs and quit' });
  });
});

describe('files', () => {
  it('opens tables alone, those of an old kind too: they are told what to do', () => {
    const extensions = ['csv', 'xlsx', 'xlsm', 'xls', 'tsv', 'txt'];
    expect(inputFilters('en').flatMap((one) => one.extensions)).toEqual(extensions);
  });

  it.each([
    ['a.csv', 'CSV 表格', 'csv'],
    ['a.xlsx', 'Excel 工作簿', 'xlsx'],
    ['a.html', '网页', 'html'],
    ['a.exe', 'CSV 表格', 'csv'],
  ])('%s is saved as one of its kind', (proposed, words, extension) => {
    expect(outputFilters('zh-CN', proposed)).toEqual([{ name: words, extensions: [extension] }]);
  });

  it.each([
    ['/a/b.csv', 'x.csv', '/a/b.csv'],
    ['/a/b.CSV', 'x.csv', '/a/b.CSV'],
    ['/a/b', 'x.csv', '/a/b.csv'],
    ['/a/b.txt', 'x.csv', '/a/b.txt.csv'],
    ['/a.csv/b', 'x.csv', '/a.csv/b.csv'],
    ['/a/b', 'x.xlsx', '/a/b.xlsx'],
    ['/a/b.csv', 'x.xlsx', '/a/b.csv.xlsx'],
  ])('saves %s, proposed as %s, as %s', (file, proposed, saved) => {
    expect(withKind(file, proposed)).toBe(saved);
  });
});

describe('failureText', () => {
  it('says an error of ours in the language, and what to do', () => {
    const error = appError(
      'DISK_FULL',
      { zh: '磁盘满了。', en: 'The disk is full.' },
      { zh: '请清理。', en: 'Free some.' },
    );
    expect(failureText(error, 'en')).toBe('The disk is full.\nFree some.');
    expect(failureText(error, 'zh-CN')).toBe('磁盘满了。\n请清理。');
  });

  it('says another error by its message, without a stack', () => {
    const error = new Error("EACCES: permission denied, mkdir '/data'");
    for (const language of ['en', 'zh-CN'] as const) {
      const text = failureText(error, language);
      expect(text).toContain("EACCES: permission denied, mkdir '/data'");
      expect(text).not.toMatch(/\n\s+at /);
      expect(text.split('\n')).toHaveLength(2);
    }
    expect(failureText('gone', 'en')).toMatch(/^The console cannot start: gone\n/);
  });
});

import { describe, expect, it } from 'vitest';
import {
  inputFilters,
  lateQuestion,
  outputFilters,
  PAUSE_FAILED,
  questionBox,
  quitQuestion,
  WINDOW_GONE,
  WINDOW_STUCK,
  withCsv,
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
  it('opens CSV and XLSX alone, saves CSV', () => {
    expect(inputFilters('en').flatMap(({ extensions }) => extensions)).toEqual(['csv', 'xlsx']);
    expect(outputFilters('zh-CN')).toEqual([{ name: 'CSV 表格', extensions: ['csv'] }]);
  });

  it.each([
    ['/a/b.csv', '/a/b.csv'],
    ['/a/b.CSV', '/a/b.CSV'],
    ['/a/b', '/a/b.csv'],
    ['/a/b.txt', '/a/b.txt.csv'],
    ['/a.csv/b', '/a.csv/b.csv'],
  ])('saves %s as %s', (file, saved) => {
    expect(withCsv(file)).toBe(saved);
  });
});

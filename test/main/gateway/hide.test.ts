import { describe, expect, it } from 'vitest';
import { hideInReading } from '../../../src/main/gateway/hide.ts';

const hide = (text: string): string => text.replaceAll('s3cret', '•••');
const both = (text: string) => ({ zh: `中 ${text}`, en: text });
const failure = (word: string) => ({
  code: `E ${word}`,
  message: `bad key ${word}`,
  class: 'vendor' as const,
  reading: both(`words: ${word}`),
  remedy: both(`ask about ${word}`),
  requestId: `id-${word}`,
});

describe('the vendor’s words in a reading', () => {
  it('lose every secret, in a rejection and in a failure of a whole call', () => {
    for (const kind of ['rejected', 'batch_failed', 'failed']) {
      expect(hideInReading({ kind, failure: failure('s3cret'), retryAfterMs: 5 }, hide)).toEqual({
        kind,
        failure: failure('•••'),
        retryAfterMs: 5,
      });
    }
    expect(hideInReading({ kind: 'unreadable', why: both('s3cret') }, hide)).toEqual({
      kind: 'unreadable',
      why: both('•••'),
    });
  });

  it('lose it in every row of an answer, and the rest stays as it is', () => {
    const rows = (word: string) => [
      { outcome: 'succeeded', note: both(word) },
      { outcome: 'failed', failure: failure(word) },
      { outcome: 'unknown', why: both(word), failure: failure(word) },
      { outcome: 'succeeded' },
    ];
    const answer = (word: string) => ({ kind: 'answered', rows: rows(word), requestId: `r-${word}` });
    expect(hideInReading(answer('s3cret'), hide)).toEqual(answer('•••'));
    expect(hideInReading(answer('nothing'), hide)).toEqual(answer('nothing'));
  });

  it.each([
    ['a failure', { outcome: 'failed', failure: failure('s3cret') }, { outcome: 'failed', failure: failure('•••') }],
    ['a reason', { outcome: 'unknown', why: both('s3cret') }, { outcome: 'unknown', why: both('•••') }],
    ['a note', { outcome: 'succeeded', note: both('s3cret') }, { outcome: 'succeeded', note: both('•••') }],
    ['a number', { outcome: 'succeeded', requestId: 's3cret' }, { outcome: 'succeeded', requestId: '•••' }],
  ])('lose it where one row alone has %s', (_name, row, hidden) => {
    expect(hideInReading({ kind: 'answered', rows: [{ outcome: 'succeeded' }, row] }, hide)).toEqual({
      kind: 'answered',
      rows: [{ outcome: 'succeeded' }, hidden],
    });
  });

  it('are not looked for where there are none', () => {
    const silent = { kind: 'answered', rows: [{ outcome: 'succeeded' }] };
    expect(hideInReading(silent, hide)).toBe(silent);
    expect(hideInReading({ ...silent, requestId: 'id-s3cret' }, hide)).toEqual({ ...silent, requestId: 'id-•••' });
  });

  it('are changed once for the rows that share them', () => {
    const texts: string[] = [];
    const why = both('silent');
    const rows = Array.from({ length: 1_000 }, () => ({ outcome: 'unknown', why }));
    hideInReading({ kind: 'answered', rows }, (text) => {
      texts.push(text);
      return text;
    });
    expect(texts).toEqual(['中 silent', 'silent']);
  });

  it('do not include what a lookup read', () => {
    const page = { kind: 'page', rows: [{ values: { note: 's3cret' } }], next: null, requestId: 's3cret' };
    expect(hideInReading(page, hide)).toEqual({ ...page, requestId: '•••' });
  });
});

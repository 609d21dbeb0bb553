import { describe, expect, it } from 'vitest';
import { escapeHtml, Html, html } from '../../../../src/main/jobs/export/html.ts';

describe('escapeHtml', () => {
  it.each([
    ['<b a="1" c=\'2\'>&amp;', '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;'],
    ['a\tb\nc\rd 中 😀', 'a\tb\nc\rd 中 😀'],
    ['\u0000\u0008\u000b\u001f\u007f\u0085\u009f', '\uFFFD'.repeat(7)],
    ['\ud800a\udc00', '\uFFFDa\uFFFD'],
    ['\ufffe\uffff', '\uFFFD\uFFFD'],
    ['\u200e\u200f\u202a\u202e\u2066\u2069', '\uFFFD'.repeat(6)],
    ['\u200d\u2029\u202f\u2065\u206a', '\u200d\u2029\u202f\u2065\u206a'],
  ])('%j is %j', (text, safe) => {
    expect(escapeHtml(text)).toBe(safe);
  });
});

describe('html', () => {
  it('escapes every value but what is HTML already, and takes lists of them', () => {
    const inner = html`<i>${'<'}</i>`;
    const made = html`<p>${inner}|${'&'}|${0}|${1.5}|${null}|${[inner, '>', [2, null]]}</p>`;
    expect(made).toBeInstanceOf(Html);
    expect(made.text).toBe('<p><i>&lt;</i>|&amp;|0|1.5||<i>&lt;</i>&gt;2</p>');
    expect(html`plain`.text).toBe('plain');
    expect(html`${'a'}${'b'}`.text).toBe('ab');
  });
});

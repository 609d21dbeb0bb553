import type { Bilingual } from './text.ts';

/**
 * A text with placeholders: `{header}` stands for a row's cell in the column of that name, `{{` and `}}` for the braces themselves. Intake fills it in
 * for each row, and a screen for the first few, so that both agree.
 */
export interface Template {
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'column'; readonly name: string };

/** What is wrong with a template, or with one row's cells for it. */
export interface TemplateFault {
  readonly code:
    'template.braces' | 'template.empty_name' | 'template.column' | 'template.ambiguous' | 'template.empty';
  readonly message: Bilingual;
}

export type Parsed =
  { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly fault: TemplateFault };

const LONE_OPEN: Bilingual = {
  zh: '“{”没有对应的“}”；要写花括号本身，请写两个：{{',
  en: 'a "{" has no "}" to it; write a brace itself twice: {{',
};
const LONE_CLOSE: Bilingual = {
  zh: '“}”前面没有“{”；要写花括号本身，请写两个：}}',
  en: 'a "}" has no "{" before it; write a brace itself twice: }}',
};
const NO_NAME: Bilingual = { zh: '“{}”里没有列名', en: '"{}" names no column' };

/** Reads a template. A brace that is not doubled and has no partner, or one inside a name, is a fault: a guess would be sent. */
export function parseTemplate(text: string): Parsed {
  const parts: TemplatePart[] = [];
  let plain = '';
  const fault = (code: TemplateFault['code'], message: Bilingual): Parsed => ({ ok: false, fault: { code, message } });
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign !== '{' && sign !== '}') plain += sign;
    else if (text.charAt(at + 1) === sign) {
      plain += sign;
      at += 1;
    } else if (sign === '}') return fault('template.braces', LONE_CLOSE);
    else {
      const end = text.indexOf('}', at);
      const name = end < 0 ? '' : text.slice(at + 1, end);
      if (end < 0 || name.includes('{')) return fault('template.braces', LONE_OPEN);
      if (name.trim() === '') return fault('template.empty_name', NO_NAME);
      if (plain !== '') parts.push({ kind: 'text', text: plain });
      plain = '';
      parts.push({ kind: 'column', name: name.trim() });
      at = end;
    }
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return { ok: true, template: { parts } };
}

/** A template's text again: braces doubled, names in braces. */
export function templateText({ parts }: Template): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text.replaceAll(/[{}]/g, '$&$&') : `{${part.name}}`))
    .join('');
}

/** A header name for comparing: without case and spaces, full-width signs as ordinary ones. */
function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}]/gu, '');
}

/** A template whose placeholders are columns of one input, by their 0-based places. */
export interface BoundTemplate {
  readonly parts: readonly (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'column'; readonly name: string; readonly column: number }
  )[];
}

export type Bound =
  { readonly ok: true; readonly bound: BoundTemplate } | { readonly ok: false; readonly fault: TemplateFault };

/** Finds each placeholder's column by its name: the very name first, else the same but for case and spaces. Without a header there is none. */
export function bindTemplate({ parts }: Template, header: readonly string[] | null): Bound {
  const names = header ?? [];
  const bound: BoundTemplate['parts'][number][] = [];
  for (const part of parts) {
    if (part.kind === 'text') {
      bound.push(part);
      continue;
    }
    const { name } = part;
    const exact = names.flatMap((one, at) => (one.trim() === name ? [at] : []));
    const like = names.flatMap((one, at) => (nameKey(one) === nameKey(name) ? [at] : []));
    const columns = exact.length > 0 ? exact : like;
    const [column, ...more] = columns;
    if (column === undefined) {
      const message = {
        zh: `没有名为“${name}”的列，{${name}} 无法填写`,
        en: `no column is named "${name}", so {${name}} cannot be filled in`,
      };
      return { ok: false, fault: { code: 'template.column', message } };
    }
    if (more.length > 0) {
      const message = {
        zh: `有 ${columns.length} 列都叫“${name}”，不知道 {${name}} 是哪一列`,
        en: `${columns.length} columns are named "${name}", so {${name}} could be any of them`,
      };
      return { ok: false, fault: { code: 'template.ambiguous', message } };
    }
    bound.push({ kind: 'column', name, column });
  }
  return { ok: true, bound: { parts: bound } };
}

export type Filled =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: TemplateFault; readonly column: number };

/** Fills in one row's cells, spaces around them taken off. A row with an empty cell is never filled in by halves. */
export function fillTemplate({ parts }: BoundTemplate, cellOf: (column: number) => string): Filled {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'text') {
      text += part.text;
      continue;
    }
    const cell = cellOf(part.column).trim();
    if (cell === '') {
      const message = { zh: `{${part.name}} 的单元格是空的`, en: `the cell for {${part.name}} is empty` };
      return { ok: false, fault: { code: 'template.empty', message }, column: part.column };
    }
    text += cell;
  }
  return { ok: true, text };
}

/** A piece of HTML, safe to stand in a document. Made by `html` alone. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML, in an element or a quoted attribute. Controls, which a document can't hold or would hide, become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/gu, (sign) => ESCAPES[sign] ?? sign)
    .replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}

function written(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'string' || typeof part === 'number' ? escapeHtml(String(part)) : part.map(written).join('');
}

/** A template whose every value is escaped, but what is HTML already. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.reduce((all, text, index) => all + written(parts[index - 1] ?? null) + text));
}

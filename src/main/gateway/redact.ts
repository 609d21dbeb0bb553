/** What stands in the place of something hidden. It needs no escape in JSON, a URL, XML or CSV. */
export const MASK = '•••';

/** Hides secrets by their value, in whatever usual writing they come. */
export interface Redactor {
  /** Remembers a secret. Adding it twice changes nothing. */
  add(secret: string): void;
  /** The text with every known secret, in every writing below, replaced by `•••`. Linear in the text's length. */
  redact(text: string): string;
}

/** A shorter secret ("kva") is hidden only where it stands by itself, or words and numbers would be torn apart. */
const ALONE_BELOW = 4;
/** The shortest piece of base64 that is told from chance. */
const CORE_MIN = 4;

const hex4 = (code: number): string => code.toString(16).padStart(4, '0');
const percent = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const lowerEscapes = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

function* textForms(text: string): Generator<string> {
  yield text;
  const json = JSON.stringify(text).slice(1, -1);
  yield json;
  yield json.replaceAll('/', '\\/');
  // JSON inside JSON.
  yield JSON.stringify(json).slice(1, -1);
  for (const write of [hex4, (code: number) => hex4(code).toUpperCase()]) {
    yield json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${write(unit.charCodeAt(0))}`);
  }
  yield text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
  yield text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replace(/[!'()*]/g, (mark) => percent(Buffer.from(mark)).toUpperCase());
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const path = encodeURI(text.toWellFormed());
  for (const encoded of [
    component,
    strict,
    form,
    component.replaceAll('%20', '+'),
    path,
    encodeURIComponent(component),
  ]) {
    yield encoded;
    yield lowerEscapes(encoded);
  }
}

/** The characters of base64 that depend on these bytes alone, for the three ways they can lie in a longer text. */
function* base64Cores(bytes: Uint8Array): Generator<string> {
  for (let lead = 0; lead < 3; lead++) {
    const text = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64');
    const from = Math.ceil((lead * 8) / 6);
    const to = Math.floor(((lead + bytes.length) * 8) / 6);
    const core = text.slice(from, to);
    if (core.length < CORE_MIN) continue;
    yield core;
    yield core.replaceAll('+', '-').replaceAll('/', '_');
    yield core.replaceAll('/', '\\/');
    yield encodeURIComponent(core);
    yield lowerEscapes(encodeURIComponent(core));
  }
}

function* byteForms(bytes: Uint8Array): Generator<string> {
  const hex = Buffer.from(bytes).toString('hex');
  const spaced = hex.replace(/..(?=.)/g, '$& ');
  for (const text of [hex, spaced, hex.replace(/..(?=.)/g, '$&:'), percent(bytes)]) {
    yield text;
    yield text.toUpperCase();
  }
  yield [...bytes].join(',');
  yield [...bytes].join(', ');
  yield* base64Cores(bytes);
}

/** Every usual writing of a secret. */
function formsOf(secret: string): Set<string> {
  const utf8 = Buffer.from(secret, 'utf8');
  const little = Buffer.from(secret, 'utf16le');
  const big = Buffer.from(little).swap16();
  const forms = new Set<string>(textForms(secret));
  for (const bytes of [utf8, little, big]) for (const form of byteForms(bytes)) forms.add(form);
  // Bytes read as if they were Latin-1: UTF-16 shows as text with NULs between, which JSON writes as \u0000. The outer NUL may belong to a
  // neighbour, so it is left off.
  for (const bytes of [utf8, little, big]) {
    const read = bytes.toString('latin1').replace(/^\0+|\0+$/g, '');
    for (const text of [read, read.replaceAll('\0', ' ')]) {
      forms.add(text);
      forms.add(JSON.stringify(text).slice(1, -1));
    }
  }
  return forms;
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A redactor without secrets. Secrets of one to three characters are hidden only between marks or ends; empty ones not at all. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  let pattern: RegExp | null = null;

  const build = (): RegExp => {
    const forms = new Set<string>();
    const alone: string[] = [];
    for (const secret of secrets) {
      if (secret.length < ALONE_BELOW) alone.push(secret);
      else for (const form of formsOf(secret)) forms.add(form);
    }
    // The longest first: no shorter form may tear a longer one apart and leave its rest.
    const parts = [...forms].sort((a, b) => b.length - a.length).map(escapeRegExp);
    for (const secret of alone) parts.push(`(?<![A-Za-z0-9])${escapeRegExp(secret)}(?![A-Za-z0-9])`);
    return new RegExp(parts.join('|'), 'g');
  };

  return {
    add(secret) {
      if (secret === '' || secrets.has(secret)) return;
      secrets.add(secret);
      pattern = null;
    },
    redact(text) {
      if (secrets.size === 0) return text;
      pattern ??= build();
      return text.replace(pattern, MASK);
    },
  };
}

/** A mainland mobile number, with or without +86, not inside a longer number (an order's), also right behind a %-escape. */
const PHONE = /(?<=^|\D|%[0-9A-Fa-f]{2})(?:\+?86[ -]?)?1[3-9]\d{9}(?!\d)/g;

/** The text with customers' mobile numbers replaced by `•••`. */
export function redactPhones(text: string): string {
  return text.replace(PHONE, MASK);
}

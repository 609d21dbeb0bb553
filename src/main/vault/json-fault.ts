/** A place in a text: line and column from 1, the column in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

// eslint-disable-next-line no-control-regex -- JSON forbids control characters inside a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const SPACE = /[ \t\n\r]*/uy;

/**
 * Where a text stops being JSON; null when it is JSON. `JSON.parse` names no place in most of its messages, and quotes the text in them.
 */
export function jsonFault(text: string): Place | null {
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    const matched = token.test(text);
    if (matched) at = token.lastIndex;
    return matched;
  };
  const mark = (character: string): boolean => {
    take(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const list = (close: string, item: () => boolean): boolean => {
    if (mark(close)) return true;
    do {
      if (!item()) return false;
    } while (mark(','));
    return mark(close);
  };
  const member = (): boolean => {
    take(SPACE);
    return take(STRING) && mark(':') && value();
  };
  const value = (): boolean => {
    take(SPACE);
    if (mark('{')) return list('}', member);
    if (mark('[')) return list(']', value);
    return take(STRING) || take(SCALAR);
  };
  const whole = value();
  take(SPACE);
  if (whole && at === text.length) return null;
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

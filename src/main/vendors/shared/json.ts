/** A JSON number as it was written: `0.10` stays `0.10` and a 20-digit id keeps every digit. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** `JSON.parse` with source access (ES2026), which the TypeScript library does not describe yet. */
type ParseWithSource = (
  text: string,
  reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Strict UTF-8 text of the bytes, without a byte order mark; undefined when a byte sequence is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * A number whose digits `String(Number(…))` might not give back: negative, with a fraction or an exponent, or longer than a double is sure of. Looked
 * for in strings as well, which then merely take the slower way.
 */
const LOSSY = /(?:^|[:[,\s])(?:-|\d+[.eE]|\d{16})/;

/** Puts a `JsonNumber` in each number's place, where every number is a short whole one: a third of the time that source access takes. */
function withNumbers(value: unknown): JsonValue {
  if (typeof value === 'number') return new JsonNumber(String(value));
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  // Its keys are its own, `__proto__` among them, so none is set on a prototype.
  const object = value as Record<string, JsonValue>;
  for (const key in object) {
    const inner: unknown = object[key];
    if (typeof inner === 'number') object[key] = new JsonNumber(String(inner));
    else if (typeof inner === 'object' && inner !== null) withNumbers(inner);
  }
  return object;
}

/**
 * Reads JSON without losing a digit: numbers become `JsonNumber`. The last of duplicate keys wins, `__proto__` is an ordinary
 * key. Undefined for anything that is not one whole JSON text in UTF-8; never throws.
 */
export function parseJson(bytes: Uint8Array): JsonValue | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    if (!LOSSY.test(text)) return withNumbers(JSON.parse(text));
    return (JSON.parse as ParseWithSource)(text, (_key, value, context) =>
      typeof value === 'number' ? new JsonNumber(context.source ?? String(value)) : value,
    ) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Whether the value is a JSON object (not null, a list or a number). */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** The value at a path of own keys; undefined where a step is missing or no object. */
export function field(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const key of path) {
    if (!isObject(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** A string or a number as text, digits kept; undefined for everything else. */
export function asText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof JsonNumber ? value.text : undefined;
}

/** A whole number within ±2^53, written as a number or as a string of digits; undefined for everything else. */
export function asInteger(value: JsonValue | undefined): number | undefined {
  const text = asText(value);
  if (text === undefined || !/^-?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The list, or undefined when the value is none. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
}

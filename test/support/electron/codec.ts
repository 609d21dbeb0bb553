import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

/** Carries what a structured clone carries through text. */
export interface Codec {
  /** Throws Electron's "An object could not be cloned." */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/** A file of `page/`: one expression, as text that may be called. */
export function pageSource(name: string): string {
  return readFileSync(path.join(import.meta.dirname, 'page', name), 'utf8')
    .trim()
    .replace(/;$/, '');
}

export const codec = (vm.runInThisContext(`(${pageSource('codec.js')})`) as () => Codec)();

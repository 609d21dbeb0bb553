// Before any e2e file: the built application.
import path from 'node:path';
import { buildIfStale } from '../../scripts/build.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Builds the application unless nothing that it is made of has changed since. Throws with the builder's own words. */
export function buildApplication(): void {
  buildIfStale(ROOT);
}

export default function setup(): void {
  // Whoever says so has built what lies in out/, or wants no more than the stand-in's own tests.
  if (process.env['E2E_AS_BUILT'] !== '1') buildApplication();
}

import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** One test file in one thread, run by the mutants' runner; the folder is the instrumented copy, given with --root. */
export default defineConfig({
  test: {
    name: 'mutants',
    include: ['test/main/**/*.test.ts'],
    environment: 'node',
    runner: path.join(import.meta.dirname, 'runner.ts'),
    pool: 'threads',
    isolate: true,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 10_000,
    teardownTimeout: 5000,
    dangerouslyIgnoreUnhandledErrors: true,
  },
});

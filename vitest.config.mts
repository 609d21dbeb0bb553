import { availableParallelism } from 'node:os';
import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/**
 * V8 keeps its JIT pages behind memory protection keys where the processor has them, and aborts now and then ("jit_page.has_value()") when
 * worker threads come and go as quickly as they do in tests; the sources run as they are, which Node.js need not say of each thread.
 */
const execArgv = [
  '--no-memory-protection-keys',
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  '--disable-warning=ExperimentalWarning',
];

// A program that a test starts from its sources starts in half the time from what V8 made of them before.
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, 'node_modules', '.cache', 'compiled');

/** Two at the least: a file that starts programs waits for them half of its time. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/** `unit` is pure or loopback and quick; `renderer` mounts the window's parts without a window; `slow` starts processes, keyrings or long property runs; `fuzz` feeds hostile inputs in little memory; `e2e` drives the built application. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{contract,main,preload,cli}/**/*.test.ts'],
          environment: 'node',
          execArgv,
          maxWorkers,
          testTimeout: 20_000,
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          // Files that mount a component ask for happy-dom in their first line.
          environment: 'node',
          execArgv,
          maxWorkers,
          testTimeout: 20_000,
          server: { deps: { inline: ['element-plus'] } },
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/{crash,leak,keyring,model,scale,project}/**/*.test.ts'],
          environment: 'node',
          execArgv,
          // With the windows, after all others: two files at a time, as processors are few.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.test.ts'],
          environment: 'node',
          // What a hostile input may take of memory is bounded.
          execArgv: [...execArgv, '--max-old-space-size=320'],
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          execArgv,
          // The application as it was built, in a window, each file's on a display of its own.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          globalSetup: ['test/support/e2e-global.ts'],
          setupFiles: ['test/support/e2e-file.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

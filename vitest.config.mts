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

/** `unit` is pure or loopback and quick; `renderer` mounts the window's parts without a window; `slow` starts processes, keyrings or long property runs, one file at a time; `fuzz` feeds hostile inputs in little memory; `e2e` drives the built application. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{contract,main,preload,cli}/**/*.test.ts'],
          environment: 'node',
          execArgv,
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
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.test.ts'],
          environment: 'node',
          // What a hostile input may take of memory is bounded.
          execArgv: [...execArgv, '--max-old-space-size=320'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          execArgv,
          // The application as it was built, in a window: one at a time, and after all others, as windows and processors are few.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          globalSetup: ['test/support/e2e-global.ts'],
          setupFiles: ['test/support/e2e-failed.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

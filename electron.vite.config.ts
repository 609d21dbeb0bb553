import path from 'node:path';
import { defineConfig } from 'electron-vite';

const source = path.join(import.meta.dirname, 'src');

/** Packages that lie in `dependencies` stay outside (keytar is a native module); the rest is bundled. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: { cli: path.join(source, 'cli/index.ts'), 'data-worker': path.join(source, 'main/data-worker.ts') },
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // What entries share must not lie in one of them: loading the database thread would run the terminal's program, too.
          // Without it, loading one entry may load another for its side effects: the database thread would run the terminal's program.
          strictExecutionOrder: true,
        },
      },
    },
  },
});

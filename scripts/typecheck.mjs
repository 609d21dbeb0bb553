// npm run typecheck: main's program, the window's and the tests', each with its own libraries.
import path from 'node:path';
import { runChild } from './child.mjs';

const root = path.dirname(import.meta.dirname);
const PROGRAMS = [
  ['typescript/bin/tsc', '.'],
  ['typescript/bin/tsc', 'test'],
  ['vue-tsc/bin/vue-tsc.js', 'src/renderer'],
];

let worst = 0;
for (const [program, project] of PROGRAMS) {
  const code = await runChild(process.execPath, [path.join(root, 'node_modules', program), '--noEmit', '-p', project], {
    cwd: root,
  });
  worst = Math.max(worst, code);
}
process.exitCode = worst;

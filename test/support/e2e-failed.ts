// For every e2e file: what a failed test left on the screen, and main's log.
import { afterEach } from 'vitest';
import { keepEvidenceOfAll } from './app.ts';

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const folders = await keepEvidenceOfAll(task.name);
  for (const folder of folders) console.error(`picture and log of "${task.name}": ${folder}`);
});

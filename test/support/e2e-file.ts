// For every e2e file: a display of its own, as two windows on one would take the focus from each other; and what a failed test left on
// the screen, with main's log.
import { afterAll, afterEach } from 'vitest';
import { keepEvidenceOfAll } from './app.ts';
import { ensureDisplay } from './xvfb.ts';

const display = await ensureDisplay();
afterAll(() => display.stop());

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const folders = await keepEvidenceOfAll(task.name);
  for (const folder of folders) console.error(`picture and log of "${task.name}": ${folder}`);
});

// Takes pictures of the built console's screens.
// usage: look.ts --out FOLDER [--data FOLDER] [--route /orders,/jobs/1 …] [--language zh-CN,en] [--theme light,dark] [--size 1280x800,900x600]
//        [--practice] [--wait CSS] [--no-build]
// Every combination is a file: orders-zh-CN-light-1280x800.png. Without --data the data folder is a fresh one.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchConsole } from './app.ts';
import type { RunningConsole } from './app.ts';
import { buildApplication } from './e2e-global.ts';
import { ensureDisplay } from './xvfb.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    data: { type: 'string' },
    route: { type: 'string', multiple: true, default: ['/orders'] },
    language: { type: 'string', default: 'zh-CN' },
    theme: { type: 'string', default: 'light' },
    size: { type: 'string', default: '1280x800' },
    wait: { type: 'string' },
    practice: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});

const list = (text: string): string[] => text.split(',').filter((part) => part !== '');

/** Gives the page a size, in CSS pixels. */
async function resize({ app, page }: RunningConsole, size: string): Promise<void> {
  const [width = 1280, height = 800] = size.split('x').map(Number);
  await app.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w ?? 0, h ?? 0),
    [width, height],
  );
  // A text would have to be made a function in the page, which its policy refuses.
  await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height]);
}

async function change({ page }: RunningConsole, settings: Record<string, string>): Promise<void> {
  await page.evaluate(`orderConsole.invoke('settings.change', ${JSON.stringify(settings)})`);
}

/** A fresh page in the settings of the moment: everything read anew, nothing left open. */
async function goTo({ page }: RunningConsole, route: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(route)}`);
  await page.reload();
  await page.waitForSelector(values.wait ?? '[data-ready="true"]', { state: 'attached' });
  await page.waitForLoadState('load');
  await page.evaluate(
    'document.fonts.ready.then(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))',
  );
}

async function main(): Promise<void> {
  if (values.out === undefined) throw new Error('--out FOLDER is missing');
  const out = path.resolve(values.out);
  mkdirSync(out, { recursive: true });
  if (!values['no-build']) buildApplication();
  const display = await ensureDisplay();
  const console_ = await launchConsole({
    args: values.practice ? ['--practice'] : [],
    ...(values.data === undefined ? {} : { dataFolder: path.resolve(values.data) }),
  });
  try {
    for (const language of list(values.language)) {
      for (const theme of list(values.theme)) {
        await change(console_, { language, theme });
        for (const size of list(values.size)) {
          await resize(console_, size);
          for (const route of values.route.flatMap(list)) {
            await goTo(console_, route);
            const name = route.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'start';
            const file = path.join(out, `${name}-${language}-${theme}-${size}.png`);
            await console_.page.screenshot({ path: file });
            process.stdout.write(`${file}\n`);
          }
        }
      }
    }
    for (const text of console_.violations()) process.stdout.write(`error on the page: ${text}\n`);
  } finally {
    await console_.close();
    display.stop();
  }
}

await main();
process.exit();

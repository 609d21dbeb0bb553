// Main is killed in the midst of a running job, again and again; the window offers what is left, and the vendor's ledger has every order once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATE_WORDS } from '../../src/contract/words.ts';
import { addedName } from '../../src/main/jobs/export/cells.ts';
import { I, interrupted, verify } from '../../src/renderer/app/interrupted-words.ts';
import { RE, RU } from '../../src/renderer/screens/update/words-run.ts';
import { isRealElectron, launchConsole } from '../support/app.ts';
import type { RunningConsole } from '../support/app.ts';
import { rowsOnDisk } from '../support/crash-chain.ts';
import { openShop } from '../support/crash-shop.ts';
import type { Shop } from '../support/crash-shop.ts';
import { createKeyringHome, openKeyring } from '../support/keyring.ts';
import type { KeyringHome, KeyringSession } from '../support/keyring.ts';
import {
  accountOf,
  addAccount,
  button,
  goTo,
  journey,
  number,
  PATIENCE_MS,
  speak,
  t,
  textOf,
  update,
} from './pages.ts';

const ROWS = 240;
const ACCOUNT = '拼多多店';
/** When main is killed: what happens at the twin to which update request of the run. */
const MOMENTS = [
  { at: 'onArrival', nth: 12, what: 'a request has come' },
  { at: 'onActed', nth: 30, what: 'it is acted on, unanswered' },
  { at: 'afterReply', nth: 25, what: 'an answer has left' },
] as const;
type Hook = (typeof MOMENTS)[number]['at'];

/** A kill that waits for its moment. */
interface Armed {
  readonly at: Hook;
  nth: number;
  readonly done: (result: Promise<void>) => void;
  readonly killed: Promise<void>;
  /** A request is held until then. */
  holds: boolean;
}

describe.skipIf(isRealElectron())('a job whose program is killed (needs Node 24)', () => {
  let folder: string;
  let home: KeyringHome;
  let keyring: KeyringSession;
  let shop: Shop;
  let running: RunningConsole;
  /** Update requests that came, and those under way. */
  let [arrived, open] = [0, 0];
  let armed: Armed | null = null;

  const launch = (): Promise<RunningConsole> =>
    launchConsole({ keyring, dataFolder: path.join(folder, 'data'), ...speak('zh-CN') });
  const onDisk = (): { order: string; state: string; attempts: number }[] => rowsOnDisk(path.join(folder, 'data'), 1);
  const stateCount = (state: string): number => onDisk().filter((row) => row.state === state).length;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'crash-'));
    home = createKeyringHome();
    keyring = await openKeyring(home, 'unlocked');
    shop = await openShop('pdd', { seed: 7, rows: ROWS });
    for (const at of ['onArrival', 'onActed', 'afterReply'] as const) {
      shop.twin[at] = async (request) => {
        if (!shop.isUpdate(request)) return;
        if (at === 'onArrival') [arrived, open] = [arrived + 1, open + 1];
        if (at === 'afterReply') open -= 1;
        // An answer that has left may be journalled before the kill: another call is under way all the same.
        if (at === 'onArrival' && armed?.at === 'afterReply' && armed.nth === 1 && !armed.holds) {
          armed.holds = true;
          await armed.killed;
          return;
        }
        if (armed?.at !== at) return;
        armed.nth -= 1;
        if (armed.nth !== 0) return;
        const killed = running.kill();
        armed.done(killed);
        armed = null;
        await killed;
      };
    }
    running = await launch();
    await addAccount(running.page, accountOf(shop.twin, ACCOUNT, { pacing: { perSecond: 200, concurrency: 8 } }));
  });
  afterAll(async () => {
    await running.close();
    await shop.twin.close();
    await keyring.close();
    home.remove();
    rmSync(folder, { recursive: true });
  });

  journey();

  /** Kills main at a moment of what `begin` sets going; fulfilled when it is dead and the twin is done with what had come. */
  async function killAt(at: Hook, nth: number, begin: () => Promise<void>): Promise<void> {
    let done: Armed['done'] = () => undefined;
    const killed = new Promise<void>((resolve) => (done = resolve));
    armed = { at, nth, done, killed, holds: false };
    await begin();
    await killed;
    await expect.poll(() => open, { timeout: PATIENCE_MS }).toBe(0);
  }

  it('is read in and previewed', async () => {
    const { page } = running;
    await goTo(page, 'update');
    await update.paste(page, shop.paste);
    await update.check(page);
    await update.toPreview(page, ROWS);
  });

  it.each(MOMENTS)('is killed when $what, and verified in the next window', async ({ at, nth }) => {
    const { page } = running;
    await killAt(at, nth, async () => {
      const pending = number(stateCount('not_sent'));
      if (at === MOMENTS[0].at) await update.send(page, ROWS, ACCOUNT);
      else await button(page, new RegExp(`^${t(RU.resume(0)).replace('0', pending)}$`)).click();
    });
    const inDoubt = stateCount('sending');
    expect(inDoubt).toBeGreaterThan(0);
    const before = arrived;

    running = await launch();
    const note = running.page.getByRole('region', { name: t(I.title) });
    await textOf(note, t(interrupted(inDoubt, number(inDoubt))));
    // Nothing is sent by itself; what was being sent is in doubt until a person has it verified.
    expect(arrived).toBe(before);
    expect(stateCount('unknown')).toBe(inDoubt);
    await button(note, t(verify(inDoubt, number(inDoubt)))).click();
    await update.step(running.page, 'run');
    await expect.poll(() => stateCount('unknown'), { timeout: PATIENCE_MS }).toBe(0);
    await button(running.page, t(RU.resume(stateCount('not_sent')))).waitFor({ timeout: PATIENCE_MS });
    expect(arrived).toBe(before);
    // None that the vendor acted on is called not sent, and none was acted on twice.
    const { ledger } = shop.twin;
    expect(onDisk().filter(({ order, state }) => state === 'not_sent' && ledger.count(order) > 0)).toEqual([]);
    expect(ledger.totals.actions).toBe(ledger.totals.orders);
  });

  it('is continued to its end, what was not applied by a retry', async () => {
    const { page } = running;
    await button(page, t(RU.resume(stateCount('not_sent')))).click();
    await update.report(page);
    const notApplied = stateCount('failed');
    if (notApplied > 0) {
      await button(page, t(RE.retry(notApplied))).click();
      await button(page.getByRole('dialog'), t(RE.retry(notApplied))).click();
      await update.report(page);
    }
    const [header = [], ...rows] = await update.export(running, ROWS, path.join(folder, 'job.csv'));
    const outcome = header.indexOf(addedName('outcome', 'zh-CN', false));
    expect(rows.map((row) => row[0]).sort()).toEqual([...shop.orders].sort());
    expect(new Set(rows.map((row) => row[outcome]))).toEqual(new Set([t(STATE_WORDS.succeeded.words)]));
  });

  it('has every order in the vendor’s ledger, and none twice', () => {
    const times = shop.orders.map((order) => [order, shop.twin.ledger.count(order)] as const);
    expect(times.filter(([, count]) => count !== 1)).toEqual([]);
    expect(shop.twin.ledger.totals.actions).toBe(ROWS);
  });
});

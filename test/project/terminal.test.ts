import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/contract/account.ts';
import type { OrderFacts } from '../../src/contract/order.ts';
import { OrderKeeper } from '../../src/main/orders/keeper.ts';
import { temporaryFolder } from '../support/journal.ts';
import { orderFacts } from '../support/orders.ts';
import { runCli } from '../support/child.ts';
import { closeTwins, startTryOutTwins } from '../../src/main/embedded.ts';
import { TWIN_CREDENTIALS } from '../../src/main/twins/index.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
const FLAGS = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The objects of `--json`. */
  readonly objects: readonly Record<string, unknown>[];
}

async function cli(args: readonly string[], input = ''): Promise<Ran> {
  const end = await runCli([...args, '--data-folder', folder.path, '--lang', 'en'], input);
  const out = end.stdout.toString('utf8');
  const json = args.includes('--json');
  const objects = json
    ? out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
  return { code: end.code, out, err: end.stderr.toString('utf8'), objects };
}

/** Orders of the Pinduoduo twin as `--twins` starts it. */
async function noteFile(rows: number): Promise<string> {
  const twins = await startTryOutTwins();
  const lines = Array.from({ length: rows }, (_, index) => `${twins.pdd.orderNumber(index)},note ${index}`);
  await closeTwins(twins);
  const path = join(folder.path, 'notes.csv');
  writeFileSync(path, ['order_sn,note', ...lines].join('\n'));
  return path;
}

/** The program left running, and what it has said so far. */
function start(args: readonly string[]): {
  child: ChildProcessWithoutNullStreams;
  said: () => string;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, [...FLAGS, PROGRAM, ...args, '--data-folder', folder.path, '--lang', 'en']);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, said: () => text, ended };
}

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Counts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  readonly notSent: number;
  readonly sending: number;
}

async function countsOf(job: number): Promise<{ state: string; reason: string; counts: Counts }> {
  const [shown] = (await cli(['jobs', 'show', String(job), '--twins', '--json'])).objects;
  const report = shown as { job: { state: string; pauseReason: string }; counts: Counts };
  return { state: report.job.state, reason: report.job.pauseReason, counts: report.counts };
}

describe('update --look', () => {
  it('shows what changes into what, sends nothing, and leaves the job to be resumed', async () => {
    const file = await noteFile(3);
    const looked = await cli(['update', 'twin-pdd', 'note-update', file, '--look', '--title', 'Later', '--twins']);
    expect(looked.code, looked.out).toBe(0);
    expect(looked.out).toMatch(/3 read: 3 will change, 0 already as wanted/);
    expect(looked.out).toMatch(/→ +│? *note 0/);
    expect(looked.out).toContain('jobs resume 1');
    const before = await countsOf(1);
    expect([before.state, before.counts.notSent]).toEqual(['ready', 3]);
    expect((await cli(['jobs', 'resume', '1', '--yes', '--twins'])).code).toBe(0);
    expect((await countsOf(1)).counts.succeeded).toBe(3);
  });
});

describe('orders', () => {
  /** Keeps orders in the folder of the twins, as a look-up does. */
  async function keep(facts: readonly OrderFacts[]): Promise<void> {
    const list = await cli(['accounts', 'list', '--twins', '--json']);
    const account = list.objects.find(({ vendor }) => vendor === 'polyv') as Account | undefined;
    const keeper = new OrderKeeper({
      folder: join(folder.path, 'twins'),
      worker: new URL('../../src/main/data-worker.ts', import.meta.url),
      account: async () => ({ id: account?.id, vendor: 'polyv' }) as Account,
      keepDays: () => 30,
    });
    await keeper.put(account?.id ?? '', facts, Date.now());
    await keeper.close();
  }

  it('are listed without what is personal, and erased by what they are chosen by, or all', async () => {
    const buyer = { name: '欧阳小明', phone: '13800138000', address: '杭州市' };
    await keep([orderFacts('E1', { buyer }), orderFacts('E2', { state: 'shipped' }), orderFacts('F1')]);
    const listed = await cli(['orders', 'list', '--find', '小明', '--twins']);
    expect(listed.code, listed.err).toBe(0);
    expect(listed.out).toMatch(/E1.*•••/u);
    expect(listed.out).toContain('1 order, 1 of them listed');
    expect(listed.out).not.toContain('小明');
    const shown = await cli([
      'orders',
      'list',
      '--sort',
      'order',
      '--descending',
      '--show-personal',
      '--twins',
      '--json',
    ]);
    const orders = shown.objects.filter(({ event }) => event === 'order');
    expect(orders.map(({ order }) => order)).toEqual(['F1', 'E2', 'E1']);
    expect(orders.at(-1)).toMatchObject({ buyer, state: 'to_ship' });

    expect((await cli(['orders', 'erase', '--yes', '--twins'])).code).toBe(2);
    expect((await cli(['orders', 'erase', '--all', '--find', 'E', '--yes', '--twins'])).code).toBe(2);
    const some = await cli(['orders', 'erase', '--state', 'shipped', '--yes', '--twins', '--json']);
    expect(some.objects).toContainEqual({ event: 'erased', orders: 1, rows: 0, jobsLeft: [] });
    const all = await cli(['orders', 'erase', '--all', '--yes', '--twins']);
    expect(all.out).toContain('Erased 2 orders');
    expect(readFileSync(join(folder.path, 'twins', 'customers.db')).includes('小明')).toBe(false);
  });
});

describe('the demo', () => {
  it('does the whole main job, names the injected faults, exports, and agrees with the twins', async () => {
    const out = join(folder.path, 'out');
    const { code, out: text } = await cli(['demo', '--out', out]);
    expect(code, text).toBe(0);
    for (const fault of [
      "the vendor's clock is 4 min 12 s ahead",
      'one unknown order fails its whole batch',
      'acted on, then the connection is reset without a reply',
      'one page of the lookup answers 502',
      'the limit reply 52101 with Retry-After 1 s',
      'the connection is reset before the vendor acts',
      'acted on, and half of the reply comes',
      'acted on, and answers with an HTML page',
    ]) {
      expect(text).toContain(fault);
    }
    expect(text).toMatch(/Polyv live +#1 +2500 +2490 +5 +0 +5/);
    expect(text).toMatch(/Pinduoduo \(H7B gateway\) +#2 +300 +296 +1 +0 +3/);
    expect(text).toMatch(/DingShang vending +#3 +50 +48 +2 +0 +0/);
    expect(text).toContain('0 twice, 0 acted on but called not sent, 0 called succeeded but not acted on');
    const files = readdirSync(out).sort();
    expect(files).toHaveLength(3);
    const polyv = readFileSync(join(out, files.find((name) => name.includes('polyv')) ?? ''), 'utf8');
    expect(polyv.startsWith('\uFEFF')).toBe(true);
    expect(polyv.trimEnd().split('\r\n')).toHaveLength(2_501);
  });

  it('speaks Chinese, and prints JSON alone with --json', async () => {
    const end = await runCli(['demo', '--json', '--data-folder', folder.path, '--lang', 'zh-CN']);
    expect(end.code).toBe(0);
    const objects = end.stdout
      .toString('utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { event?: string; words?: string });
    expect(objects.filter((one) => one.event === 'fault').map((one) => one.words)).toContain(
      '一个不存在的订单让整批失败',
    );
    expect(objects.filter((one) => one.event === 'report')).toHaveLength(3);
  });
});

describe('commands on the twins', () => {
  it('send a file, answer 0 when all is well, and find the order again', async () => {
    const path = await noteFile(3);
    const ran = await cli(['update', 'twin-pdd', 'note-update', path, '--twins', '--yes']);
    expect(ran.code, ran.out + ran.err).toBe(0);
    const order = readFileSync(path, 'utf8').split('\n')[1]?.split(',')[0] ?? '';
    const found = await cli(['jobs', 'find', order, '--twins', '--json']);
    expect(found.objects).toEqual([
      expect.objectContaining({ event: 'row', jobId: 1, order, state: 'succeeded', attempts: 1 }),
    ]);
    expect((await cli(['jobs', 'list', '--twins', '--json'])).objects).toEqual([
      expect.objectContaining({
        id: 1,
        state: 'finished',
        counts: expect.objectContaining({ total: 3, succeeded: 3 }) as Counts,
      }),
    ]);
  });

  it('write an empty template, read the same file in again only when told to, and tell an order’s whole story', async () => {
    const template = join(folder.path, 'empty.csv');
    const emptied = await cli(['update', 'twin-pdd', 'note-update', template, '--template', '--twins']);
    expect([emptied.code, emptied.out]).toEqual([0, expect.stringContaining(template)]);
    expect(readFileSync(template, 'utf8').split('\r\n')[0]).toMatch(/^\uFEFF.*order.*,.*note/iu);
    const path = await noteFile(2);
    const send = ['update', 'twin-pdd', 'note-update', path, '--twins', '--yes'];
    expect((await cli(send)).code).toBe(0);
    const refused = await cli(send);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/is the file of job 1 .*--again/su)]);
    expect((await cli([...send, '--again'])).code).toBe(0);
    const order = readFileSync(path, 'utf8').split('\n')[1]?.split(',')[0] ?? '';
    const { out } = await cli(['jobs', 'find', order, '--log', '--twins']);
    const jobs = new Set([...out.matchAll(/job (\d+) line 2 /gu)].map(([, job]) => job));
    expect(jobs.size, out).toBe(2);
  });

  it('answer 3 when rows fail, 2 for bad usage, and change nothing without a yes', async () => {
    const path = join(folder.path, 'bad.csv');
    writeFileSync(path, 'order_sn,note\n230101-123456789012345,hi\n1.2E+17,x\n');
    const asked = await cli(['update', 'twin-pdd', 'note-update', path, '--twins']);
    expect(asked.code).toBe(2);
    expect(asked.err).toContain('Job 1 is ready, but there is no terminal to confirm it at.');
    expect((await countsOf(1)).counts).toMatchObject({ total: 2, notSent: 2, succeeded: 0 });
    expect((await cli(['jobs', 'resume', '1', '--yes', '--twins'])).code).toBe(3);
    expect((await cli(['update', 'twin-pdd', 'note-up', path, '--twins'])).code).toBe(2);
    expect((await cli(['jobs', 'show', 'x', '--twins'])).code).toBe(2);
    const missing = await cli(['update', 'twin-pdd', 'note-update', join(folder.path, 'no.csv'), '--twins']);
    expect(missing.code).toBe(1);
    expect(missing.err).not.toContain(' at ');
  });

  it('show the signed request of a dry run without the secret, and write no journal', async () => {
    const ran = await cli(['update', 'twin-pdd', 'note-update', await noteFile(2), '--twins', '--dry-run']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('•••appidtest_app_001note');
    expect(ran.out).toContain('timestamp1000000000');
    expect(ran.out + ran.err).not.toContain(TWIN_CREDENTIALS.pdd.appSecret);
    expect(existsSync(join(folder.path, 'twins', 'journal.db'))).toBe(false);
  });

  it('write what they look up to a file, an order a line', async () => {
    const out = join(folder.path, 'orders.csv');
    const end = await cli(['lookup', 'twin-polyv', 'order-list', '--most', '3', '--out', out, '--twins']);
    expect(end.code, end.out).toBe(0);
    const lines = readFileSync(out, 'utf8').split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^\uFEFF[^,]/u);
    expect(lines.slice(1, 4).every((line) => line.includes('product'))).toBe(true);
    expect(lines[4]).toBe('');
  });

  it('look orders up, masking personal data until asked', async () => {
    const args = ['lookup', 'twin-polyv', 'order-list', 'status=wait_delivery', '--most', '3', '--twins', '--json'];
    const masked = await cli(args);
    expect(masked.code).toBe(0);
    const rows = masked.objects.filter((one) => one['event'] === 'row') as { values: Record<string, string> }[];
    expect(rows).toHaveLength(3);
    for (const { values } of rows) expect([values['mobile'], values['address']]).toEqual(['•••', '•••']);
    const shown = await cli([...args, '--show-personal']);
    expect(shown.out).toMatch(/"mobile":"1\d{10}"/);
    expect((await cli(['lookup', 'twin-suning', 'order-status', 'orderSource=999', '--twins'])).code).toBe(2);
  });

  it('send the first rows, then the rest with the person’s yes', async () => {
    const ran = await cli(
      ['update', 'twin-pdd', 'note-update', await noteFile(6), '--twins', '--first', '2', '--json'],
      '',
    );
    expect(ran.code).toBe(2);
    await cli(['jobs', 'resume', '1', '--first', '2', '--yes', '--twins', '--no-color']).then((end) =>
      expect(end.code).toBe(0),
    );
    expect(await countsOf(1)).toMatchObject({ state: 'finished', counts: { total: 6, succeeded: 6 } });
  });

  it('signs at the sign desk and compares, without sending anything', async () => {
    const row = ['order_sn=240522-100000000000001', 'note=hello'];
    const shown = await cli(['accounts', 'sign', 'twin-pdd', 'note-update', ...row, '--twins', '--json']);
    expect(shown.code).toBe(0);
    const [request] = shown.objects;
    expect(request).toMatchObject({
      event: 'request',
      signedText: expect.stringMatching(/^•••.*timestamp1000000000•••$/),
    });
    const sign = String(request?.['sign']);
    const same = await cli(['accounts', 'sign', 'twin-pdd', 'note-update', ...row, '--twins', '--compare', sign]);
    expect(same.code).toBe(0);
    expect(same.out).toContain('They are the same.');
    const text = String(request?.['signedText']).replace('hello', 'hullo');
    const other = await cli(
      ['accounts', 'sign', 'twin-pdd', 'note-update', ...row, '--twins', '--compare-stdin'],
      text,
    );
    expect(other.code).toBe(3);
    expect(other.out).toMatch(/differ from character \d+ on/);
    const refused = await cli(['accounts', 'sign', 'twin-pdd', 'note-update', ...row, '--twins', '--compare', text]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--compare-stdin') });
  });

  it('say what an account test does not prove', async () => {
    const ran = await cli(['accounts', 'test', 'twin-vending', '--twins']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('does not test the sign key');
  });
});

describe('a job in another terminal', () => {
  async function running(rows: number): Promise<ReturnType<typeof start>> {
    const path = await noteFile(rows);
    const job = start(['update', 'twin-pdd', 'note-update', path, '--twins', '--yes']);
    await until(() => job.said().includes('job 1 0/'));
    return job;
  }

  it('pauses when it is asked to, and a second writer is told that it is busy', async () => {
    const job = await running(60);
    const second = await cli(['jobs', 'resume', '1', '--yes', '--twins']);
    expect(second.code).toBe(1);
    expect(second.err).toContain('Another window or command of this console is writing.');
    expect((await cli(['jobs', 'pause', '1', '--twins'])).out).toContain(
      'Asked the program that runs job 1 to pause it',
    );
    expect(await job.ended).toBe(130);
    const paused = await countsOf(1);
    expect(paused).toMatchObject({ state: 'paused', reason: 'person' });
    const { succeeded, failed, unknown, notSent, sending, total } = paused.counts;
    expect(sending).toBe(0);
    expect(succeeded + failed + unknown + notSent).toBe(total);
    expect(total).toBe(60);
  });

  it('pauses cleanly on Ctrl-C, and the rest can be given up', async () => {
    const job = await running(60);
    job.child.kill('SIGINT');
    expect(await job.ended).toBe(130);
    expect(job.said()).toContain('Finishing what is under way, then pausing');
    expect(await countsOf(1)).toMatchObject({ state: 'paused', reason: 'person', counts: { total: 60, sending: 0 } });
    expect((await cli(['jobs', 'cancel', '1', '--yes', '--twins'])).code).toBe(0);
    expect(await countsOf(1)).toMatchObject({ state: 'cancelled' });
  });

  it('that was killed is told of at the next start, and resumes', async () => {
    const job = await running(8);
    job.child.kill('SIGKILL');
    await job.ended;
    const next = await cli(['jobs', 'resume', '1', '--yes', '--twins']);
    expect(next.err).toContain('Job 1 was interrupted');
    expect([0, 3, 4]).toContain(next.code);
    const { counts, state } = await countsOf(1);
    expect(state).toBe('finished');
    expect(counts.succeeded + counts.failed + counts.unknown + counts.notSent).toBe(8);
  });
});

describe('what is made of a job afterwards', () => {
  it('sends above the limit what cannot be undone only by its number', async () => {
    const twins = await startTryOutTwins();
    const numbers = Array.from({ length: 2_000 }, (_, index) => twins.polyv.order(index))
      .filter(({ status }) => status === 'wait_delivery')
      .slice(0, 120)
      .map(({ number }) => number);
    await closeTwins(twins);
    const path = join(folder.path, 'orders.csv');
    writeFileSync(path, ['orderNo', ...numbers].join('\n'));
    const update = ['update', 'twin-polyv', 'update-status', path, '--no-verify', '--twins', '--json'];
    const plain = await cli([...update, '--yes']);
    expect(plain.code).toBe(1);
    expect(plain.err + plain.out).toContain('COUNT_NOT_CONFIRMED');
    expect((await cli(['jobs', 'resume', '1', '--yes', '119', '--twins'])).err).toContain('119 was typed');
    expect(await countsOf(1)).toMatchObject({ state: 'ready', counts: { total: 120, notSent: 120 } });
    const ran = await cli(['jobs', 'resume', '--yes', '120', '1', '--twins']);
    expect([0, 3, 4]).toContain(ran.code);
    expect(await countsOf(1)).toMatchObject({ state: 'finished', counts: { notSent: 0 } });
    const undone = await cli(['jobs', 'undo', '1', '--twins', '--yes']);
    expect([undone.code, undone.err]).toEqual([1, expect.stringContaining('cannot be undone') as string]);
  });

  it('takes an export with mended cells for a follow-up of the same rows', async () => {
    const path = await noteFile(3);
    const [, , second = ''] = readFileSync(path, 'utf8').split('\n');
    const [order = ''] = second.split(',');
    writeFileSync(path, readFileSync(path, 'utf8').replace(order, '230101-123456789012345'));
    expect((await cli(['update', 'twin-pdd', 'note-update', path, '--no-read-before', '--twins', '--yes'])).code).toBe(
      3,
    );
    const out = join(folder.path, 'out.csv');
    await cli(['jobs', 'export', '1', '--out', out, '--twins']);
    const mended = readFileSync(out, 'utf8').replaceAll('230101-123456789012345', order);
    // Its rows in another order, as a spreadsheet leaves them.
    const [header = '', ...rows] = mended.trimEnd().split('\r\n');
    writeFileSync(out, [header, ...rows.toReversed()].join('\r\n'));
    const ran = await cli(['jobs', 'follow-up', '1', '--file', out, '--twins', '--yes', '--json']);
    expect(ran.code, ran.out + ran.err).toBe(0);
    expect(ran.objects).toContainEqual({
      event: 'mended',
      job: 1,
      read: 3,
      saved: 1,
      unchanged: 2,
      left: 0,
      refused: [],
    });
    expect(ran.objects).toContainEqual({ event: 'follow_up', of: 1, job: 2, rows: 1 });
    const [row] = (await cli(['jobs', 'show', '2', '--rows', 'all', '--twins', '--json'])).objects.filter(
      ({ event }) => event === 'row',
    );
    expect(row).toMatchObject({ line: 3, order, state: 'succeeded' });
    const again = await cli(['jobs', 'follow-up', '1', '--twins', '--yes']);
    expect(again.err).toContain('no mended row');
    const foreign = await cli(['jobs', 'follow-up', '1', '--file', path, '--twins', '--yes']);
    expect(foreign.err).toContain('no export of this job');
  });

  it('settles rows in doubt by a person’s word, and undoes notes', async () => {
    const path = await noteFile(8);
    const job = start(['update', 'twin-pdd', 'note-update', path, '--twins', '--yes']);
    await until(() => /sending|%/u.test(job.said()));
    job.child.kill('SIGKILL');
    await job.ended;
    const { counts } = await countsOf(1);
    expect((await cli(['jobs', 'decide', '1', '--twins', '--yes'])).code).toBe(2);
    expect((await cli(['jobs', 'decide', '1', '--as', 'succeeded', '--order', 'x', '--twins', '--yes'])).code).toBe(2);
    const decided = await cli(['jobs', 'decide', '1', '--as', 'succeeded', '--all', '--twins', '--yes', '--json']);
    const inDoubt = counts.unknown + counts.sending;
    expect(decided.objects).toContainEqual({ event: 'decided', job: 1, as: 'succeeded', rows: inDoubt });
    await cli(['jobs', 'resume', '1', '--yes', '--twins']);
    const after = await countsOf(1);
    expect(after.counts.succeeded).toBeGreaterThanOrEqual(inDoubt);
    const undone = await cli(['jobs', 'undo', '1', '--twins', '--yes', '--json']);
    // Another start's twin knows nothing of the notes that were written to the last one.
    const said = undone.objects.find(({ event }) => event === 'undo') as { rows: number; ready: number } | undefined;
    if (said === undefined) expect(undone.err + undone.out).toContain('NOTHING_TO_UNDO');
    else expect(said.rows).toBe(after.counts.succeeded);
  });
});

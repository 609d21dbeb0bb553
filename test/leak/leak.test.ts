import { relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VENDOR_IDS, type VendorId } from '../../src/contract/vendor.ts';
import { startTwin, type FaultRule, type Twin } from '../../src/main/twins/index.ts';
import type { Values } from '../../src/main/vendors/types.ts';
import { startChild, type ChildEnd } from '../support/child.ts';
import { openShop, suningWeek, UPDATING, type Shop } from '../support/crash-shop.ts';
import { temporaryFolder } from '../support/journal.ts';
import type { LeakMessage, LeakPlan, LeakShop } from '../support/leak-driver.ts';
import { contentsOf, filesOf, findPlanted } from '../support/planted.ts';

/** Characters that every encoding writes differently, as far as the vendor's field takes them (two of them are ASCII alone). */
const PLANTED: Record<VendorId, Values> = {
  polyv: { appSecret: 'S3cr€t/+"秘"&<p>=%41\\é😀~Polyv' },
  pdd: { appSecret: 'Pdd€t/+"钥"?&<q>=%42\\ü😀~H7b' },
  vending: { appSecret: 'Vend/+"x"&<r>=%43\\{}~App71', signKey: 'Sign/+"y"&<s>=%44\\^|~Key82' },
  suning: { appSecret: 'Sun/+"z"&<t>=%45\\`~Secret93', accessToken: 'Tok/+"w"&<u>=%46\\$~Access04' },
};
/** As good, and not the twins': every call that is signed with these is refused. */
const WRONG = Object.fromEntries(
  VENDOR_IDS.map((id) => [
    id,
    Object.fromEntries(Object.entries(PLANTED[id]).map(([field, secret]) => [field, `No${secret}No`])),
  ]),
) as Record<VendorId, Values>;

const secrets: Record<string, string> = Object.fromEntries(
  Object.entries({ right: PLANTED, wrong: WRONG }).flatMap(([kind, all]) =>
    Object.entries(all).flatMap(([id, fields]) =>
      Object.entries(fields).map(([field, secret]) => [`${kind} ${id} ${field}`, secret]),
    ),
  ),
);

/** A vendor, or what stands before it, that sends a secret back in its own words. */
function echo(id: VendorId): string {
  const all = Object.values(PLANTED[id]).flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(`id:${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ]);
  return `not accepted: ${all.join(' ')}`;
}

/** One of each fault, calls that succeed between them; the vendor's own failures and pages hold the secret. */
function faults(id: VendorId, path: string): FaultRule[] {
  const at = (nth: number, rule: Omit<FaultRule, 'when'>): FaultRule => ({ ...rule, when: { path, nth: [nth] } });
  const all = [
    at(1, { kind: 'failure', code: '499', message: echo(id) }),
    at(2, { kind: 'html', message: `<!DOCTYPE html><p>${echo(id)}</p>` }),
    at(4, { kind: 'reset_after' }),
    at(6, { kind: 'truncated' }),
    at(7, { kind: 'server_error', status: 502, message: echo(id) }),
    at(9, { kind: 'reset_before' }),
    at(10, { kind: 'failure', code: '50099', message: echo(id) }),
  ];
  // Polyv's job has two calls, for more would only make the files larger.
  return id === 'polyv' ? all.slice(0, 1) : all;
}

function lookupsOf({ vendor, orders, twin }: Shop): LeakShop['lookups'] {
  const order = orders[0] ?? '';
  switch (vendor) {
    case 'polyv':
      return [
        { operation: 'order-get', params: { orderNo: order } },
        { operation: 'order-list', params: { status: 'delivering', pageSize: '50' } },
        { operation: 'order-list', params: { status: 'wait_delivery', pageSize: '50' } },
      ];
    case 'pdd':
      return [{ operation: 'order-detail', params: { order_sn: order } }];
    case 'vending': {
      const machine = twin.order(0) as { machineNo?: string };
      return [{ operation: 'order-query', params: { order_id: order, machine_no: machine.machineNo ?? '' } }];
    }
  }
}

describe('planted secrets of all vendors', () => {
  const folder = temporaryFolder();
  const twins: Twin[] = [];
  const shops: Shop[] = [];
  const outputs: Record<string, Buffer> = {};
  let end: ChildEnd;
  let told: LeakMessage | undefined;

  beforeAll(async () => {
    const plan: { folder: string; shops: LeakShop[] } = { folder: folder.path, shops: [] };
    for (const vendor of UPDATING) {
      const rows = vendor === 'polyv' ? 1_100 : 24;
      const shop = await openShop(vendor, { seed: 11, rows, readBefore: true, credentials: PLANTED[vendor] });
      shop.twin.setFaults(faults(vendor, shop.path));
      shops.push(shop);
      twins.push(shop.twin);
      const { operation, params, paste, options, twin } = shop;
      plan.shops.push({
        vendor,
        url: twin.url,
        credentials: twin.credentials,
        wrong: WRONG[vendor],
        lookups: lookupsOf(shop),
        update: { operation: operation.id, params, paste, options },
      });
    }
    const suning = await startTwin('suning', { orders: 5_000, credentials: PLANTED.suning });
    suning.setFaults([{ kind: 'failure', code: '499', message: echo('suning'), when: { nth: [3] } }]);
    twins.push(suning);
    plan.shops.push({
      vendor: 'suning',
      url: suning.url,
      credentials: suning.credentials,
      wrong: WRONG.suning,
      lookups: [1, 2, 3].map(() => ({ operation: 'order-status', params: suningWeek(suning.now()) })),
      update: null,
    });
    const child = startChild<LeakMessage>('leak-driver.ts', plan satisfies LeakPlan);
    end = await child.ended;
    told = child.messages[0];
    for (const path of filesOf(folder.path)) Object.assign(outputs, contentsOf(relative(folder.path, path), path));
    outputs['stdout'] = end.stdout;
    outputs['stderr'] = end.stderr;
  }, 240_000);

  afterAll(async () => {
    await Promise.all(twins.map((twin) => twin.close()));
    folder.remove();
  });

  const text = (name: string): string => outputs[name]?.toString('utf8') ?? '';

  it('were used: lookups and jobs ran, wrong signs paused, faults struck, errors were logged, and the process died unhandled', () => {
    expect(end.code).toBe(1);
    expect(text('stderr')).toMatch(/ACCOUNT_INVALID[^]{0,900}\n\nNode\.js v[\d.]+\n$/);
    expect(told?.jobs).toEqual([
      // What the failed call left unknown was verified, and what it did not do is said so.
      { label: 'right-polyv', state: 'finished', reason: null, failures: [] },
      { label: 'wrong-polyv', state: 'paused', reason: 'sign', failures: ['403'] },
      { label: 'right-pdd', state: 'finished', reason: null, failures: ['499', '50099', 'console.not_applied'] },
      // Refused at the reading before the first write.
      { label: 'wrong-pdd', state: 'paused', reason: 'sign', failures: [] },
      { label: 'right-vending', state: 'finished', reason: null, failures: ['50099', 'console.not_applied'] },
      { label: 'wrong-vending', state: 'paused', reason: 'permission', failures: ['10013'] },
    ]);
    expect(Object.keys(outputs).sort()).toEqual(
      expect.arrayContaining(['accounts.json', 'journal.db', 'journal.db-wal', 'logs/console.log', 'stderr', 'stdout']),
    );
    expect(Object.keys(outputs).filter((name) => name.endsWith('.csv'))).toHaveLength(UPDATING.length * 2 * 4);
    expect(Object.keys(outputs).filter((name) => name.endsWith('.html'))).toHaveLength(UPDATING.length * 2 * 2);
    expect(Object.keys(outputs).filter((name) => name.endsWith('.xlsx/xl/worksheets/sheet2.xml'))).toHaveLength(
      UPDATING.length * 2 * 2,
    );
    for (const event of ['call_lost', 'dry_run', 'rows', 'a careless event •••', 'add spaced']) {
      expect(text('logs/console.log')).toContain(`"event":"${event}"`);
    }
    for (const shop of shops) expect(shop.twin.ledger.totals.actions).toBeGreaterThan(0);
  });

  it('would have been found: what is no secret is found in the same files', () => {
    for (const { twin, orders } of shops) {
      const finds = findPlanted(outputs, { appId: twin.credentials['appId'] ?? '', order: orders[3] ?? '' });
      const places = (what: string): string[] =>
        finds.flatMap(({ secret, output }) => (secret === what ? [output] : []));
      expect(places('appId')).toContain('accounts.json');
      expect(places('order')).toEqual(
        expect.arrayContaining([
          `right-${twin.vendor}.en.safe.csv`,
          `right-${twin.vendor}.en.xlsx/xl/worksheets/sheet1.xml`,
          'journal.db-wal',
        ]),
      );
    }
    expect(text('stdout')).toContain('not accepted: •••');
  });

  it('stand in no file of the data folder and in nothing printed', () => {
    const finds = findPlanted(outputs, secrets).map((find) => `${find.secret} in ${find.output}: ${find.writing}`);
    expect(finds).toEqual([]);
  });

  it("leave customers' phones out of the logs, too", () => {
    const phones = told?.phones ?? [];
    expect(phones.length).toBeGreaterThan(10);
    const log = text('logs/console.log');
    expect(log).toContain('"event":"rows"');
    expect(phones.filter((phone) => log.includes(phone))).toEqual([]);
  });
});

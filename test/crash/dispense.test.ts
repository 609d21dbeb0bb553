// A dispense moves goods: whatever moment the process is killed at, no record is commanded twice, and in the end each is known.
import { expect, it } from 'vitest';
import { openServices, type Services } from '../../src/main/services.ts';
import { startTwin, type TwinRequest, type VendingOrder } from '../../src/main/twins/index.ts';
import { createMemoryKeychain } from '../../src/main/vault/index.ts';
import { operation } from '../../src/main/vendors/registry.ts';
import { startChild } from '../support/child.ts';
import { rowsOnDisk } from '../support/crash-chain.ts';
import type { DriverMessage } from '../support/crash-plan.ts';
import { temporaryFolder } from '../support/journal.ts';
import { addTwinAccount, credentialsOf, DATA_WORKER } from '../support/twin-accounts.ts';

/** The command has come, has been taken, has been answered. */
const POINTS = ['onArrival', 'onActed', 'afterReply'] as const;
const ORDERS = 5;
const OPTIONS = { readBefore: true, writeUnreadable: false, firstRows: null, verifyAfter: false };

const isCommand = ({ method, path }: TwinRequest): boolean => method === 'POST' && path.endsWith('/deliveries');

/** Paid orders, each at a machine of its own. */
function paid(all: readonly VendingOrder[]): VendingOrder[] {
  const byMachine = new Map<string, VendingOrder>();
  for (const order of all) if (order.status === 'SUCCESS') byMachine.set(order.machineNo, order);
  return [...byMachine.values()].slice(0, ORDERS);
}

it('a dispense that is killed under way is in doubt, never sent again, and known in the end', async () => {
  const folder = temporaryFolder();
  const twin = await startTwin('vending', { seed: 7, orders: 200 });
  const open = (): Promise<Services> =>
    openServices({ folder: folder.path, mode: 'write', worker: DATA_WORKER, keychain: createMemoryKeychain() });
  try {
    const orders = paid(Array.from({ length: twin.orderCount }, (_, index) => twin.order(index)));
    expect(orders).toHaveLength(ORDERS);
    const lines = orders.map(({ number, machineNo, records }) => `${number},${machineNo},${records[0]?.id ?? 0}`);
    const { secrets } = credentialsOf('vending', twin.credentials);
    const before = await open();
    const account = await addTwinAccount(before.vault, twin, { pacing: { perSecond: 1_000, concurrency: 1 } });
    const { jobId } = await before.jobs.import({
      account,
      operation: operation('vending', 'dispense', 'update'),
      params: {},
      source: { kind: 'paste', text: ['order_id,machine_no,record_id', ...lines].join('\n'), name: 'crash' },
      options: OPTIONS,
    });
    await before.close();

    for (const point of POINTS) {
      const child = startChild<DriverMessage>('crash-driver.ts', {
        kind: 'run',
        folder: folder.path,
        jobId,
        secrets: { [account.id]: secrets },
        kill: null,
        lookup: null,
      });
      twin[point] = async (request) => {
        if (isCommand(request)) await child.kill();
      };
      expect((await child.ended).signal, point).toBe('SIGKILL');
      twin[point] = null;
      const sending = rowsOnDisk(folder.path, jobId).filter(({ state }) => state === 'sending');
      expect(sending, point).toHaveLength(1);
    }

    const { jobs, vault, recovered, close } = await open();
    expect(recovered?.inDoubt).toEqual({ [jobId]: 1 });
    await vault.replaceSecrets(account.id, secrets);
    expect((await jobs.run(jobId)).state).toBe('finished');
    await jobs.verify(jobId, { waitMs: 60_000 });
    expect((await jobs.get(jobId)).counts).toMatchObject({ total: ORDERS, succeeded: ORDERS });
    await close();
    const commanded = twin.ledger.actions.filter(({ action }) => action === 'delivery').map(({ order }) => order);
    expect(commanded.toSorted()).toEqual(orders.map(({ number }) => number).toSorted());
    expect(orders.map(({ index }) => twin.order(index).records[0]?.drops)).toEqual(orders.map(() => 1));
  } finally {
    await twin.close();
    folder.remove();
  }
});

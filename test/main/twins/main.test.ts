import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startTwin } from '../../../src/main/twins/index.ts';

const program = fileURLToPath(new URL('../../../src/main/twins/main.ts', import.meta.url));

interface Told {
  control: string;
  twins: Record<string, { url: string; seed: number; epochMs: number; orders: number }>;
}

it('runs twins in their own process, under control, until its standard input ends', async () => {
  const args = [
    '--vendor',
    'pdd',
    '--vendor',
    'polyv',
    '--orders',
    '7',
    '--seed',
    '3',
    '--epoch',
    '1700000000000',
    '--ledger',
    'counts',
  ];
  const child = spawn(process.execPath, [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    program,
    ...args,
    '--option',
    'notes=none',
    '--option',
    'orders=waiting',
  ]);
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const told = JSON.parse(line) as Told;
    expect(Object.keys(told.twins)).toEqual(['pdd', 'polyv']);
    expect(told.twins['pdd']).toMatchObject({ seed: 3, epochMs: 1_700_000_000_000, orders: 7 });

    const orders = await (await fetch(`${told.control}/__twin/orders?vendor=polyv&from=5`)).text();
    const same = await startTwin('polyv', {
      orders: 7,
      seed: 3,
      epochMs: 1_700_000_000_000,
      vendorOptions: { orders: 'waiting' },
    });
    expect(orders).toBe(`${JSON.stringify(same.order(5))}\n${JSON.stringify(same.order(6))}\n`);
    await same.close();

    const faults = `${told.control}/__twin/faults?vendor=pdd`;
    expect((await fetch(faults, { method: 'POST', body: '[{"kind":"server_error","status":503}]' })).status).toBe(200);
    expect((await fetch(told.twins['pdd']?.url ?? '')).status).toBe(503);
    const ledger: unknown = await (await fetch(`${told.control}/__twin/ledger`)).json();
    expect(ledger).toEqual({
      cpu: { user: expect.any(Number) as number, system: expect.any(Number) as number },
      residentBytes: expect.any(Number) as number,
      faults: { pdd: { server_error: 1 }, polyv: {} },
      twins: { pdd: { arrivals: 1, actions: 0, orders: 0 }, polyv: { arrivals: 0, actions: 0, orders: 0 } },
    });
    expect(await (await fetch(`${told.control}/__twin/acted?vendor=pdd`)).text()).toBe('');
    expect((await fetch(`${told.control}/__twin/acted?vendor=none`)).status).toBe(400);
    expect((await fetch(`${told.control}/__twin/other?vendor=pdd`)).status).toBe(404);

    const ended = once(child, 'exit');
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill();
  }
});

import { join } from 'node:path';
import type { OrderFacts } from '../../src/contract/order.ts';
import { BUSY_MS, openReader, openWriter } from '../../src/main/store/database.ts';
import { CUSTOMERS } from '../../src/main/store/schema.ts';
import { temporaryFolder, type TestDatabases } from './journal.ts';

/** A real `customers.db` in a temporary folder, as its worker thread has it. */
export function customerDatabases(): TestDatabases & { readonly folder: string } {
  const folder = temporaryFolder();
  const file = join(folder.path, CUSTOMERS.file);
  const writer = openWriter(file, process.platform, BUSY_MS, CUSTOMERS);
  const reader = openReader(file);
  return {
    file,
    folder: folder.path,
    writer,
    reader,
    close() {
      reader.close();
      writer.close();
      folder.remove();
    },
  };
}

/** An order that a vendor might have told of. */
export function orderFacts(id: string, change: Partial<OrderFacts> = {}): OrderFacts {
  return {
    id,
    machine: null,
    state: 'to_ship',
    vendorState: 'wait_delivery',
    createdAt: 1_700_000_000_000,
    paidAt: null,
    changedAt: null,
    times: {},
    amount: '12.50',
    currency: 'CNY',
    buyer: { name: null, phone: null, address: null },
    note: null,
    tag: null,
    title: null,
    parts: [],
    fields: {},
    ...change,
  };
}

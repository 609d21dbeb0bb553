import { expect, it, vi } from 'vitest';
import { lookIntoWorkbook } from '../../../../../src/main/jobs/intake/workbook/workbook.ts';

/** A thread whose answers and end come in one turn, as those of a quick one may. */
vi.mock('node:worker_threads', async (original) => {
  const { EventEmitter } = await import('node:events');
  class QuickThread extends EventEmitter {
    constructor() {
      super();
      setImmediate(() => {
        this.emit('message', { kind: 'look', sheets: [{ name: 's', hidden: false }], sheet: 's', head: [] });
        this.emit('message', { kind: 'counts', counts: [{ filled: 3, hidden: 1 }] });
        this.emit('exit', 0);
      });
    }

    async terminate(): Promise<number> {
      return 0;
    }
  }
  return { ...(await original<object>()), Worker: QuickThread };
});

it('takes every answer of a thread that has ended before the first one was read', async () => {
  const look = await lookIntoWorkbook('/nowhere', 'orders.xlsx', { sheet: null, counts: true });
  expect(look.sheets).toEqual([{ name: 's', hidden: false, rows: 3, hiddenRows: 1 }]);
});

// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImportedView, InputLook } from '../../../src/contract/routes.ts';
import type { OperationDescriptor } from '../../../src/contract/vendor.ts';
import { useApp } from '../../../src/renderer/stores/app.ts';
import { mappingProblems, useUpdate } from '../../../src/renderer/stores/update.ts';
import type { FakeBridge } from '../fake-bridge.ts';
import { ACCOUNT, fakeBridge, jobOf, refusal, startAnswers, VENDOR } from '../fake-bridge.ts';

const names = { zh: '名', en: 'name' };
const OPERATION: OperationDescriptor = {
  id: 'update-status',
  kind: 'update',
  names,
  params: [{ id: 'status', names, kind: 'choice', required: true, initial: 'delivering' }],
  rowFields: [
    { id: 'orderNo', names, kind: 'order', required: true },
    { id: 'note', names, kind: 'text', required: false },
  ],
  warnings: [],
};
const LOOKUP_ONLY = { ...VENDOR, id: 'suning', operations: [{ ...OPERATION, id: 'list', kind: 'lookup' }] } as const;
const OTHER = { ...ACCOUNT, id: 'other', label: 'Other' };

const LOOK: InputLook = {
  name: 'paste',
  kind: 'paste',
  encoding: null,
  delimiter: ',',
  hasHeader: true,
  header: ['order', 'a', 'b'],
  sample: [{ line: 2, cells: ['1', 'x', 'y'] }],
  columns: 3,
  mapping: { orderNo: 0 },
  ambiguous: [],
  missing: [],
  remembered: false,
  sheets: null,
  sheet: null,
  earlier: [],
  notices: [],
};
const imported = (jobId: number): ImportedView => ({
  jobId,
  rows: 1,
  unmapped: [],
  notices: [],
  warnings: [],
  warningCount: 0,
  paramWarnings: [],
});

let bridge: FakeBridge;
let nextJob = 1;
beforeEach(async () => {
  nextJob = 1;
  bridge = fakeBridge({
    ...startAnswers(),
    'vendors.list': () => [{ ...VENDOR, operations: [OPERATION] }, LOOKUP_ONLY],
    'accounts.list': () => [ACCOUNT, OTHER, { ...ACCOUNT, id: 'suning', vendor: 'suning' }],
    'updates.look': () => LOOK,
    'updates.import': () => imported(nextJob++),
    'updates.stopImport': () => undefined,
    'jobs.get': ({ jobId }) => jobOf(jobId, { job: { state: 'ready', pauseReason: null } }),
    'jobs.cancel': () => undefined,
  });
  await useApp().start();
});

async function pasted(text = 'order,a,b\n1,x,y') {
  const draft = useUpdate();
  draft.setText(text, true);
  await flushPromises();
  return draft;
}

describe('a mapping', () => {
  it('needs a column for each required field, and none twice', () => {
    expect(mappingProblems(OPERATION.rowFields ?? [], {})).toEqual([{ kind: 'unmapped', field: 'orderNo' }]);
    expect(mappingProblems(OPERATION.rowFields ?? [], { orderNo: 2, note: 2 })).toEqual([
      { kind: 'shared', fields: ['orderNo', 'note'], column: 2 },
    ]);
    expect(mappingProblems(OPERATION.rowFields ?? [], { orderNo: 2, note: null })).toEqual([]);
  });
});

describe('a draft', () => {
  it('has the operation and the safe values of the account, and none where the vendor updates nothing', async () => {
    const draft = useUpdate();
    expect(draft.operation?.id).toBe('update-status');
    expect(draft.params).toEqual({ status: 'delivering' });
    useApp().accountId = 'suning';
    await flushPromises();
    expect(draft.operation).toBeNull();
  });

  it('is looked at when typing rests, and only the newest look counts', async () => {
    vi.useFakeTimers();
    try {
      const draft = useUpdate();
      const answers: ((look: InputLook) => void)[] = [];
      bridge.answer({ 'updates.look': () => new Promise((resolve) => answers.push(resolve)) });
      draft.setText('1');
      draft.setText('12');
      await vi.advanceTimersByTimeAsync(1_000);
      expect(bridge.asked('updates.look')).toMatchObject([{ source: { kind: 'paste', text: '12' } }]);
      draft.setText('123', true);
      answers[1]?.({ ...LOOK, name: 'new' });
      answers[0]?.({ ...LOOK, name: 'old' });
      await vi.advanceTimersByTimeAsync(0);
      expect(draft.look?.name).toBe('new');
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps the columns that the person chose while the columns stay the same', async () => {
    const draft = await pasted();
    draft.mapping = { orderNo: 1, note: 2 };
    await draft.lookNow();
    expect(draft.mapping).toEqual({ orderNo: 1, note: 2 });
    bridge.answer({ 'updates.look': () => ({ ...LOOK, header: ['order', 'b', 'a'] }) });
    await draft.lookNow();
    expect(draft.mapping).toEqual({ orderNo: 0 });
  });

  it('is not looked at when it is blank, and says what is missing', async () => {
    const draft = await pasted('  \n ');
    expect(bridge.asked('updates.look')).toEqual([]);
    expect(draft.problems).toEqual([{ kind: 'no_source' }]);
  });

  it('asks for a value that all rows share', async () => {
    const draft = await pasted();
    draft.params = { status: '' };
    expect(draft.problems).toEqual([{ kind: 'param', field: 'status' }]);
  });

  it('keeps a paste behind a file that is refused or taken away', async () => {
    const draft = await pasted();
    bridge.answer({ 'files.choose': () => Promise.reject(refusal('FILE_UNREADABLE', '不行', 'no')) });
    await draft.choose();
    expect([draft.lookError?.code, draft.look?.name]).toEqual(['FILE_UNREADABLE', 'paste']);
    bridge.answer({ 'files.choose': () => ({ fileId: 'f1', name: 'may.csv', bytes: 9 }) });
    await draft.choose();
    expect(bridge.asked('updates.look').at(-1)).toMatchObject({ source: { kind: 'file', fileId: 'f1' } });
    await draft.removeSource();
    expect(bridge.asked('updates.look').at(-1)).toMatchObject({ source: { kind: 'paste' } });
  });

  it.each([{ kind: 'lookup', lookupId: 'l1' }, { kind: 'kept' }] as const)(
    'takes rows from Orders ($kind) with their account, and lets go of them with it',
    async (source) => {
      const draft = useUpdate();
      await draft.takeOver({ source, accountId: 'other' });
      await flushPromises();
      expect(bridge.asked('updates.look').at(-1)).toMatchObject({ accountId: 'other', source });
      useApp().accountId = 'shop';
      await flushPromises();
      expect([draft.source, draft.look]).toEqual([null, null]);
    },
  );
});

describe('a check', () => {
  it('reads in exactly what was looked at, without the fields that have no column', async () => {
    const draft = await pasted();
    draft.mapping = { orderNo: 0, note: null };
    expect(await draft.check()).toBe(1);
    expect(bridge.asked('updates.import')).toMatchObject([
      {
        accountId: 'shop',
        operation: 'update-status',
        params: { status: 'delivering' },
        mapping: { orderNo: 0 },
        hasHeader: true,
        options: { readBefore: true, writeUnreadable: false, verifyAfter: true },
      },
    ]);
    expect([draft.checkedAs, draft.changedSince]).toEqual([1, false]);
  });

  it('of a changed draft replaces the job of the one before, of which nothing was sent', async () => {
    const draft = await pasted();
    await draft.check();
    draft.mapping = { orderNo: 1 };
    await flushPromises();
    expect(draft.changedSince).toBe(true);
    expect(await draft.check()).toBe(2);
    expect(bridge.asked('jobs.cancel')).toEqual([{ jobId: 1 }]);
  });

  it('leaves a job alone that has begun to send', async () => {
    const draft = await pasted();
    await draft.check();
    bridge.answer({ 'jobs.get': ({ jobId }) => jobOf(jobId, { job: { startedAt: '2026-05-12T09:42:00.000Z' } }) });
    await draft.check();
    expect(bridge.asked('jobs.cancel')).toEqual([]);
  });

  it('that is stopped is no error, and its job is given up when the stop came too late', async () => {
    const draft = await pasted();
    let answer: (done: ImportedView | PromiseLike<ImportedView>) => void = () => undefined;
    bridge.answer({ 'updates.import': () => new Promise((resolve) => (answer = resolve)) });
    const refused = draft.check();
    await draft.stop();
    answer(Promise.reject(refusal('INTAKE_MALFORMED', '停', 'stopped')));
    expect(await refused).toBeNull();
    expect([draft.importError, draft.importing]).toEqual([null, null]);
    const late = draft.check();
    await draft.stop();
    answer(imported(7));
    expect(await late).toBeNull();
    expect([draft.checkedAs, bridge.asked('jobs.cancel')]).toEqual([null, [{ jobId: 7 }]]);
  });

  it('that is refused says why and keeps the draft', async () => {
    const draft = await pasted();
    bridge.answer({ 'updates.import': () => Promise.reject(refusal('INTAKE_MAPPING', '列', 'columns')) });
    expect(await draft.check()).toBeNull();
    expect([draft.importError?.code, draft.look?.name]).toEqual(['INTAKE_MAPPING', 'paste']);
  });

  it('tells how many rows are read, of this import alone', async () => {
    const draft = await pasted();
    bridge.answer({ 'updates.import': () => new Promise(() => undefined) });
    void draft.check();
    const importId = draft.importing?.importId ?? '';
    bridge.tell('importing', { importId: 'another', rows: 9 });
    bridge.tell('importing', { importId, rows: 5 });
    expect(draft.importing?.rows).toBe(5);
  });
});

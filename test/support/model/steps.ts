import fc from 'fast-check';
import type { FaultRule } from '../../../src/main/twins/index.ts';
import { ORDERS, type InputRow, type Setup, type ShopKind } from './shop.ts';

/** Where a run can be interfered with: the runner's transactions, its requests at the vendor, its lookups, its waits. */
export const POINTS = [
  'claim',
  'claimed',
  'settle',
  'settled',
  'arrival',
  'acted',
  'replied',
  'lookup',
  'sleep',
] as const;
export type Point = (typeof POINTS)[number];

/** What happens there. `wish_…`: another process asks for it. `full`: the disk refuses the next writes. */
export type Event =
  | { readonly is: 'pause' | 'cancel' | 'wish_pause' | 'wish_cancel' | 'crash' | 'heal' }
  | { readonly is: 'full'; readonly writes: number }
  | { readonly is: 'jump'; readonly ms: number };

/** An event at the nth time that a run comes to a point. */
export interface Cut {
  readonly at: Point;
  readonly nth: number;
  readonly then: Event;
}

/** What a person, the vendor or the machine does next. Jobs are named by their place, which is taken modulo their number. */
export type Step =
  | {
      readonly do: 'import';
      readonly rows: readonly InputRow[];
      readonly readBefore: boolean;
      readonly writeUnreadable: boolean;
      readonly firstRows: number | null;
    }
  | {
      readonly do: 'run';
      readonly job: number;
      /** Pause after so many rows; null all; undefined as the job says. */
      readonly first: number | null | undefined;
      /** Another job that runs at the same time. */
      readonly beside: number | null;
      readonly cut: Cut | null;
    }
  | { readonly do: 'cancel' | 'retry' | 'export' | 'follow_up' | 'undo'; readonly job: number }
  /** A person puts what a row of the input has in another's place; rows are taken modulo their number. */
  | {
      readonly do: 'edit';
      readonly job: number;
      readonly row: number;
      readonly index: number;
      readonly variant: number;
    }
  /** Present values are read before anything is sent; then, perhaps, a person insists on what that kept back. */
  | { readonly do: 'look'; readonly job: number; readonly again: boolean; readonly cut: Cut | null }
  | { readonly do: 'allow'; readonly job: number; readonly reason: 'state_forbids' | 'changed_since_preview' }
  /** A person's word on every `every`th row in doubt. */
  | { readonly do: 'decide'; readonly job: number; readonly as: 'succeeded' | 'failed'; readonly every: number }
  | { readonly do: 'verify'; readonly job: number; readonly waits: boolean; readonly cut: Cut | null }
  | { readonly do: 'crash' | 'restart' | 'heal' }
  /** The rules name orders by their index, and the path of updates as `UPDATES`. */
  | { readonly do: 'faults'; readonly rules: readonly FaultRule[] }
  | { readonly do: 'jump'; readonly ms: number };

/** Stands for the path of the shop's updates in a rule. */
export const UPDATES = 'updates';

const index = fc.nat({ max: ORDERS - 1 });
const job = fc.nat({ max: 3 });

const inputRow: fc.Arbitrary<InputRow> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ is: fc.constant('order' as const), index, variant: fc.constantFrom(0, 0, 0, 1, 2) }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('strange' as const), index }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('blank' as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('damaged' as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('wide' as const), index }) },
);

const imports = fc.record({
  do: fc.constant('import' as const),
  rows: fc.array(inputRow, { minLength: 1, maxLength: 14 }),
  readBefore: fc.boolean(),
  writeUnreadable: fc.boolean(),
  firstRows: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 4 }),
});

/** Beyond every vendor's tolerance, and within. */
const jumps = fc.constantFrom(-3_600_000, -240_000, -20_000, 20_000, 240_000, 3_600_000);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ is: fc.constant('crash' as const) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('pause' as const) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom('cancel' as const, 'wish_pause', 'wish_cancel', 'heal') }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('jump' as const), ms: jumps }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('full' as const), writes: fc.integer({ min: 1, max: 4 }) }) },
);

const cuts = (points: readonly Point[]): fc.Arbitrary<Cut | null> =>
  fc.option(fc.record({ at: fc.constantFrom(...points), nth: fc.integer({ min: 1, max: 6 }), then: event }), {
    freq: 2,
  });

const runs = fc.record({
  do: fc.constant('run' as const),
  job,
  first: fc.oneof(fc.constant(undefined), fc.constant(null), fc.integer({ min: 1, max: 4 })),
  beside: fc.option(job, { freq: 2 }),
  cut: cuts(POINTS),
});

const verifies = fc.record({
  do: fc.constant('verify' as const),
  job,
  waits: fc.boolean(),
  cut: cuts(['lookup', 'settled', 'sleep']),
});

const looks = fc.record({
  do: fc.constant('look' as const),
  job,
  again: fc.boolean(),
  cut: cuts(['lookup', 'sleep']),
});

const allowances = fc.record({
  do: fc.constant('allow' as const),
  job,
  reason: fc.constantFrom('state_forbids' as const, 'changed_since_preview'),
});

const edits = fc.record({
  do: fc.constant('edit' as const),
  job,
  row: fc.nat({ max: 13 }),
  index,
  variant: fc.constantFrom(0, 1, 2),
});

const decisions = fc.record({
  do: fc.constant('decide' as const),
  job,
  as: fc.constantFrom('succeeded' as const, 'failed'),
  every: fc.integer({ min: 1, max: 3 }),
});

type Codes = readonly { code: string; message: string; acted?: boolean }[];
const VENDING_CODES: Codes = [
  { code: '6049', message: 'sorry, this order is paid' },
  { code: '6015', message: 'sorry, action run timeout' },
  { code: '6015', message: 'sorry, action run timeout', acted: true },
  { code: '6042', message: 'sorry, this order is expired' },
  { code: '6004', message: 'sorry, no permission to update' },
  { code: '77777', message: 'nothing that is listed' },
];
/** Failures in the vendors' own envelopes: of the account, of the order, of their own house, and numbers in no table. */
const CODES: Record<ShopKind, Codes> = {
  polyv: [
    { code: '500', message: 'access forbidden' },
    { code: '500', message: 'undefined error' },
    { code: '500', message: 'undefined error', acted: true },
    { code: '400', message: 'param validate error: orderNos' },
    { code: '400', message: 'order not found: x' },
    { code: '77777', message: 'nothing that is listed' },
  ],
  pdd: [
    { code: '52102', message: '服务暂时不可用' },
    { code: '52102', message: '服务暂时不可用', acted: true },
    { code: '50001', message: '订单不存在' },
    { code: '70034', message: '风险控制' },
    { code: '70031', message: '调用过于频繁' },
    { code: '77777', message: 'nothing that is listed' },
  ],
  vending: VENDING_CODES,
  dispense: VENDING_CODES,
};

/** What is wrong at the vendor, to which requests: its updates alone, or all; now and then, or every time. No vendor of these lies. */
function faultRule(shop: ShopKind): fc.Arbitrary<FaultRule> {
  const kind = fc.oneof<fc.Arbitrary<FaultRule>[]>(
    fc.record({ kind: fc.constantFrom('limit' as const, 'reset_before', 'reset_after', 'close_reused') }),
    fc.record({ kind: fc.constantFrom('truncated' as const, 'html', 'empty'), acted: fc.boolean() }),
    fc.record({ kind: fc.constant('latency' as const), ms: fc.integer({ min: 1, max: 4 }), acted: fc.boolean() }),
    fc.record({
      kind: fc.constantFrom('server_error' as const, 'html'),
      status: fc.constantFrom(302, 408, 429, 500, 502, 503),
      acted: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('limit' as const), retryAfter: fc.integer({ min: 0, max: 90 }) }),
    fc.record({ kind: fc.constant('clock_skew' as const), ms: jumps }),
    fc.constantFrom(...CODES[shop]).map((failure): FaultRule => ({ kind: 'failure', ...failure })),
    fc
      .uniqueArray(index.map(String), { minLength: 1, maxLength: 2 })
      .map((orders): FaultRule => ({ kind: 'unknown_order', when: { orders } })),
    ...(shop === 'polyv'
      ? [fc.record({ kind: fc.constant('block' as const), ms: fc.constantFrom(20_000, 300_000) })]
      : []),
  );
  const when = fc.record({
    path: fc.constantFrom(UPDATES, UPDATES, ''),
    nth: fc.subarray([1, 2, 3, 4, 5, 6], { minLength: 1 }),
    probability: fc.constantFrom(0.3, 1),
    always: fc.boolean(),
  });
  return fc.tuple(kind, when).map(([rule, { path: where, nth, probability, always }]) => ({
    ...rule,
    when: { ...rule.when, path: where, ...(always ? { probability } : { nth }) },
  }));
}

/** One call that is acted on and never answered: the one fault that takes real time. */
const silence: fc.Arbitrary<FaultRule> = fc.record({
  kind: fc.constant('silent' as const),
  acted: fc.boolean(),
  when: fc.record({ path: fc.constant(UPDATES), nth: fc.integer({ min: 1, max: 4 }).map((nth) => [nth]) }),
});

/** All steps that a sequence may take at a shop. */
export function stepsOf(shop: ShopKind): fc.Arbitrary<Step> {
  const one = <K extends 'crash' | 'restart' | 'heal'>(word: K): fc.Arbitrary<{ readonly do: K }> =>
    fc.record({ do: fc.constant(word) });
  const onJob = <K extends 'cancel' | 'retry' | 'export' | 'follow_up' | 'undo'>(
    word: K,
  ): fc.Arbitrary<{ readonly do: K; readonly job: number }> => fc.record({ do: fc.constant(word), job });
  const rules = fc.array(fc.oneof({ weight: 14, arbitrary: faultRule(shop) }, { weight: 1, arbitrary: silence }), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.oneof<fc.WeightedArbitrary<Step>[]>(
    { weight: 4, arbitrary: imports },
    { weight: 10, arbitrary: runs },
    { weight: 4, arbitrary: verifies },
    { weight: 3, arbitrary: onJob('retry') },
    { weight: 1, arbitrary: onJob('cancel') },
    { weight: 3, arbitrary: looks },
    { weight: 1, arbitrary: allowances },
    { weight: 2, arbitrary: edits },
    { weight: 1, arbitrary: onJob('follow_up') },
    { weight: 1, arbitrary: onJob('undo') },
    { weight: 2, arbitrary: decisions },
    { weight: 1, arbitrary: onJob('export') },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('faults' as const), rules }) },
    { weight: 1, arbitrary: one('heal') },
    { weight: 1, arbitrary: one('crash') },
    { weight: 1, arbitrary: one('restart') },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('jump' as const), ms: jumps }) },
  );
}

/** The first import of a sequence, without which it has nothing to do. */
export const firstImport: fc.Arbitrary<Step & { readonly do: 'import' }> = imports;

const choose = (values: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Record<string, string>> =>
  fc
    .record(Object.fromEntries(Object.entries(values).map(([key, list]) => [key, fc.constantFrom(...list)])))
    .map((chosen) => Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== '')));

const OPTIONS: Record<ShopKind, Readonly<Record<string, readonly string[]>>> = {
  polyv: {
    data: ['mixed', 'null', 'lists'],
    orders: ['', 'waiting'],
    block: ['qps', 'close'],
    limitShape: ['v4', 'old'],
  },
  pdd: { notes: ['', 'none'] },
  vending: {
    errorGeneration: ['legacy', 'current'],
    omitZeroCode: ['', 'on'],
    updateData: ['empty', 'order'],
    expiredQuery: ['refused', 'closed'],
    orders: ['', 'unpaid'],
    timestampSeconds: ['', '300'],
  },
  // Orders that do not age, as every wait of a sequence takes the time of its own.
  dispense: {
    errorGeneration: ['legacy', 'current'],
    omitZeroCode: ['', 'on'],
    device: ['works', 'silent', 'fails', 'mixed'],
    expiry: ['off'],
  },
};

/** What a sequence begins with: the vendor's habits, which the documents leave open, and the account's. */
export function setups(kind: ShopKind): fc.Arbitrary<Setup> {
  return fc.record({
    kind: fc.constant(kind),
    seed: fc.integer({ min: 1, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    batchSize: fc.integer({ min: 1, max: 6 }),
    vendorOptions: choose(OPTIONS[kind]),
    settings: kind === 'polyv' ? choose({ atomicFailureText: ['', 'order not found'] }) : fc.constant({}),
  });
}

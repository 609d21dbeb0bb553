import { createPinia, setActivePinia } from 'pinia';
import type { Bridge, BridgeError } from '../../src/contract/bridge.ts';
import type { EventData, EventName } from '../../src/contract/events.ts';
import type { JobWithCounts } from '../../src/contract/job.ts';
import type { AppState, PageRoute, RouteInput, RouteOutput } from '../../src/contract/routes.ts';
import { DEFAULT_SETTINGS } from '../../src/contract/settings.ts';
import type { VendorDescriptor } from '../../src/contract/vendor.ts';
import { BridgeFailure } from '../../src/renderer/api/client.ts';

type Answers = { [R in PageRoute]?: (input: RouteInput<R>) => RouteOutput<R> | Promise<RouteOutput<R>> };

/** An error as main would answer it: throw it in an answer. */
export function refusal(code: BridgeError['code'], zh: string, en: string): BridgeFailure {
  return new BridgeFailure({
    code,
    text: { message: { zh, en }, remedy: { zh: '请重试。', en: 'Try again.' } },
    data: {},
  });
}

/** What stands where the preload would: answers calls, tells events, and remembers what was asked. */
export interface FakeBridge {
  readonly calls: (readonly [PageRoute, unknown])[];
  /** Replaces answers. */
  answer(answers: Answers): void;
  tell<E extends EventName>(event: E, data: EventData<E>): void;
  /** What a route was asked, in order. */
  asked(route: PageRoute): readonly unknown[];
}

/** Puts a bridge at `window.orderConsole` and a new Pinia beside it. */
export function fakeBridge(first: Answers = {}): FakeBridge {
  const calls: (readonly [PageRoute, unknown])[] = [];
  const heard = new Map<EventName, Set<(data: never) => void>>();
  let answers: Readonly<Record<string, ((input: never) => unknown) | undefined>> = first;
  const bridge: Bridge = {
    async invoke(route, input) {
      calls.push([route, input]);
      const answer = answers[route];
      if (answer === undefined) throw new Error(`the test gives no answer to ${route}`);
      try {
        return { ok: true, data: (await answer(input as never)) as RouteOutput<typeof route> };
      } catch (thrown) {
        if (thrown instanceof BridgeFailure) return { ok: false, error: thrown.error };
        throw thrown;
      }
    },
    on(event, hear) {
      const known = heard.get(event) ?? new Set();
      heard.set(event, known.add(hear));
      return () => void known.delete(hear);
    },
    takeFile: () => Promise.reject(new Error('the test drops no file')),
  };
  Object.defineProperty(window, 'orderConsole', { value: bridge, configurable: true });
  setActivePinia(createPinia());
  return {
    calls,
    answer: (more) => (answers = { ...answers, ...more }),
    tell: (event, data) => {
      for (const hear of heard.get(event) ?? []) hear(data as never);
    },
    asked: (route) => calls.filter(([name]) => name === route).map(([, input]) => input),
  };
}

export const VENDOR: VendorDescriptor = {
  id: 'polyv',
  names: { zh: '保利威直播', en: 'Polyv live' },
  credentials: [],
  settings: [],
  hosts: [],
  operations: [
    {
      id: 'update-status',
      kind: 'update',
      names: { zh: '批量更新订单状态', en: 'Update order status' },
      params: [],
      warnings: [],
      canVerify: true,
    },
  ],
  notices: [],
  limits: { perSecond: 5, concurrency: 2 },
};

export const ACCOUNT = {
  id: 'shop',
  label: 'Flagship',
  vendor: 'polyv',
  environment: 'twin',
  baseUrl: 'https://127.0.0.1:1',
  hosts: [],
  plain: {},
  settings: {},
  createdAt: '2026-05-01T00:00:00.000Z',
} as const;

export function appState(more: Partial<AppState> = {}): AppState {
  return {
    version: '1.2.3',
    platform: 'linux',
    electron: '45.0.0',
    language: 'en',
    settings: DEFAULT_SETTINGS,
    workspace: 'real',
    dataFolder: '/home/someone/data',
    keychain: 'ready',
    readOnly: false,
    interrupted: [],
    ...more,
  };
}

/** A job of 100 rows; `job` and `counts` replace parts of it. */
export function jobOf(
  id: number,
  { job = {}, counts = {} }: { job?: Partial<JobWithCounts['job']>; counts?: Partial<JobWithCounts['counts']> } = {},
): JobWithCounts {
  return {
    job: {
      id,
      vendor: 'polyv',
      accountId: 'shop',
      accountLabel: 'Flagship',
      operation: 'update-status',
      params: {},
      title: null,
      source: { kind: 'file', name: 'may.csv' },
      header: null,
      mapping: {},
      options: { readBefore: false, writeUnreadable: false, firstRows: null, verifyAfter: true },
      state: 'paused',
      pauseReason: 'crash',
      pauseText: null,
      createdAt: '2026-05-12T09:41:00.000Z',
      startedAt: null,
      endedAt: null,
      parentId: null,
      children: [],
      undoable: false,
      confirmed: 0,
      mended: 0,
      busy: null,
      ...job,
    },
    counts: {
      total: 100,
      succeeded: 60,
      failed: 1,
      unknown: 3,
      notSent: 36,
      sending: 0,
      byReason: { pending: 36 },
      byProblem: {},
      byFailure: {},
      ...counts,
    },
  };
}

/** Answers that let `useApp().start()` run. */
export function startAnswers(state: Partial<AppState> = {}): Answers {
  return {
    'app.state': () => appState(state),
    'vendors.list': () => [VENDOR],
    'accounts.list': () => [ACCOUNT],
    'lock.state': () => ({ set: false, locked: false, system: false, waitMs: 0, language: 'en', theme: 'system' }),
  };
}

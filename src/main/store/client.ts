import { Worker } from 'node:worker_threads';
import { AppError, appError } from '../../contract/errors.ts';
import type { Procedure, Procedures, ReplyMessage, StoreOptions, WireError } from './serve.ts';

type Arguments<P> = P extends Procedure<infer A, unknown> ? A : never;
type Result<P> = P extends Procedure<never, infer R> ? R : never;

/** The main thread's side of the worker: every call is a promise, and main's event loop never waits for SQLite. */
export interface StoreClient<P extends Procedures> {
  call<N extends keyof P & string>(name: N, args: Arguments<P[N]>): Promise<Result<P[N]>>;
  /** The pragmas that durability rests on, read from the live writing connection. */
  durability(): Promise<Record<string, string | number>>;
  /** Finishes what was asked for and frees the writer's lock. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

function fromWire(error: WireError): AppError {
  return new AppError(error.code, error.text, { data: error.data, cause: error.cause });
}

function workerDied(cause: unknown): AppError {
  return appError(
    'DATABASE_FAILED',
    { zh: '数据库线程意外结束。', en: 'The database thread ended unexpectedly.' },
    {
      zh: '请重新启动；已写入的记录都在，已发出但没有结果的订单会标为「未知」。',
      en: 'Start again; what was journalled is safe, and orders sent without a result will be marked unknown.',
    },
    { cause },
  );
}

/**
 * Starts the worker thread `workerUrl` on the database and resolves when it is open.
 * Rejects with WRITER_BUSY, DATABASE_NEWER or DATABASE_FAILED.
 */
export function startStore<P extends Procedures>(workerUrl: URL, options: StoreOptions): Promise<StoreClient<P>> {
  const worker = new Worker(workerUrl, { workerData: options, name: 'store' });
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: AppError | null = null;

  const endAll = (cause: unknown): void => {
    ended ??= workerDied(cause);
    for (const one of waiting.values()) one.reject(ended);
    waiting.clear();
  };
  const ask = (name: string, args: unknown): Promise<unknown> => {
    if (ended !== null) return Promise.reject(ended);
    const id = nextId;
    nextId += 1;
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, args });
    });
  };
  worker.on('message', (message: ReplyMessage) => {
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) one?.resolve(message.value);
    else one?.reject(fromWire(message.error));
  });
  worker.on('error', endAll);
  worker.on('exit', () => endAll(new Error('worker exited')));

  const client: StoreClient<P> = {
    call: (name, args) => ask(name, args) as Promise<Result<P[typeof name]>>,
    durability: () => ask('durability', null) as Promise<Record<string, string | number>>,
    close: async () => {
      if (ended !== null) return;
      await ask('close', null);
      ended = workerDied(new Error('closed'));
      await worker.terminate();
    },
  };
  return new Promise((resolve, reject) => {
    waiting.set(0, { resolve: () => resolve(client), reject });
  });
}

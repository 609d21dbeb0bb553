import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts';

export type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts';

type Commands = Protocol.CommandParameters;
type Method = keyof Commands;
type Result<M extends Method> = Protocol.CommandReturnValues[M];

interface Waiting {
  readonly method: string;
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** A command that Chromium refused, or that had no one to answer it any more. */
export class CdpError extends Error {}

/** One target's (or the browser's own) commands and events. */
export class CdpSession extends EventEmitter<Protocol.EventMap> {
  readonly #connection: CdpConnection;
  readonly id: string | undefined;

  constructor(connection: CdpConnection, id?: string) {
    super();
    this.#connection = connection;
    this.id = id;
  }

  /** Fulfilled with Chromium's result; rejects with a CdpError. */
  send<M extends Method>(method: M, params?: Commands[M]): Promise<Result<M>> {
    return this.#connection.send(method, params, this.id) as Promise<Result<M>>;
  }

  /** Sends what may come too late: its failure is nobody's business. */
  tell<M extends Method>(method: M, params?: Commands[M]): void {
    this.send(method, params).catch(() => undefined);
  }
}

/** Chromium's debugging pipe: JSON texts that each end in a zero byte. When it closes, Chromium ends by itself. */
export class CdpConnection {
  readonly browser = new CdpSession(this);
  readonly #out: Writable;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #waiting = new Map<number, Waiting>();
  #parts: Buffer[] = [];
  #count = 0;
  #open = true;

  constructor(out: Writable, incoming: Readable) {
    this.#out = out;
    out.on('error', () => this.#close());
    incoming.on('data', (chunk: Buffer) => this.#read(chunk));
    incoming.on('error', () => this.#close());
    incoming.on('close', () => this.#close());
  }

  /** The session of a target that was attached to with `flatten`. */
  session(id: string): CdpSession {
    const known = this.#sessions.get(id) ?? new CdpSession(this, id);
    this.#sessions.set(id, known);
    return known;
  }

  send(method: string, params: unknown, sessionId: string | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#open) {
        reject(new CdpError(`${method}: Chromium is gone`));
        return;
      }
      const id = ++this.#count;
      this.#waiting.set(id, { method, resolve, reject });
      this.#out.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`);
    });
  }

  #read(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      const text = Buffer.concat([...this.#parts, chunk.subarray(from, end)]).toString('utf8');
      this.#parts = [];
      from = end + 1;
      this.#hear(JSON.parse(text) as Message);
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
  }

  #hear(message: Message): void {
    if (message.id === undefined) {
      const session = message.sessionId === undefined ? this.browser : this.#sessions.get(message.sessionId);
      if (message.method !== undefined) session?.emit(message.method as 'Page.loadEventFired', message.params as never);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new CdpError(`${waiting.method}: ${message.error.message}`));
  }

  #close(): void {
    this.#open = false;
    for (const { method, reject } of this.#waiting.values()) reject(new CdpError(`${method}: Chromium is gone`));
    this.#waiting.clear();
  }
}

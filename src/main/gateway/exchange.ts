import type { Dispatcher } from 'undici';

/** What one exchange came to. `started`: the request's bytes were handed to a socket, so they may have left. */
export type ExchangeEnd =
  | { readonly ok: true; readonly status: number; readonly headers: Record<string, string>; readonly body: Uint8Array }
  | { readonly ok: false; readonly started: boolean; readonly error: unknown };

/** Why we broke an exchange off ourselves. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
  readonly code:
    | 'GATEWAY_TOO_LARGE'
    | 'UND_ERR_HEADERS_TIMEOUT'
    | 'UND_ERR_BODY_TIMEOUT'
    | 'GATEWAY_ABORTED'
    | 'GATEWAY_SECOND_SEND';

  constructor(code: CutShort['code']) {
    super(code);
    this.code = code;
  }
}

export interface ExchangeLimits {
  readonly maxBodyBytes: number;
  readonly headersMs: number;
  readonly bodyMs: number;
}

/**
 * One request on its way through undici. `onRequestStart` is called right before the bytes are written and never otherwise: before it nothing
 * was sent, after it nobody knows until the reply is whole. A second call of it would be a silent repetition and is refused.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #onEnd: (end: ExchangeEnd) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #done = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Bounds the whole head, then the whole body; undici's own timers notice silence alone, to the second. */
  #timer: NodeJS.Timeout | null = null;
  #timerMs = 0;
  #late: CutShort['code'] = 'UND_ERR_HEADERS_TIMEOUT';

  constructor(limits: ExchangeLimits, onEnd: (end: ExchangeEnd) => void) {
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  /** Gives up: what has not started never will, what has is cut off. */
  abort(): void {
    this.#cut(new CutShort('GATEWAY_ABORTED'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#done || this.#controller !== null) {
      const refusal = new CutShort(this.#done ? 'GATEWAY_ABORTED' : 'GATEWAY_SECOND_SEND');
      this.#finish({ ok: false, started: true, error: refusal });
      throw refusal;
    }
    this.#controller = controller;
    this.#within(this.#limits.headersMs, 'UND_ERR_HEADERS_TIMEOUT');
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.#headers[name] = typeof value === 'string' ? value : value.join(', ');
    }
    this.#within(this.#limits.bodyMs, 'UND_ERR_BODY_TIMEOUT');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size > this.#limits.maxBodyBytes) {
      this.#cut(new CutShort('GATEWAY_TOO_LARGE'));
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size);
    this.#finish({ ok: true, status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish({ ok: false, started: this.#controller !== null, error });
  }

  #within(ms: number, code: CutShort['code']): void {
    this.#late = code;
    if (this.#timer !== null && this.#timerMs === ms) {
      // Half of what clearing it and making another one costs.
      this.#timer.refresh();
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#cut(new CutShort(this.#late)), ms);
    this.#timerMs = ms;
  }

  #cut(reason: CutShort): void {
    this.#finish({ ok: false, started: this.#controller !== null, error: reason });
    this.#controller?.abort(reason);
  }

  #finish(end: ExchangeEnd): void {
    if (this.#done) return;
    this.#done = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#onEnd(end);
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from '../../contract/account.ts';
import { AppError } from '../../contract/errors.ts';
import type { VendorFailure } from '../../contract/outcome.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { VendorId } from '../../contract/vendor.ts';
import { retryAfterMs } from '../vendors/shared/envelope.ts';
import type {
  LookupOperation,
  PingOperation,
  Rejected,
  Reply,
  Settings,
  SigningContext,
  Unreadable,
  UpdateOperation,
  UpdateReading,
  UpdateRow,
  Values,
} from '../vendors/types.ts';
import { APPLY_FROM_MS, OriginClock, steady, WARN_BEYOND_MS } from './clock.ts';
import type { Timeouts } from './connect.ts';
import { initialsOf, originOf, paceOf, type VendorFacts } from './facts.ts';
import { transportFailure } from './failures.ts';
import { hideInReading } from './hide.ts';
import { HostCheck, invalidRequest } from './hosts.ts';
import type { Log } from './log.ts';
import type { PaceLimits, Sleep } from './pacer.ts';
import { Pacer } from './pacer.ts';
import type { ProxyResolver, ProxySetting } from './proxy.ts';
import type { AccountState } from './prepared.ts';
import { PreparedCall } from './prepared.ts';
import { proxyFromEnvironment } from './proxy.ts';
import type { Redactor } from './redact.ts';
import { isKind, worthAnother } from './readings.ts';
import { RelaySigner } from './relay.ts';
import { SecretCache } from './secrets.ts';
import { Transport } from './transport.ts';
import type {
  Build,
  Gateway,
  GatewayEvent,
  LookupEnd,
  PingEnd,
  PrepareOptions,
  Prepared,
  SecretReader,
  Signer,
  TransportEnd,
  UpdateEnd,
} from './types.ts';

export type { VendorFacts } from './facts.ts';

export interface GatewayOptions {
  /** Where the accounts' secrets come from. */
  readonly secrets: SecretReader;
  /** The vendors' limits and settings, by id. */
  readonly vendors: (id: VendorId) => VendorFacts;
  /** The machine's clock, milliseconds since 1970. */
  readonly now?: () => number;
  /** A clock that never jumps, milliseconds. By default the system's; with a `sleep` of one's own, made from `now`. */
  readonly steadyNow?: () => number;
  readonly sleep?: Sleep;
  readonly log?: Log;
  /** Told every secret that is read, so that logs hide it. */
  readonly redactor?: Redactor;
  /** From the settings; without it the environment's (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). */
  readonly proxy?: ProxySetting | ProxyResolver;
  readonly timeouts?: Partial<Timeouts>;
  /** Longest reply that is read; 32 MB by default. */
  readonly maxBodyBytes?: number;
  readonly onEvent?: (event: GatewayEvent) => void;
  readonly signer?: Signer;
  /** Further certificates to trust (PEM). */
  readonly ca?: readonly string[];
}

/** A dry run's stamp: 9 September 2001, expired everywhere, with as many digits as today's. */
export const EXPIRED_MS = 1_000_000_000_000;
const LIMIT_TRIES = 5;
const READ_TRIES = 3;
const READ_PAUSE_MS = 200;

/** How a call that may be repeated ended, after its repetitions. */
type Asked<T> =
  | { readonly kind: 'read'; readonly reading: T; readonly state: AccountState }
  | { readonly kind: 'rejected'; readonly failure: VendorFailure; readonly retryAfterMs?: number }
  | { readonly kind: 'unknown'; readonly why: Bilingual };

const NOT_READ: Bilingual = {
  zh: '收到了应答，但控制台读它时出错，不能判断结果。',
  en: 'A reply came, but the console failed to read it, so the result cannot be told.',
};
const WRONG_COUNT: Bilingual = {
  zh: '收到了应答，但其中的结果数与所发的订单数不符。',
  en: 'A reply came, but the number of results in it is not that of the orders sent.',
};

class SignedCalls implements Gateway {
  readonly #options: GatewayOptions;
  readonly #now: () => number;
  readonly #steadyNow: () => number;
  readonly #sleep: Sleep;
  readonly #secrets: SecretCache;
  readonly #hosts = new HostCheck();
  readonly #transport: Transport;
  readonly #relay: RelaySigner;
  readonly #accounts = new Map<string, AccountState>();
  readonly #clocks = new Map<string, OriginClock>();
  readonly #told = new WeakMap<OriginClock, number>();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#steadyNow = options.steadyNow ?? (options.sleep === undefined ? () => performance.now() : steady(this.#now));
    this.#sleep = options.sleep ?? ((ms, signal) => wait(ms, undefined, signal && { signal }));
    this.#secrets = new SecretCache(async (id) => {
      const values = await options.secrets(id);
      for (const value of Object.values(values)) options.redactor?.add(value);
      return values;
    }, this.#steadyNow);
    this.#transport = new Transport({
      timeouts: { connectMs: 10_000, headersMs: 30_000, bodyMs: 30_000, ...options.timeouts },
      maxBodyBytes: options.maxBodyBytes ?? 32 * 1024 * 1024,
      proxy: options.proxy ?? proxyFromEnvironment(process.env),
      ca: options.ca ?? [],
      steadyNow: this.#steadyNow,
    });
    this.#relay = new RelaySigner(this.#transport, ({ vendor }) =>
      options.vendors(vendor).credentials.filter(({ kind }) => kind === 'secret'),
    );
  }

  prepare(account: Account, build: Build, options: PrepareOptions = {}): Promise<Prepared> {
    return this.#prepare(account, build, options);
  }

  commit(prepared: Prepared): Promise<TransportEnd> {
    return prepared instanceof PreparedCall ? this.#commit(prepared) : Promise.resolve(notOurs());
  }

  async update(
    prepared: Prepared,
    operation: UpdateOperation,
    rows: readonly UpdateRow[],
    params: Values,
  ): Promise<UpdateEnd> {
    if (!(prepared instanceof PreparedCall)) return { kind: 'rejected', failure: transportFailure(notOurs().error) };
    const end = await this.#commit(prepared);
    if (end.kind === 'not_sent') return { kind: 'rejected', failure: transportFailure(end.error) };
    if (end.kind === 'lost') return { kind: 'unknown', why: end.why, broken: true };
    const reading = this.#read<UpdateReading>(prepared, end.reply, (settings) =>
      operation.read(end.reply, rows, params, settings),
    );
    switch (reading.kind) {
      case 'unreadable':
        return { kind: 'unknown', why: reading.why };
      case 'answered':
        if (reading.rows.length !== rows.length) return { kind: 'unknown', why: WRONG_COUNT };
        return reading;
      case 'rejected':
      case 'batch_failed':
        return reading;
    }
  }

  async lookup(
    account: Account,
    operation: LookupOperation,
    params: Values,
    cursor: string | null,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<LookupEnd> {
    const build: Build = (context) => operation.request(params, cursor, context);
    const asked = await this.#ask(
      account,
      build,
      (reply, settings) => operation.read(reply, params, cursor, settings),
      options.signal,
    );
    return asked.kind === 'read' ? asked.reading : asked;
  }

  async ping(
    account: Account,
    operation: PingOperation,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<PingEnd> {
    const build: Build = (context) => operation.request(context);
    const asked = await this.#ask(account, build, (reply) => operation.read(reply), options.signal);
    if (asked.kind === 'unknown') return { ok: false, why: asked.why };
    if (asked.kind === 'rejected') return { ok: false, failure: asked.failure };
    const { reading, state } = asked;
    if (reading.kind === 'failed') return { ok: false, failure: reading.failure };
    const id = reading.requestId === undefined ? {} : { requestId: reading.requestId };
    return { ok: true, ...id, clockOffsetMs: state.clock.offset() ?? 0 };
  }

  async reach(account: Account, options: { readonly signal?: AbortSignal } = {}): Promise<AppError | null> {
    try {
      const { target } = this.#hosts.check(account, account.baseUrl);
      return await this.#transport.reach(target, options.signal);
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }

  vendorNow(account: Account): number {
    return this.#now() + this.#state(account).clock.applied();
  }

  clockOffset(account: Account): number | null {
    return this.#state(account).clock.offset();
  }

  pace(account: Account, pacing: Partial<PaceLimits>): void {
    const state = this.#state(account);
    state.override = { ...state.override, ...pacing };
    this.#adjust(state, { ...state.limits, ...pacing });
  }

  forget(accountId: string): void {
    this.#secrets.forget(accountId);
  }

  async reconnect(): Promise<void> {
    await this.#transport.close();
  }

  async close(): Promise<void> {
    this.#secrets.forget();
    await this.#transport.close();
  }

  async #prepare(account: Account, build: Build, options: PrepareOptions): Promise<PreparedCall> {
    const { signal, expired = false, dryAtMs = expired ? EXPIRED_MS : null } = options;
    signal?.throwIfAborted();
    const secrets = this.#secrets.get(account.id);
    const values = secrets instanceof Promise ? await secrets : secrets;
    const state = this.#state(account);
    let turn: number | null = null;
    if (dryAtMs === null) {
      const taken = state.pacer.take(signal);
      turn = typeof taken === 'number' ? taken : await taken;
    }
    try {
      const nowMs = dryAtMs ?? this.#now() + state.clock.applied();
      const context: SigningContext = {
        credentials: { ...account.plain, ...values },
        settings: state.settings,
        baseUrl: account.baseUrl,
        nowMs,
      };
      const { signer } = this.#options;
      const relayed = account.relay !== undefined;
      const request = relayed
        ? await this.#relay.sign(account, build, context, dryAtMs !== null)
        : signer === undefined
          ? build(context)
          : await signer(account, build, context);
      const to = this.#hosts.check(account, request.url);
      return new PreparedCall(account, state, turn, nowMs, request, to);
    } catch (error) {
      if (turn !== null) state.pacer.release();
      throw error;
    }
  }

  async #commit(prepared: PreparedCall, signal?: AbortSignal): Promise<TransportEnd> {
    if (prepared.turn === null || prepared.committed || prepared.released) return notOurs();
    prepared.committed = true;
    const { target, path, request, state, account } = prepared;
    const sentAt = this.#steadyNow();
    const end = await this.#transport.send(
      account.id,
      target,
      path,
      request,
      state.limits.concurrency,
      () => prepared.release(),
      signal,
    );
    const { log } = this.#options;
    if (end.kind === 'replied') {
      prepared.times = { sentAt, answeredAt: sentAt + end.elapsedMs };
      this.#learn(prepared, end.reply, false);
      log?.debug('call', {
        account: account.id,
        host: target.hostPort,
        status: end.reply.status,
        ms: Math.round(end.elapsedMs),
      });
    } else {
      log?.warn(`call_${end.kind}`, { account: account.id, host: target.hostPort, error: end.error });
    }
    return end;
  }

  /**
   * Repeats a call that changes nothing: limits are waited out, a clock error is re-signed once, a call that was not sent, lost or not
   * understood is tried again.
   */
  async #ask<T extends { readonly kind: string }>(
    account: Account,
    build: Build,
    read: (reply: Reply, settings: Settings) => T | Rejected | Unreadable,
    signal: AbortSignal | undefined,
  ): Promise<Asked<Exclude<T, Rejected | Unreadable>>> {
    let limits = 0;
    let clocks = 0;
    for (let tries = 1; ;) {
      const call = await this.#prepare(account, build, signal === undefined ? {} : { signal });
      const end = await this.#commit(call, signal);
      signal?.throwIfAborted();
      const asked = this.#understand(call, end, read);
      if (asked.kind === 'read') return asked;
      if (asked.kind === 'rejected' && asked.failure.class === 'limit') {
        if (++limits > LIMIT_TRIES) return asked;
        continue; // the next slot is given out when the back-off is over
      }
      if (asked.kind === 'rejected' && asked.failure.class === 'clock') {
        if (++clocks > 1) return asked;
        continue;
      }
      if (!worthAnother(end, asked.kind) || tries >= READ_TRIES) return asked;
      await this.#sleep(READ_PAUSE_MS * 2 ** (tries - 1), signal);
      tries++;
    }
  }

  #understand<T extends { readonly kind: string }>(
    call: PreparedCall,
    end: TransportEnd,
    read: (reply: Reply, settings: Settings) => T | Rejected | Unreadable,
  ): Asked<Exclude<T, Rejected | Unreadable>> {
    if (end.kind === 'not_sent') return { kind: 'rejected', failure: transportFailure(end.error) };
    if (end.kind === 'lost') return { kind: 'unknown', why: end.why };
    const reading = this.#read(call, end.reply, (settings) => read(end.reply, settings));
    if (isKind(reading, 'rejected')) return reading;
    if (isKind(reading, 'unreadable')) return { kind: 'unknown', why: reading.why };
    return { kind: 'read', reading: reading as Exclude<T, Rejected | Unreadable>, state: call.state };
  }

  /** Reads a reply and draws the account's lessons from it: back-off, clock. A reading that throws is unreadable. */
  #read<T extends { readonly kind: string }>(
    call: PreparedCall,
    reply: Reply,
    read: (settings: Settings) => T | Rejected | Unreadable,
  ): T | Rejected | Unreadable {
    let reading: T | Rejected | Unreadable;
    try {
      reading = read(call.state.settings);
      const { redactor } = this.#options;
      if (redactor !== undefined) reading = hideInReading(reading, (text) => redactor.redact(text));
    } catch (error) {
      this.#options.log?.error('read_failed', { account: call.account.id, status: reply.status, error });
      return { kind: 'unreadable', why: NOT_READ };
    }
    const { pacer } = call.state;
    if (!isKind(reading, 'rejected')) {
      if (reading.kind !== 'unreadable') pacer.succeeded(call.turn ?? 0);
      return reading;
    }
    const { failure } = reading;
    if (failure.class === 'clock') this.#learn(call, reply, true);
    if (failure.class !== 'limit') return reading;
    const base = this.#options.vendors(call.account.vendor).limits.backOffMs;
    const before = pacer.blockedUntil;
    const waitMs = pacer.limited(call.turn ?? 0, reading.retryAfterMs ?? retryAfterMs(reply), base);
    if (pacer.blockedUntil > before) {
      const untilMs = this.#now() + waitMs;
      this.#options.log?.warn('backing_off', { account: call.account.id, code: failure.code, ms: Math.round(waitMs) });
      this.#options.onEvent?.({ kind: 'backing_off', accountId: call.account.id, untilMs, failure });
    }
    return { ...reading, retryAfterMs: waitMs };
  }

  /** Learns from a reply's Date header, and tells when the offset is first known or has changed. */
  #learn(call: PreparedCall, reply: Reply, fresh: boolean): void {
    const date = reply.headers['date'];
    // A reply out of a cache has an old Date.
    if (date === undefined || reply.headers['age'] !== undefined || call.times === null) return;
    const clock = this.#clock(call.target.origin, call.account.id);
    if (!clock.learn(date, call.times.sentAt, call.times.answeredAt, fresh)) return;
    const offsetMs = clock.applied();
    const told = this.#told.get(clock) ?? 0;
    const warn = Math.abs(offsetMs) > WARN_BEYOND_MS;
    if (Math.abs(offsetMs - told) < APPLY_FROM_MS && warn === Math.abs(told) > WARN_BEYOND_MS) return;
    this.#told.set(clock, offsetMs);
    this.#options.log?.[warn ? 'warn' : 'info']('clock', {
      account: call.account.id,
      host: call.target.hostPort,
      offsetMs,
    });
    this.#options.onEvent?.({ kind: 'clock', accountId: call.account.id, offsetMs, warn });
  }

  /** A jump is told of with the account that asked first for its origin's clock: it is the machine's, and the same for all. */
  #clock(origin: string, accountId: string): OriginClock {
    const known = this.#clocks.get(origin);
    if (known !== undefined) return known;
    const clock = new OriginClock(this.#now, this.#steadyNow, (byMs) => {
      this.#options.log?.warn('clock_jumped', { host: origin, ms: Math.round(byMs) });
      this.#options.onEvent?.({ kind: 'clock_jumped', accountId, byMs });
    });
    this.#clocks.set(origin, clock);
    return clock;
  }

  #state(account: Account): AccountState {
    const known = this.#accounts.get(account.id);
    if (known?.account === account) return known;
    const vendor = this.#options.vendors(account.vendor);
    const limits = { ...paceOf(vendor, account), ...known?.override };
    const settings = { ...initialsOf(vendor), ...account.settings };
    const clock = this.#clock(originOf(account.baseUrl), account.id);
    if (known !== undefined) {
      Object.assign(known, { account, settings, clock });
      this.#adjust(known, limits);
      return known;
    }
    const pacer = new Pacer(limits, { now: this.#steadyNow, sleep: this.#sleep });
    const state: AccountState = { account, pacer, limits, override: {}, settings, clock };
    this.#accounts.set(account.id, state);
    return state;
  }

  #adjust(state: AccountState, limits: PaceLimits): void {
    if (limits.perSecond === state.limits.perSecond && limits.concurrency === state.limits.concurrency) return;
    state.limits = limits;
    state.pacer.adjust(limits);
  }
}

/** A call that was not prepared here to be sent, or was sent or given back already. */
function notOurs(): Extract<TransportEnd, { kind: 'not_sent' }> {
  return { kind: 'not_sent', error: invalidRequest('prepared') };
}

/** Makes a gateway. Nothing is opened, read or sent until the first call. */
export function createGateway(options: GatewayOptions): Gateway {
  return new SignedCalls(options);
}

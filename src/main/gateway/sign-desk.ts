import type { Account } from '../../contract/account.ts';
import type { Comparison, SignDeskView, SignWish } from '../../contract/sign.ts';
import type { Field } from '../../contract/vendor.ts';
import { problemOf } from '../vendors/shared/check.ts';
import { shanghaiMs, shanghaiTime } from '../vendors/shared/time.ts';
import type { Operation, Problem, Settings, SigningContext, Values } from '../vendors/types.ts';
import { describeRequest, hider } from './describe.ts';
import type { VendorFacts } from './facts.ts';
import { initialsOf } from './facts.ts';
import { compareSign, compareText, looksLikeSign, unwrapped } from './sign-compare.ts';
import type { Build, Gateway, SecretReader } from './types.ts';
import { EXPIRED_MS } from './gateway.ts';

/** A typed time this near to now may be taken by the vendor. No vendor's documents allow more than minutes; a day leaves room for clocks. */
const FRESH_MS = 86_400_000;
/** Combinations of an account's settings that are tried to explain another sign. */
const MOST_COMBINATIONS = 64;

const TIME_FIELD: Pick<Field, 'id' | 'names'> = { id: 'time', names: { zh: '时间', en: 'Time' } };

/** What the sign desk stands on. */
export interface SignDesk {
  readonly gateway: Pick<Gateway, 'prepare'>;
  readonly secrets: SecretReader;
  readonly vendors: (id: Account['vendor']) => VendorFacts;
  readonly now?: () => number;
}

/** The typed time, ms: '' is the expired one. Null when it is no time. */
function timeOf(text: string): number | null {
  const typed = text.trim();
  if (typed === '') return EXPIRED_MS;
  if (/^\d{13}$/u.test(typed)) return Number(typed);
  if (/^\d{10}$/u.test(typed)) return Number(typed) * 1000;
  return shanghaiMs(typed) ?? null;
}

/** The request of an operation for these values, or what is wrong with them. */
function requestOf(
  operation: Operation,
  { params, row }: Pick<SignWish, 'params' | 'row'>,
  settings: Settings,
): { readonly build: Build } | { readonly problems: readonly Problem[] } {
  switch (operation.kind) {
    case 'ping':
      return { build: (context) => operation.request(context) };
    case 'lookup': {
      const checked = operation.check(params, settings);
      return checked.ok
        ? { build: (context) => operation.request(checked.value, null, context) }
        : { problems: checked.problems };
    }
    case 'update': {
      const shared = operation.checkParams(params, settings);
      if (!shared.ok) return { problems: shared.problems };
      const checked = operation.checkRow(row, shared.value, settings);
      return checked.ok
        ? { build: (context) => operation.request([checked.value], shared.value, context) }
        : { problems: checked.problems };
    }
  }
}

/** The vendor's settings that offer choices, in every combination but the present one; the nearest first. */
function otherSettings(fields: readonly Field[], present: Settings): readonly Values[] {
  const choices = fields.filter(({ kind }) => kind === 'choice');
  let combinations: Values[] = [{}];
  for (const { id, choices: values = [] } of choices) {
    combinations = combinations.flatMap((one) => values.map(({ value }) => ({ ...one, [id]: value })));
    if (combinations.length > MOST_COMBINATIONS) return [];
  }
  const changed = combinations.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([id, value]) => value !== present[id])),
  );
  return changed
    .filter((one) => Object.keys(one).length > 0)
    .sort((a, b) => Object.keys(a).length - Object.keys(b).length);
}

/** What the build learns on the side while it has the credentials in hand: nothing that holds them. */
interface Learnt {
  signsTime: boolean;
  settings: Values | null;
}

/** Signs at the given context and, beside it, finds out whether the time is signed and which settings would give the pasted sign. */
function learning(build: Build, fields: readonly Field[], theirSign: string | null, learnt: Learnt): Build {
  return (context) => {
    const request = build(context);
    const later: SigningContext = { ...context, nowMs: context.nowMs + FRESH_MS };
    learnt.signsTime = build(later).signedText !== request.signedText;
    if (theirSign !== null && theirSign !== request.sign) {
      learnt.settings =
        otherSettings(fields, context.settings).find(
          (change) => build({ ...context, settings: { ...context.settings, ...change } }).sign === theirSign,
        ) ?? null;
    }
    return request;
  };
}

/** The time as it may stand in a signed text. */
function timesIn(text: string, atMs: number): string | null {
  const seconds = String(Math.floor(atMs / 1000));
  return [String(atMs), seconds, shanghaiTime(atMs)].find((one) => text.includes(one)) ?? null;
}

/**
 * Signs what a person wants to see signed and compares it with what they pasted from the vendor's own tool. Sends nothing and needs no network.
 * What is wrong with the values is answered; the vault's errors and the gateway's are thrown.
 */
export async function signAtDesk(
  { gateway, secrets, vendors, now = Date.now }: SignDesk,
  account: Account,
  operation: Operation,
  wish: Omit<SignWish, 'accountId' | 'operation'>,
): Promise<SignDeskView> {
  const facts = vendors(account.vendor);
  const made = requestOf(operation, wish, { ...initialsOf(facts), ...account.settings });
  const atMs = timeOf(wish.time);
  const problems = [
    ...('problems' in made ? made.problems : []),
    ...(atMs === null
      ? [
          problemOf('field.time', TIME_FIELD, {
            zh: '写成 2024-05-01 00:00:00（北京时间），或 1970 年以来的秒数或毫秒数',
            en: 'write 2024-05-01 00:00:00 (Beijing time), or the seconds or milliseconds since 1970',
          }),
        ]
      : []),
  ];
  if ('problems' in made || atMs === null) {
    const told = problems.map(({ field = '', message }) => ({ field, message }));
    return { problems: told, request: null, time: null, comparison: null };
  }
  const pasted = unwrapped(wish.pasted);
  const theirSign = looksLikeSign(pasted) ? pasted : null;
  const learnt: Learnt = { signsTime: false, settings: null };
  const build = learning(made.build, facts.settings, theirSign, learnt);
  const prepared = await gateway.prepare(account, build, { dryAtMs: atMs });
  prepared.release();
  const values = await secrets(account.id);
  const request = describeRequest(prepared.request, values);
  const expired = learnt.signsTime && atMs === EXPIRED_MS;
  const compared = (): Comparison => {
    if (theirSign !== null) {
      const found = compareSign(request.sign, theirSign, expired);
      return { what: 'sign', ...found, settings: learnt.settings };
    }
    const shown = expired ? timesIn(request.signedText, atMs) : null;
    return { what: 'text', ...compareText(request.signedText, hider(values)(pasted), shown), settings: null };
  };
  return {
    problems: [],
    request,
    time: {
      kind: !learnt.signsTime ? 'unsigned' : atMs === EXPIRED_MS ? 'expired' : 'typed',
      atMs,
      fresh: learnt.signsTime && Math.abs(atMs - now()) < FRESH_MS,
    },
    comparison: pasted === '' ? null : compared(),
  };
}

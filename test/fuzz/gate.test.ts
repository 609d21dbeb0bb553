import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/contract/errors.ts';
import { ROUTES, type RouteName } from '../../src/contract/routes.ts';
import { z } from '../../src/contract/zod.ts';
import { createGate, type Handlers, type Sender } from '../../src/main/ipc/gate.ts';
import { folderOf, TestConsole } from '../main/routes/support.ts';
import { fuzz } from './harness.ts';
import { oddJson, oddText } from './hostile.ts';

const NAMES = Object.keys(ROUTES) as RouteName[];
const CODES: readonly string[] = [
  ...ERROR_CODES,
  'FOREIGN_SENDER',
  'UNKNOWN_ROUTE',
  'BAD_INPUT',
  'BAD_OUTPUT',
  'LOCKED',
];

/** The part of JSON Schema that zod makes of our inputs. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly minimum?: number;
}

/** Anything that structured cloning carries from a page, which JSON does not. */
const cloned: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: oddJson },
  {
    weight: 1,
    arbitrary: fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, Number.NaN, Infinity, -1, 2 ** 53, 1e21) },
);

function objects({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const entries = Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema)] as const);
  if (entries.length > 0) return fc.record(Object.fromEntries(entries), { requiredKeys: [...required] });
  const inside = typeof additionalProperties === 'object' ? valuesOf(additionalProperties) : cloned;
  const keys = fc.oneof(fc.constantFrom('order', 'note', 'status', 'orderNo', 'order_sn', 'appId'), oddText);
  return fc.dictionary(keys, inside, { maxKeys: 4 });
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return fc.oneof(...several.map(valuesOf));
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objects(schema);
    case 'array':
      return fc.array(schema.items === undefined ? cloned : valuesOf(schema.items), { maxLength: 3 });
    case 'string':
      return fc.oneof(fc.constantFrom('', 'a', 'wait_pay', '54'), oddText);
    case 'integer':
    case 'number':
      return fc.oneof(fc.constantFrom(0, 1, 2, 200), fc.integer({ min: 0, max: schema.maximum ?? 2 ** 40 }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.constant(undefined);
  }
}

/** Values that mostly fit a schema, and now and then are anything. */
const valuesOf = (schema: Schema): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 14, arbitrary: fitting(schema) }, { weight: 1, arbitrary: cloned });

const inputsOf = (route: RouteName): fc.Arbitrary<unknown> =>
  valuesOf(z.toJSONSchema(ROUTES[route].input, { unrepresentable: 'any', io: 'input' }) as Schema);

const calls = fc.constantFrom(...NAMES).chain((route) => fc.tuple(fc.constant(route), inputsOf(route)));

interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly text: unknown };
}

describe('whatever is sent to main', () => {
  it('meets the gate: only our window, only a route, only what its schema takes', async () => {
    const reached: [RouteName, unknown][] = [];
    const handlers = Object.fromEntries(
      NAMES.map((route) => [route, (input: unknown) => void reached.push([route, input])]),
    );
    const answer = createGate({ handlers: handlers as unknown as Handlers, log: () => undefined });
    const ours = { url: 'app://console/index.html', isMainFrame: true, isOurWindow: true };
    const senders: fc.Arbitrary<Sender | null> = fc.oneof(
      { weight: 5, arbitrary: fc.constant(ours) },
      { weight: 1, arbitrary: fc.constant(null) },
      {
        weight: 2,
        arbitrary: fc.record({
          url: fc.oneof(oddText, fc.constantFrom(ours.url, 'app://console.evil/', 'file:///', 'about:blank')),
          isMainFrame: fc.boolean(),
          isOurWindow: fc.boolean(),
        }),
      },
    );
    const anything = fc.oneof(calls, fc.tuple(fc.oneof(fc.constantFrom(...NAMES), cloned), cloned));
    await fuzz('calls of the gate', fc.tuple(senders, anything), async ([sender, [route, input]]) => {
      reached.length = 0;
      const { ok, error } = (await answer(sender, route, input)) as Answer;
      const home = sender !== null && sender.isMainFrame && sender.isOurWindow && sender.url === ours.url;
      if (!home) expect(reached).toEqual([]);
      for (const [name, taken] of reached) {
        expect(name).toBe(route);
        expect(ROUTES[name].input.safeParse(taken).success).toBe(true);
      }
      if (!ok) expect(CODES).toContain(error?.code);
    });
  });

  describe('and passes it', () => {
    const folder = folderOf();
    let console: TestConsole;
    beforeAll(async () => {
      console = await TestConsole.start(folder.path);
      await console.call('app.state');
    });
    afterAll(async () => {
      await console.console.close();
      folder.remove();
    });

    it('is done or refused with words, never with an internal error', async () => {
      const accounts = (await console.call('accounts.list')).map(({ id, vendor }) => ({ id, vendor }));
      const vendors = await console.call('vendors.list');
      const targets = accounts.flatMap(({ id, vendor }) =>
        (vendors.find((one) => one.id === vendor)?.operations ?? []).map((operation) => [id, operation.id] as const),
      );
      // Ids that are real bring an input past the first question.
      // A lock that was set by chance would hide all that comes after it.
      const unlocked = calls.filter(([route]) => route !== 'lock.set');
      const real = fc
        .tuple(unlocked, fc.constantFrom(...targets), fc.boolean())
        .map(([[route, input], target, own]) => {
          if (!own || typeof input !== 'object' || input === null) return [route, input] as const;
          const [accountId, operation] = target;
          const named = {
            ...('accountId' in input ? { accountId } : {}),
            ...('operation' in input ? { operation } : {}),
          };
          return [route, { ...input, ...named }] as const;
        });
      await fuzz('calls behind the gate', real, async ([route, input]) => {
        const { ok, error } = (await console.answer(route, input)) as Answer;
        if (ok) return;
        expect(CODES).toContain(error?.code);
        expect(['INTERNAL', 'BAD_OUTPUT'], `${route} ${JSON.stringify(console.logged.at(-1))}`).not.toContain(
          error?.code,
        );
      });
    });
  });
});

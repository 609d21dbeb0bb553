import fc from 'fast-check';
import type { Field, VendorId } from '../../src/contract/vendor.ts';
import { closeTwins, startTwins, type Twin, type TwinOrder, type VendingOrder } from '../../src/main/twins/index.ts';
import { vendor } from '../../src/main/vendors/registry.ts';
import type {
  Operation,
  Reply,
  SignedRequest,
  SigningContext,
  UpdateRow,
  Values,
} from '../../src/main/vendors/types.ts';

/** An operation as it is called at its vendor's twin, with what the twin answers: true replies to mutate. */
export interface Sampled {
  readonly vendor: VendorId;
  readonly operation: Operation;
  readonly params: Values;
  readonly settings: Values;
  readonly rows: readonly UpdateRow[];
  readonly replies: readonly Reply[];
}

const SHANGHAI_MS = 8 * 3_600_000;
const shanghai = (ms: number): string => new Date(ms + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');

/** The time at the twins: with the seed, all that their replies follow from. */
const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
/** Where the orders to ask for begin: the vending machines' paid one is a sample of their documents. */
const firstOrder = (twin: Twin): number => Math.max(0, twin.vendor === 'vending' ? twin.indexOf('54') : 0);

/** What a field is filled with that the twin's order knows best. */
function known(field: Field, order: TwinOrder): string | undefined {
  if (field.id === 'delivery_id') return '1';
  if (field.id === 'machine_no' && 'machineNo' in order) return String(order.machineNo);
  if (field.id === 'record_id' && 'records' in order) return String((order as VendingOrder).records[0]?.id);
  return undefined;
}

/** A value that the field takes: its first word, its example, an order of the twin's, or a time of the last hours. */
function valueOf(field: Field, twin: Twin, index: number): string {
  const own = known(field, twin.order(firstOrder(twin) + index));
  if (own !== undefined) return own;
  if (field.kind === 'order' || field.kind === 'orders') return twin.orderNumber(firstOrder(twin) + index);
  if (field.kind === 'time') return shanghai(twin.now() - (field.id.startsWith('start') ? 6 * 3_600_000 : 60_000));
  return field.initial ?? field.choices?.[0]?.value ?? field.example ?? '1';
}

/** The fields that must be filled in, and the machine, which an order's line may have in its place. */
const valuesOf = (fields: readonly Field[], twin: Twin, index = 0): Values =>
  Object.fromEntries(
    fields
      .filter(({ required, id }) => required || id === 'machine_no')
      .map((field) => [field.id, valueOf(field, twin, index)] as const),
  );

/** Loopback answers at once; a twin that closes the connection instead has no reply to give. */
async function send({ method, url, headers, body }: SignedRequest): Promise<Reply[]> {
  try {
    const reply = await fetch(url, { method, headers, body: body === null ? null : Buffer.from(body) });
    return [{ status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.bytes() }];
  } catch {
    return [];
  }
}

function requestOf(sampled: Omit<Sampled, 'replies'>, context: SigningContext): SignedRequest {
  const { operation, params, rows } = sampled;
  switch (operation.kind) {
    case 'lookup':
      return operation.request(params, null, context);
    case 'update':
      return operation.request(rows, params, context);
    case 'ping':
      return operation.request(context);
  }
}

/** The settings as they begin, and with the last word of each choice: another sign, another format. */
function settingsOf(id: VendorId): readonly Values[] {
  const { settings } = vendor(id);
  const begin = settings.map((field) => [field.id, field.initial ?? ''] as const);
  const other = settings.map((field) => [field.id, field.choices?.at(-1)?.value ?? field.initial ?? ''] as const);
  return [Object.fromEntries(begin), Object.fromEntries(other)];
}

async function sample(id: VendorId, operation: Operation, settings: Values, twin: Twin): Promise<Sampled> {
  const rows =
    operation.kind !== 'update'
      ? []
      : [0, 1, 2].slice(0, operation.batchSize).map((index) => {
          const values = valuesOf(operation.rowFields, twin, index);
          const order = operation.rowFields.find(({ kind }) => kind === 'order')?.id ?? '';
          return { order: values[order] ?? '', values };
        });
  const form = valuesOf(operation.params, twin);
  const checked = operation.kind === 'lookup' ? operation.check(form, settings) : null;
  const whole = checked?.ok === true ? checked.value : form;
  // Of a lookup that is one call an order, the first of them.
  const calls = operation.kind === 'lookup' && operation.plan?.kind === 'each' ? operation.plan.calls(whole) : [];
  const params = calls[0]?.params ?? whole;
  const called = { vendor: id, operation, params, settings, rows };
  const right = { credentials: twin.credentials, settings, baseUrl: twin.url, nowMs: twin.now() };
  const wrong = { ...right.credentials };
  for (const { id: name, kind } of vendor(id).credentials) if (kind === 'secret') wrong[name] = 'wrong';
  const replies: Reply[] = [];
  for (const context of [right, { ...right, credentials: wrong }, { ...right, nowMs: right.nowMs - 86_400_000 }]) {
    replies.push(...(await send(requestOf(called, context))));
  }
  return Object.assign(called, { replies, [fc.toStringMethod]: () => `${id} ${operation.id}` });
}

/** Every operation of every vendor with replies of its twin: done, wrongly signed and out of time. */
export async function sampleAll(): Promise<readonly Sampled[]> {
  const twins = await startTwins(
    { seed: 11, orders: 50, now: () => NOW_MS },
    { polyv: { vendorOptions: { data: 'lists' } } },
  );
  try {
    const sampled: Sampled[] = [];
    for (const id of Object.keys(twins) as VendorId[]) {
      for (const operation of vendor(id).operations) {
        for (const settings of settingsOf(id)) sampled.push(await sample(id, operation, settings, twins[id]));
      }
    }
    return sampled;
  } finally {
    await closeTwins(twins);
  }
}

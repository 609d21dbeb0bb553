import type { OrderFacts, OrderPart } from '../../contract/order.ts';
import type { VendorId } from '../../contract/vendor.ts';
import { MASK } from '../lookups/results.ts';
import { vendor } from '../vendors/registry.ts';

/** What of a vendor's fields is personal, by their lookups' columns. */
interface Personal {
  /** Ids of columns that are not; a field that no column describes is taken for personal, as nobody has said that it is not. */
  readonly plain: ReadonlySet<string>;
  /** Names of fields within lists that are. */
  readonly inLists: ReadonlySet<string>;
}

function personalOf(id: VendorId): Personal {
  const columns = vendor(id).operations.flatMap((one) => (one.kind === 'lookup' ? one.columns : []));
  const personal = columns.filter((column) => column.personal === true).map((column) => column.id);
  const plain = new Set(columns.map((column) => column.id));
  for (const one of personal) plain.delete(one);
  return {
    plain,
    inLists: new Set(personal.filter((one) => one.includes('.')).map((one) => one.replace(/^[^.]*\./u, ''))),
  };
}

function masked(
  fields: Readonly<Record<string, string>>,
  hides: (name: string) => boolean,
): { readonly fields: Record<string, string>; readonly some: boolean } {
  let some = false;
  const shown = Object.entries(fields).map(([name, value]) => {
    const hidden = value !== '' && hides(name);
    some ||= hidden;
    return [name, hidden ? MASK : value];
  });
  return { fields: Object.fromEntries(shown) as Record<string, string>, some };
}

const hide = (value: string | null): string | null => (value === null || value === '' ? value : MASK);

/** An order with a mask in place of what is personal in it, and whether there was something. */
export function maskedFacts(id: VendorId, facts: OrderFacts): { readonly facts: OrderFacts; readonly some: boolean } {
  const { plain, inLists } = personalOf(id);
  const { name, phone, address } = facts.buyer;
  const fields = masked(facts.fields, (field) => !plain.has(field));
  const parts = facts.parts.map((part): { part: OrderPart; some: boolean } => {
    const own = masked(part.fields, (field) => inLists.has(field));
    return { part: { ...part, fields: own.fields }, some: own.some };
  });
  const some =
    fields.some || parts.some((one) => one.some) || [name, phone, address].some((value) => (value ?? '') !== '');
  return {
    facts: {
      ...facts,
      buyer: { name: hide(name), phone: hide(phone), address: hide(address) },
      fields: fields.fields,
      parts: parts.map(({ part }) => part),
    },
    some,
  };
}

import fc from 'fast-check';

/** Texts that have undone readers before: empty, huge, half characters, other scripts, names of prototypes, numbers that are none. */
const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\udfff',
  '\ufeff',
  '\u202e订单',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-0',
  '1e999',
  '0x10',
  '٣',
  '9'.repeat(400),
  '订'.repeat(3_000),
  '-1',
  '2026-13-45 99:99:99',
  '9999-12-31 23:59:59',
  '<!DOCTYPE a>',
  ']]>',
  '&#0;',
  '=1+1',
  '"',
  "'",
  '\\u0000',
  '\r\n',
];

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

function nested(depth: number, key: string | null): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = key === null ? [value] : { [key]: value };
  return value;
}

/** Any JSON value, deep, wide and odd ones among them; each a fresh one, as it may be changed. */
export const oddJson: fc.Arbitrary<unknown> = fc
  .oneof(
    { weight: 4, arbitrary: oddText },
    { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], [{}], 0, -0, 1, -1, 0.1, 1e308) },
    { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
    { weight: 2, arbitrary: fc.integer() },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
    { weight: 1, arbitrary: fc.constantFrom(nested(400, null), nested(400, 'a'), nested(50, 'data')) },
    { weight: 1, arbitrary: fc.constantFrom(Array(2_000).fill(null), Array(500).fill({ orderNo: 'x' })) },
  )
  .map((value) => structuredClone(value));

const edit = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'rename', 'repeat', 'wrap'),
  value: oddJson,
});
type Edit = typeof edit extends fc.Arbitrary<infer Each> ? Each : never;
type Slot = readonly [holder: Record<string, unknown>, key: string];

function slotsOf(value: unknown, slots: Slot[] = []): Slot[] {
  if (typeof value !== 'object' || value === null) return slots;
  for (const key of Object.keys(value)) {
    slots.push([value as Record<string, unknown>, key]);
    slotsOf((value as Record<string, unknown>)[key], slots);
  }
  return slots;
}

function applied(root: { readonly value: unknown }, { at, how, value }: Edit): void {
  const slots = slotsOf(root);
  const [holder, key] = slots[at % slots.length] ?? [{}, ''];
  if (how === 'remove') delete holder[key];
  else if (how === 'rename') {
    holder[`${key}_`] = holder[key];
    delete holder[key];
  } else if (how === 'repeat') holder[key] = [holder[key], holder[key]];
  else if (how === 'wrap') holder[key] = { [key]: holder[key] };
  else holder[key] = value;
}

/** The JSON value of a text with one to four of its places changed, as text again. */
export const mutatedJson = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 })).map(([text, edits]) => {
    const root: { value: unknown } = { value: JSON.parse(text) };
    for (const one of edits) applied(root, one);
    // All of it may be gone, of which JSON has no text.
    return root.value === undefined ? 'undefined' : JSON.stringify(root.value);
  });

const cut = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 400 })),
  how: fc.constantFrom('remove', 'repeat', 'insert', 'flip', 'end', 'move'),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    oddText.map((text) => Buffer.from(text)),
  ),
});
type Cut = typeof cut extends fc.Arbitrary<infer Each> ? Each : never;

function cutAt(bytes: Buffer, { at, length, how, bytes: other }: Cut): Buffer {
  const start = Math.floor(at * bytes.length);
  const [before, piece, after] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ];
  if (how === 'end') return before;
  if (how === 'remove') return Buffer.concat([before, after]);
  if (how === 'repeat') return Buffer.concat([before, ...Array<Buffer>(20).fill(piece), after]);
  if (how === 'move') return Buffer.concat([after, piece, before]);
  if (how === 'insert') return Buffer.concat([before, other, piece, after]);
  return Buffer.concat([before, piece.map((byte, index) => byte ^ (other[index % other.length] ?? 0xff)), after]);
}

/** The bytes with one to five of their places cut, doubled, moved, flipped or filled. */
export const mutatedBytes = (seeds: readonly Uint8Array[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(cut, { minLength: 1, maxLength: 5 }))
    .map(([seed, cuts]) => cuts.reduce(cutAt, Buffer.from(seed)));

/** A little text many times over: what a reader that looks back takes long for. */
export const monotone = (pieces: readonly string[], mostBytes: number): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...pieces), fc.constantFrom(...pieces), fc.integer({ min: 1, max: mostBytes }))
    .map(([piece, end, bytes]) => Buffer.from(piece.repeat(Math.ceil(bytes / (piece.length * 3))) + end));

export const anyBytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

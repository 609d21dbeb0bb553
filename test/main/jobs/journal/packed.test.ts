import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packRows, RowPacker, unpackRows } from '../../../../src/main/jobs/journal/packed.ts';
import type { IntakeRow } from '../../../../src/main/jobs/types.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('物流单号', '😀', '\ud83d', ''));
const problem = fc.record({ code: text, message: fc.record({ zh: text, en: text }) });
const row: fc.Arbitrary<IntakeRow> = fc
  .record({
    line: fc.nat(),
    order: text,
    cells: fc.array(text, { maxLength: 5 }),
    values: fc.option(fc.dictionary(text, text, { maxKeys: 4 })),
  })
  .chain((one) => fc.option(problem).map((wrong) => ({ ...one, problem: wrong })));

const json = (bytes: Uint8Array | null): unknown => (bytes === null ? null : JSON.parse(Buffer.from(bytes).toString()));
const seen = (rows: Iterable<ReturnType<typeof unpackRows> extends Iterable<infer R> ? R : never>): unknown[] =>
  [...rows].map((one) => ({ ...one, cells: json(one.cells), values: json(one.values) }));
const meant = (rows: readonly IntakeRow[]): unknown[] =>
  rows.map((one) => ({
    ...one,
    values: one.problem === null && one.values !== null ? JSON.parse(JSON.stringify(one.values)) : null,
  }));

it('rows come out as they went in, whatever is in their cells', () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(seen(unpackRows(packRows(rows)))).toEqual(meant(rows));
    }),
  );
});

it('rows larger than what there is room for come out as they went in, and those after them', () => {
  const large: IntakeRow = { line: 1, order: 'a', cells: ['订'.repeat(900_000)], values: { a: 'b' }, problem: null };
  const small: IntakeRow = { line: 2, order: 'b', cells: ['x'], values: null, problem: null };
  const packer = new RowPacker();
  for (const rows of [[small, large], [large, large, small], [small]]) {
    packer.add(rows);
    expect(packer.waiting).toBe(rows.length);
    expect(seen(unpackRows(packer.take()))).toEqual(meant(rows));
  }
});

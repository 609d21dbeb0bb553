import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { headerHash, mappingInHeader, movableMapping } from '../../../../src/main/jobs/intake/remembered.ts';

const HEADER = ['订单号', 'Note', '标记'];

describe('a header’s hash', () => {
  it.each<[string, readonly string[]]>([
    ['its columns moved', ['标记', '订单号', 'Note']],
    ['its columns turned round', ['标记', 'Note', '订单号']],
    ['other case, spaces and marks', ['*订单号', ' NOTE:', '【标 记】']],
  ])('is the same with %s', (_, header) => {
    expect(headerHash(header)).toBe(headerHash(HEADER));
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['another name', HEADER, ['订单号', 'Notes', '标记']],
    ['a column more', HEADER, [...HEADER, 'x']],
    ['a column without a name', HEADER, [...HEADER, '']],
    ['one cut in another place', ['ab', 'c'], ['a', 'bc']],
    ['moved columns where a name occurs twice', ['a', 'b', 'A'], ['b', 'a', 'A']],
    ['moved columns where one has no name', ['a', 'b', ''], ['b', 'a', '']],
    ['nothing', HEADER, []],
  ])('is another for %s', (_, header, other) => {
    expect(headerHash(other)).not.toBe(headerHash(header));
  });

  it('is a SHA-256 that keeps no word of it', () => {
    expect(headerHash(HEADER)).toMatch(/^[0-9a-f]{64}$/u);
    const text = JSON.stringify([true, 'a', 'b']);
    expect(headerHash(['b', ' A'])).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('a remembered mapping', () => {
  const fields = new Set(['order', 'note', 'tag']);

  it.each<[readonly string[], Readonly<Record<string, number>>]>([
    [HEADER, { order: 0, note: 1 }],
    [['标记', '订单号', 'note'], { order: 1, note: 2 }],
    [['NOTE', '标记', '订单号'], { order: 2, note: 0 }],
  ])('fits %j', (header, mapping) => {
    const kept = movableMapping(HEADER, { order: 0, note: 1 });
    expect(mappingInHeader(header, kept, fields)).toEqual(mapping);
  });

  it.each<[readonly string[]]>([[['b', 'a', 'B']], [['b', '', 'a']]])('goes by the place alone in %j', (header) => {
    const kept = movableMapping(header, { order: 0, note: 2 });
    expect(kept).toEqual({ order: 0, note: 2 });
    expect(mappingInHeader(header, kept, fields)).toEqual({ order: 0, note: 2 });
  });

  it('is kept by the place among the sorted names', () => {
    expect(movableMapping(['c', 'a', 'b'], { order: 0, note: 1, tag: 2 })).toEqual({ order: 2, note: 0, tag: 1 });
  });

  it('leaves out what has no field or no column any more', () => {
    expect(mappingInHeader(['a', 'b'], { order: 0, gone: 1, note: 2, tag: -1 }, fields)).toEqual({ order: 0 });
  });
});

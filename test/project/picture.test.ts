import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../scripts/terminal-picture.mjs';

interface Drawn {
  readonly svg: { readonly title: string; readonly '@width': string; readonly g: { readonly text: readonly Piece[] } };
}
interface Piece {
  readonly '#text': string;
  readonly '@x': string;
  readonly '@y': string;
  readonly '@fill': string;
  readonly '@font-weight'?: string;
}

function drawn(text: string): readonly Piece[] {
  const svg = pictureOf(text, 'a <run>');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => name === 'text',
  });
  const picture = parser.parse(svg) as Drawn;
  expect(picture.svg.title).toBe('a <run>');
  return picture.svg.g.text;
}

describe('the picture of a terminal', () => {
  it('draws each style at its column, colours kept over line ends', () => {
    const pieces = drawn('plain \u001B[1;31mbad\u001B[0m\n\u001B[32mgood\nstill\u001B[39m <&>');
    expect(pieces.map((one) => [one['#text'], one['@x'], one['@y'], one['@fill'], one['@font-weight']])).toEqual([
      ['plain', '16.0', '62', '#d7dae0', undefined],
      ['bad', '66.4', '62', '#ff7b72', 'bold'],
      ['good', '16.0', '82', '#56d364', undefined],
      ['still', '16.0', '102', '#56d364', undefined],
      ['<&>', '66.4', '102', '#d7dae0', undefined],
    ]);
  });

  it('gives a Chinese character two columns and drops what moves the cursor', () => {
    const pieces = drawn('a订单b\u001B[2K');
    expect(pieces.map((one) => [one['#text'], one['@x']])).toEqual([
      ['a', '16.0'],
      ['订', '24.4'],
      ['单', '41.2'],
      ['b', '58.0'],
    ]);
  });
});

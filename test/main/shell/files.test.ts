import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFor, typeOf } from '../../../src/main/shell/files.ts';

const ROOT = '/opt/console/out/renderer';

describe('fileFor', () => {
  it.each([
    ['app://console/', 'index.html'],
    ['app://console', 'index.html'],
    ['app://console/index.html', 'index.html'],
    ['app://console/index.html?a=../../x#/../y', 'index.html'],
    ['app://console/assets/index-B3x_9.js', 'assets/index-B3x_9.js'],
    ['app://console/assets/%69ndex.css', 'assets/index.css'],
    ['app://console/assets/../index.html', 'index.html'],
    ['app://console/../../../index.html', 'index.html'],
    ['app://console/%2e%2e/index.html', 'index.html'],
  ])('serves %s', (url, file) => {
    expect(fileFor(url, ROOT)).toBe(`${ROOT}/${file}`);
  });

  it.each([
    'app://other/index.html',
    'app://console.evil/index.html',
    'app://console:80/index.html',
    'app://user@console/index.html',
    'app://:pass@console/index.html',
    'file:///etc/passwd',
    'https://console/index.html',
    'App',
    '',
    'app:console/index.html',
    'app://console/..%2f..%2fetc/passwd',
    'app://console/%2e%2e%2fsecret',
    'app://console/%252e%252e/secret',
    'app://console/..%5c..%5csecret',
    'app://console/..\\..\\secret',
    'app://console/a%00.js',
    'app://console/a%0a.js',
    'app://console/%',
    'app://console/%ff',
    'app://console//etc/passwd',
    'app://console/assets//index.js',
    'app://console/assets/',
    'app://console/C:/Windows/win.ini',
    'app://console/C%3a/Windows/win.ini',
    'app://console/index.html::$DATA',
    'app://console/index.html.',
    'app://console/index.html%20',
    'app://console/.env',
    'app://console/assets/.git/config',
    'app://console/NUL',
    'app://console/assets/com1.js',
    'app://console/~root',
    'app://console/中文.js',
  ])('refuses %s', (url) => {
    expect(fileFor(url, ROOT)).toBeNull();
    expect(fileFor(url, 'C:\\console\\renderer', path.win32)).toBeNull();
  });

  it('never leaves the root, whatever the address', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e',
        '%2E%2e',
        '/',
        '%2f',
        '\\',
        '%5c',
        '%00',
        ':',
        'C:',
        '~',
        '%25',
        'a',
        'index.html',
        '?',
        '#',
        '@',
        ' ',
      ),
      fc.string({ maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 3 }).map(encodeURIComponentSafely),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const url = `app://console/${pieces.join('')}`;
        for (const [flavour, root] of [
          [path.posix, ROOT],
          [path.win32, 'C:\\console\\renderer'],
        ] as const) {
          const file = fileFor(url, root, flavour);
          if (file === null) continue;
          const inner = flavour.relative(root, flavour.resolve(file));
          expect(inner).not.toBe('');
          expect(flavour.isAbsolute(inner) || inner.split(flavour.sep).includes('..')).toBe(false);
          expect(file).not.toMatch(/[\0%]/);
          expect(inner).not.toContain(':');
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('serves every name that a build makes', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,20}\.(?:js|css|woff2)$/);
    const safe = name.filter((text) => !/^(?:con|prn|aux|nul|com\d|lpt\d)\./i.test(text));
    fc.assert(fc.property(safe, (text) => fileFor(`app://console/assets/${text}`, ROOT) === `${ROOT}/assets/${text}`));
  });
});

function encodeURIComponentSafely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
}

describe('typeOf', () => {
  it.each([
    ['a/index.html', 'text/html; charset=utf-8'],
    ['a/x.JS', 'text/javascript; charset=utf-8'],
    ['a/x.css', 'text/css; charset=utf-8'],
    ['a/x.woff2', 'font/woff2'],
    ['a/x.exe', 'application/octet-stream'],
    ['constructor', 'application/octet-stream'],
    ['a.toString', 'application/octet-stream'],
  ])('%s is %s', (file, type) => {
    expect(typeOf(file)).toBe(type);
  });
});

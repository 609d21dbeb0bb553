import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { licencesOf, licenceTexts, packageFolder } from '../../../scripts/licences.mjs';
import { readLicences } from '../../../src/main/routes/licences.ts';
import { folderOf } from './support.ts';

const MODULES = resolve(import.meta.dirname, '../../../node_modules');

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf();
});
afterEach(() => folder.remove());

describe('what a build is made of', () => {
  it('is told by its modules', () => {
    expect(packageFolder(join(MODULES, 'zod/v4/core/api.js'))).toBe(join(MODULES, 'zod'));
    expect(packageFolder(`\0${join(MODULES, '@vue/shared/dist/x.js')}?commonjs-proxy`)).toBe(
      join(MODULES, '@vue/shared'),
    );
    expect(packageFolder(join(MODULES, '../src/main/index.ts'))).toBeNull();
    expect(packageFolder('\0vite/preload-helper')).toBeNull();
    const found = licencesOf([join(MODULES, 'zod'), join(MODULES, 'undici'), join(MODULES, 'zod')]);
    expect(found.map(({ name, licence }) => [name, licence])).toEqual([
      ['undici', 'MIT'],
      ['zod', 'MIT'],
    ]);
  });

  it('is said in the words of older packages, too', () => {
    const named = (name: string, rest: object): string => {
      const path = join(folder.path, name);
      mkdirSync(path);
      writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...rest }));
      return path;
    };
    const found = licencesOf([
      named('a', { license: { type: 'ISC' } }),
      named('b', { licenses: [{ type: 'MIT' }, { type: 'BSD' }] }),
      named('c', {}),
    ]);
    expect(found.map(({ licence }) => licence)).toEqual(['ISC', 'MIT OR BSD', 'UNKNOWN']);
  });

  it('carries the words of every licence', () => {
    const texts = licenceTexts([join(MODULES, 'zod'), join(MODULES, 'undici'), join(MODULES, 'zod')]);
    expect(texts).toMatch(/^undici [\d.]+ \(MIT\)\n\nMIT License\n[\s\S]+\nzod [\d.]+ \(MIT\)\n\nMIT License\n/u);
    expect(texts.split('Permission is hereby granted')).toHaveLength(3);
  });

  it('is one list, from those of all its parts', async () => {
    const parts = ['main', 'renderer'].map((name) => join(folder.path, name));
    const [zod, vue] = ['zod', 'vue'].map((name) => ({ name, version: '1', licence: 'MIT' }));
    parts.forEach((part, index) => {
      mkdirSync(part);
      writeFileSync(join(part, 'licences.json'), JSON.stringify(index === 0 ? [zod] : [zod, vue]));
    });
    expect(await readLicences(parts)).toEqual([vue, zod]);
    await expect(readLicences([folder.path])).rejects.toThrow();
  });
});

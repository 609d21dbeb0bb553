import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const text = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type?: string;
  readonly private: boolean;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(text('package.json')) as Manifest;
const lock = JSON.parse(text('package-lock.json')) as {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly hasInstallScript?: boolean } & Partial<Manifest>>
  >;
};

describe('package.json', () => {
  it('is private, MIT, named, and CommonJS by having no type', () => {
    expect(manifest.name).toBe('order-console');
    expect(manifest.private).toBe(true);
    expect(manifest.license).toBe('MIT');
    expect(text('LICENSE')).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} Order Console contributors\n/u);
    expect(manifest.type).toBeUndefined();
    expect(manifest.engines).toEqual({ node: '>=20' });
  });

  it('pins what must not move by itself, and takes the maintained keytar', () => {
    const { electron, 'electron-vite': electronVite, node } = manifest.devDependencies;
    for (const version of [electron, electronVite, node]) expect(version).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(node).toMatch(/^24\./u);
    expect(manifest.dependencies).toEqual({ keytar: 'npm:@github/keytar@7.10.6' });
  });

  it('lets no package but node run an install script', () => {
    const allowed = Object.entries(manifest.allowScripts).filter(([, may]) => may);
    expect(allowed).toEqual([['node', true]]);
    const withScripts = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([place]) => place.replace(/^.*node_modules\//u, ''));
    expect(withScripts).toContain('node');
    for (const name of withScripts) expect(manifest.allowScripts).toHaveProperty([name]);
  });

  it('starts every script by the bootstrap, with a task of the same name', () => {
    for (const [name, command] of Object.entries(manifest.scripts)) {
      expect(command).toBe(`node scripts/bootstrap.mjs ${name}`);
    }
    const tasks = [...text('scripts/bootstrap.mjs').matchAll(/^ {2}'?([\w:]+)'?: \{/gmu)].map((match) => match[1]);
    expect(Object.keys(manifest.scripts).sort()).toEqual(tasks.sort());
  });
});

describe('package-lock.json', () => {
  it('is in step with package.json, so that npm ci takes it', () => {
    const { name, version, dependencies, devDependencies } = lock.packages[''] ?? {};
    expect({ name, version, dependencies, devDependencies }).toEqual({
      name: manifest.name,
      version: manifest.version,
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    for (const dependency of names) expect(lock.packages, dependency).toHaveProperty([`node_modules/${dependency}`]);
  });
});

describe('.ci/run', () => {
  it('calls npm test and nothing cleverer', () => {
    expect(text('.ci/run').trim().split('\n')).toEqual([
      '#!/usr/bin/env bash',
      'set -euo pipefail',
      'cd "$(dirname "$0")/.."',
      'export CI=true',
      'npm test </dev/null',
    ]);
  });

  it.runIf(process.platform !== 'win32')('may be run', () => {
    expect(fs.statSync(path.join(root, '.ci', 'run')).mode & 0o111).toBe(0o111);
  });
});

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  it('names only scripts that exist', () => {
    const named = [...text(file).matchAll(/\bnpm (?:run ([\w-]+)|(start|test)\b)/gu)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    expect(named).toEqual(expect.arrayContaining(['start', 'test', 'cli']));
    for (const name of named) expect(manifest.scripts).toHaveProperty([name]);
  });

  it('links only to files that exist', () => {
    const links = [...text(file).matchAll(/\]\((?!https?:|#)([^)\s]+)\)/gu)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect(fs.existsSync(path.join(root, link)), link).toBe(true);
  });
});

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../scripts/build.mjs';
import { faultsOf, MOST_ASAR_BYTES } from '../../scripts/package/contents.ts';
import { sbomOf } from '../../scripts/package/sbom.ts';

const root = path.resolve(import.meta.dirname, '../..');
const built = path.join(root, 'out', 'main');
let folder: string;

function node(args: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '' },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

describe('the built program', () => {
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'built-'));
    buildIfStale(root);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('has entries that load no other entry', () => {
    const entries = fs.readdirSync(built).filter((name) => name.endsWith('.js'));
    expect(entries.sort()).toEqual([
      'checkpoint-worker.js',
      'cli.js',
      'data-worker.js',
      'index.js',
      'workbook-worker.js',
    ]);
    const files = fs.readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    for (const file of files) {
      const loaded = [...fs.readFileSync(path.join(built, file), 'utf8').matchAll(/require\("(\.[^"]+)"\)/gu)].map(
        (match) => path.join(path.dirname(file), match[1] ?? ''),
      );
      for (const entry of entries) expect(loaded, file).not.toContain(entry);
    }
  });

  it('holds nothing that a package must not: no map, no secret, no development server', () => {
    const out = path.join(root, 'out');
    const files = fs
      .readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== '.built')
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => ({
        name: `out/${path.relative(out, file).split(path.sep).join('/')}`,
        unpacked: false,
        bytes: fs.readFileSync(file),
      }));
    expect(faultsOf(files, 'linux-x64').filter((fault) => !/native modules/u.test(fault))).toEqual([]);
    expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(MOST_ASAR_BYTES);
  });

  it('has a bill of materials: every package that is in it, with version, licence and hash, and the same each time', () => {
    const bill = sbomOf(root) as {
      bomFormat: string;
      components: { name: string; licenses: object[]; hashes?: { content: string }[] }[];
    };
    const names = bill.components.map(({ name }) => name);
    expect(bill.bomFormat).toBe('CycloneDX');
    for (const name of ['@github/keytar', 'electron', '@vue/runtime-dom', 'zod', 'undici'])
      expect(names).toContain(name);
    expect(names).not.toContain('vitest');
    for (const { name, hashes, licenses } of bill.components) {
      expect(hashes?.[0]?.content, name).toMatch(/^[\da-f]{128}$/u);
      expect(JSON.stringify(licenses), name).not.toContain('UNKNOWN');
    }
    expect(sbomOf(root)).toEqual(bill);
  });

  it('says its version', () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect(node([path.join(built, 'cli.js'), '--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('runs a job, its database thread included', () => {
    const update = ['update', 'twin-pdd', 'note-update', '-', '--twins', '--yes', '--data-folder', folder];
    const run = node([path.join(built, 'cli.js'), ...update], 'order_sn,note\n230101-123456789012345,hi\n');
    // The twin has no such order, so the row is kept from being sent.
    expect(run.code, run.out + run.err).toBe(3);
    expect(run.out).toContain('There is no such order');
  });
});

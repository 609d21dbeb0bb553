import fs from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

// The project's own configuration; planted texts are no files, so only the rules that need types are left out.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked },
    { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false, project: null } } },
  ],
});

async function findings(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
}

/** What the arrow rule says about one import in a planted file. */
async function arrowFindings(file: string, specifier: string): Promise<string[]> {
  const all = await findings(file, `import '${specifier}';\n`);
  return all.map((line) => {
    expect(line).toMatch(/^order-console\/arrows: /);
    return line.replace('order-console/arrows: ', '');
  });
}

const ALLOWED: readonly (readonly [file: string, specifier: string])[] = [
  ['src/contract/planted.ts', './text.ts'],
  ['src/contract/planted.ts', 'zod'],
  ['src/renderer/app/planted.ts', '../../contract/text.ts'],
  ['src/renderer/app/planted.ts', '../stores/planted.ts'],
  ['src/renderer/app/planted.ts', 'vue'],
  ['src/preload/index.ts', '../contract/text.ts'],
  ['src/preload/index.ts', 'electron'],
  ['src/main/vendors/polyv/planted.ts', '../types.ts'],
  ['src/main/vendors/polyv/planted.ts', '../../../contract/text.ts'],
  ['src/main/vendors/polyv/planted.ts', 'node:crypto'],
  ['src/main/gateway/planted.ts', '../vendors/types.ts'],
  ['src/main/gateway/planted.ts', 'undici'],
  ['src/main/vault/planted.ts', '../vendors/types.ts'],
  ['src/main/vault/planted.ts', '../../contract/text.ts'],
  ['src/main/store/planted.ts', '../../contract/text.ts'],
  ['src/main/jobs/runner/planted.ts', '../../gateway/types.ts'],
  ['src/main/jobs/runner/planted.ts', '../../vendors/types.ts'],
  ['src/main/jobs/runner/planted.ts', '../../store/planted.ts'],
  ['src/main/jobs/runner/planted.ts', '../types.ts'],
  ['src/main/lookups/planted.ts', '../gateway/types.ts'],
  ['src/main/orders/planted.ts', '../store/planted.ts'],
  ['src/main/twins/planted.ts', './server.ts'],
  ['src/main/twins/planted.ts', 'node:http'],
  ['src/main/services.ts', './jobs/types.ts'],
  ['src/main/services.ts', './twins/server.ts'],
  ['src/main/index.ts', 'electron'],
  ['src/main/shell/planted.ts', 'electron'],
  ['src/cli/planted.ts', '../main/services.ts'],
  ['src/cli/planted.ts', '../main/jobs/types.ts'],
  ['src/cli/planted.ts', '../../package.json'],
  ['test/main/planted.test.ts', '../../src/main/twins/server.ts'],
];

const REFUSED: readonly (readonly [file: string, specifier: string, says: string])[] = [
  ['src/contract/planted.ts', '../main/vendors/types.ts', 'contract may not import vendors'],
  ['src/contract/planted.ts', 'undici', 'contract may not import the package "undici"'],
  ['src/contract/planted.ts', 'node:fs', 'contract may not import the package "node:fs"'],
  ['src/renderer/app/planted.ts', '../../main/services.ts', 'renderer may not import main'],
  ['src/renderer/app/planted.ts', '../../main/vendors/types.ts', 'renderer may not import vendors'],
  ['src/renderer/app/planted.ts', '../../preload/index.ts', 'renderer may not import preload'],
  ['src/renderer/app/planted.ts', 'node:fs', 'renderer may not import the package "node:fs"'],
  ['src/renderer/app/planted.ts', 'electron', 'electron is imported in main/index.ts'],
  ['src/preload/index.ts', '../main/services.ts', 'preload may not import main'],
  ['src/preload/index.ts', '../renderer/app/planted.ts', 'preload may not import renderer'],
  ['src/main/vendors/polyv/planted.ts', '../../gateway/types.ts', 'vendors may not import gateway'],
  ['src/main/vendors/polyv/planted.ts', 'node:https', 'vendors may not import the package "node:https"'],
  ['src/main/vendors/polyv/planted.ts', 'fs/promises', 'vendors may not import the package "fs/promises"'],
  ['src/main/vendors/polyv/planted.ts', 'undici', 'vendors may not import the package "undici"'],
  ['src/main/gateway/planted.ts', '../vault/planted.ts', 'gateway may not import vault'],
  ['src/main/gateway/planted.ts', '../jobs/types.ts', 'gateway may not import jobs'],
  ['src/main/gateway/planted.ts', '../store/planted.ts', 'gateway may not import store'],
  ['src/main/vault/planted.ts', '../gateway/types.ts', 'vault may not import gateway'],
  ['src/main/vault/planted.ts', '../store/planted.ts', 'vault may not import store'],
  ['src/main/store/planted.ts', '../jobs/types.ts', 'store may not import jobs'],
  ['src/main/store/planted.ts', '../vendors/types.ts', 'store may not import vendors'],
  ['src/main/jobs/runner/planted.ts', '../../lookups/planted.ts', 'jobs may not import lookups'],
  ['src/main/jobs/runner/planted.ts', '../../vault/planted.ts', 'jobs may not import vault'],
  ['src/main/jobs/runner/planted.ts', '../../services.ts', 'jobs may not import main'],
  ['src/main/lookups/planted.ts', '../jobs/types.ts', 'lookups may not import jobs'],
  ['src/main/orders/planted.ts', '../lookups/planted.ts', 'orders may not import lookups'],
  ['src/main/twins/planted.ts', '../vendors/types.ts', 'twins may not import vendors'],
  ['src/main/twins/planted.ts', '../../contract/text.ts', 'twins may not import contract'],
  ['src/main/twins/planted.ts', 'fast-xml-parser', 'twins may not import the package "fast-xml-parser"'],
  ['src/main/services.ts', '../cli/index.ts', 'main may not import cli'],
  ['src/main/services.ts', 'electron', 'electron is imported in main/index.ts'],
  ['src/main/ipc/planted.ts', '../jobs/types.ts', 'ipc may not import jobs'],
  ['src/main/shell/planted.ts', '../jobs/types.ts', 'shell may not import jobs'],
  ['src/cli/planted.ts', '../renderer/app/planted.ts', 'cli may not import renderer'],
  ['src/cli/planted.ts', 'electron/main', 'electron is imported in main/index.ts'],
  ['src/cli/planted.ts', '../../test/support/planted.ts', 'lies outside src/'],
  ['src/main/store/planted.ts', '../../../package.json', 'lies outside src/'],
  ['src/main/newroom/planted.ts', '../../contract/text.ts', 'is in no room of the design'],
  ['src/helpers/planted.ts', '../contract/text.ts', 'is in no room of the design'],
];

describe('the arrows of the design', () => {
  it.each(ALLOWED)('%s may import %s', async (file, specifier) => {
    expect(await arrowFindings(file, specifier)).toEqual([]);
  });

  it.each(REFUSED)('%s may not import %s', async (file, specifier, says) => {
    const found = await arrowFindings(file, specifier);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it.each([
    ['a type import', "import type { A } from '../jobs/types.ts';\nexport const a: A | null = null;\n"],
    ['a re-export', "export * from '../jobs/types.ts';\n"],
    ['a named re-export', "export { A } from '../jobs/types.ts';\n"],
    ['a dynamic import', "export const a = import('../jobs/types.ts');\n"],
    ['a dynamic import by template', 'export const a = import(`../jobs/types.ts`);\n'],
    ['an import type', "export type A = import('../jobs/types.ts').Job;\n"],
    ['a worker by URL', "export const a = new URL('../jobs/types.ts', import.meta.url);\n"],
  ])('hold for %s too', async (_, text) => {
    const found = await findings('src/main/store/planted.ts', text);
    expect(found.filter((line) => line.startsWith('order-console/arrows: store may not import jobs'))).toHaveLength(1);
  });
});

describe('other rules that must bite', () => {
  const rules = async (text: string): Promise<string[]> =>
    (await findings('src/main/jobs/planted.ts', text)).map((line) => line.split(':')[0] ?? '');

  it('refuses any, ts-ignore, non-null assertions and unused names', async () => {
    expect(await rules('export const a = (b: any): unknown => b;\n')).toEqual(['@typescript-eslint/no-explicit-any']);
    expect(await rules('// @ts-ignore\nexport const a = 1;\n')).toEqual(['@typescript-eslint/ban-ts-comment']);
    expect(await rules('export const a = (b: string | null): string => b!;\n')).toEqual([
      '@typescript-eslint/no-non-null-assertion',
    ]);
    expect(await rules('const a = 1;\nexport {};\n')).toEqual(['@typescript-eslint/no-unused-vars']);
  });

  it('refuses files over 400 lines and functions over 60', async () => {
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, n) => `export const a${String(n)} = ${String(n)};\n`).join('');
    expect(await rules(lines(400))).toEqual([]);
    expect(await rules(lines(401))).toEqual(['max-lines']);
    const body = (count: number): string => `export function a(): void {\n${'  a();\n'.repeat(count)}}\n`;
    expect(await rules(body(58))).toEqual([]);
    expect(await rules(body(59))).toEqual(['max-lines-per-function']);
  });

  it('refuses to search the keychain, by name or by text', async () => {
    expect(await rules("import k from 'keytar';\nexport const a = k.findCredentials('s');\n")).toEqual([
      'no-restricted-syntax',
    ]);
    expect(await rules("export const a = 'findPassword';\n")).toEqual(['no-restricted-syntax']);
    expect(await rules("export const a = 'getPassword';\n")).toEqual([]);
  });

  it('wants a reason from who switches a rule off', async () => {
    const disabled = (comment: string): string => `${comment}\nexport const a = (b: any): unknown => b;\n`;
    const rule = '@typescript-eslint/no-explicit-any';
    expect(await rules(disabled(`// eslint-disable-next-line ${rule} -- the vendor sends anything`))).toEqual([]);
    expect(await rules(disabled(`// eslint-disable-next-line ${rule}`))).toEqual(['order-console/reasoned-disable']);
    expect(await rules(disabled(`/* eslint-disable ${rule} */`))).toEqual(['order-console/reasoned-disable']);
  });

  it('finds no file that switches all rules off, which would silence the rule above too', () => {
    const bare = /eslint-disable\s*(\*\/|--)/u;
    const files = ['src', 'test', 'scripts'].flatMap((folder) =>
      fs
        .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.m?[jt]s$/u.test(name) && path.basename(name) !== path.basename(import.meta.filename))
        .map((name) => path.join(root, folder, name)),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => bare.test(fs.readFileSync(file, 'utf8')))).toEqual([]);
    expect(bare.test('/* eslint-disable */')).toBe(true);
  });
});

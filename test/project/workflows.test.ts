import fs from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../.github/workflows');
const names = fs.readdirSync(folder).sort();

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: unknown; readonly environment?: string; readonly steps: readonly Step[] }>
  >;
}
const text = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');
const workflow = (name: string): Workflow => load(text(name)) as Workflow;
const stepsOf = (name: string): readonly Step[] => Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);

it('are the suite and the packages', () => {
  expect(names).toEqual(['package.yml', 'test.yml']);
});

describe.each(names)('%s', (name) => {
  it('may read the sources and nothing else', () => {
    const { on, permissions, jobs } = workflow(name);
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) expect(job.permissions).toBeUndefined();
    expect(Object.keys(on)).not.toContain('pull_request_target');
  });

  it('pins every action by its commit, with the version beside it, and leaves no token behind', () => {
    const lines = text(name).match(/^.*\buses: .*$/gmu) ?? [];
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/uses: actions\/[a-z-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/u);
    for (const step of stepsOf(name)) {
      if (step.uses?.startsWith('actions/checkout@') === true)
        expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
  });

  it('runs on the Node.js that npm installs here', () => {
    const { devDependencies } = JSON.parse(fs.readFileSync(path.resolve(folder, '../../package.json'), 'utf8')) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    const setup = stepsOf(name).find(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(setup?.with).toEqual({ 'node-version': devDependencies['node'] });
  });
});

it('test.yml runs npm test on the three systems, with Electron and a keychain, and knows no secret', () => {
  expect(text('test.yml')).toMatch(/os: \[ubuntu-[\d.]+, windows-\d+, macos-\d+\]/u);
  expect(text('test.yml')).not.toContain('secrets.');
  const commands = stepsOf('test.yml').map(({ run = '' }) => run);
  for (const part of ['npm ci', 'npm test', 'ELECTRON_PATH=', 'create-keychain'])
    expect(commands.join('\n')).toContain(part);
});

it('package.yml takes what it signs with from the release environment, in the one step that packs', () => {
  const { jobs } = workflow('package.yml');
  expect(Object.values(jobs).map(({ environment }) => environment)).toEqual(['release']);
  const withSecrets = stepsOf('package.yml').filter((step) => JSON.stringify(step).includes('secrets.'));
  expect(withSecrets.map(({ run }) => run?.includes('npm run package'))).toEqual([true]);
});

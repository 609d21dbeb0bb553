import { Instrumenter } from '@stryker-mutator/instrumenter';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One change to one place of the sources. */
export interface Mutant {
  readonly id: string;
  /** Relative to the project, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly mutator: string;
  readonly replacement: string;
  /** Why it is not run; null when it is. */
  readonly ignored: string | null;
}

const silent = (): void => undefined;
const SILENT_LOGGER = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** The TypeScript files of the project below the given folders or files of src/main. */
export function sourcesOf(root: string, parts: readonly string[]): string[] {
  const patterns = parts.flatMap((part) =>
    part.endsWith('.ts') ? [`src/main/${part}`] : [`src/main/${part}/**/*.ts`],
  );
  return globSync(patterns, { cwd: root })
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/** Copies src/, test/ and examples/, as far as there are any, into `folder`, the named source files with all their mutants in them, and lists these. */
export async function instrument(root: string, folder: string, files: readonly string[]): Promise<Mutant[]> {
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'test', 'examples', 'package.json', 'tsconfig.json'].filter((one) =>
    existsSync(path.join(root, one)),
  ))
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  const inputs = files.map((name) => ({ name, mutate: true, content: readFileSync(path.join(root, name), 'utf8') }));
  const made = await new Instrumenter(SILENT_LOGGER).instrument(inputs, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  for (const { name, content } of made.files) writeFileSync(path.join(folder, name), content);
  return made.mutants.map((mutant) => ({
    id: mutant.id,
    file: mutant.fileName,
    line: mutant.location.start.line + 1,
    column: mutant.location.start.column + 1,
    mutator: mutant.mutatorName,
    replacement: mutant.replacement,
    ignored: mutant.status === 'Ignored' ? (mutant.statusReason ?? 'ignored') : null,
  }));
}

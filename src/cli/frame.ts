import { AppError } from '../contract/errors.ts';
import { say, type Bilingual, type Language } from '../contract/text.ts';
import { languageWish, parse, type Invocation } from './args.ts';
import { EXIT, Interrupted, type ExitCode } from './exit.ts';
import { chooseLanguage } from './language.ts';
import { Prompter, type Keyboard } from './prompt.ts';
import { harmless, Terminal, type Output } from './terminal.ts';
import { commandUsage, usage } from './usage.ts';

/** Everything outside the program that a command meets; `process` in the application. */
export interface World {
  readonly stdin: Keyboard & AsyncIterable<Buffer | string>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** What a command's body is given. */
export interface CommandContext {
  readonly invocation: Invocation;
  readonly terminal: Terminal;
  readonly prompter: Prompter;
  readonly world: World;
}

/** A command's body; it answers with the exit code, or throws an AppError. */
export type CommandBody = (context: CommandContext) => Promise<ExitCode>;

/** Tells of an error in the person's language, as JSON with --json; the exit code that it deserves. */
export function tell(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof Interrupted) {
    terminal.note(say({ zh: '已中断。', en: 'Interrupted.' }, terminal.language));
    return EXIT.INTERRUPTED;
  }
  const { code, message, remedy } = error instanceof AppError ? { code: error.code, ...error.text } : unexpected(error);
  const [first, second] = [message, remedy].map((text: Bilingual) => harmless(say(text, terminal.language)));
  terminal.object({ event: 'error', code, message: first, remedy: second });
  terminal.error(first ?? '', second ?? '');
  if (!(error instanceof AppError)) terminal.note(...framesOf(error));
  return code === 'USAGE' ? EXIT.USAGE : EXIT.INTERNAL;
}

/** An unforeseen error's own words may hold anything, a secret too; its kind and its place in the program can't. */
function unexpected(error: unknown): {
  readonly code: string;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
} {
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  return {
    code: 'INTERNAL',
    message: { zh: `程序内部出错（${kind}）。`, en: `The program failed inside (${kind}).` },
    remedy: {
      zh: '已完成的部分都已记录。请把下面几行报告给我们。',
      en: 'What was done is recorded. Please report the lines below.',
    },
  };
}

function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack.split('\n').filter((line) => /^\s+at \S/u.test(line));
}

function terminalOf(world: World, language: Language, argv: readonly string[]): Terminal {
  const { stdout, stderr, env } = world;
  const given = (option: string): boolean => argv.includes(option);
  return new Terminal({ stdout, stderr, env, language, json: given('--json'), noColor: given('--no-color') });
}

/**
 * Runs one command line: reads it, finds the command's body by its name, tells of errors. Never throws; resolves with the exit
 * code. `argv` is without node and script.
 */
export async function runCommandLine(
  argv: readonly string[],
  world: World,
  bodies: Readonly<Record<string, CommandBody>>,
): Promise<ExitCode> {
  const language = chooseLanguage(languageWish(argv), world.env);
  const terminal = terminalOf(world, language, argv);
  try {
    const parsed = parse(argv);
    if (parsed.kind === 'version') {
      terminal.line(world.version);
      terminal.object({ version: world.version });
      return EXIT.OK;
    }
    if (parsed.kind === 'help') {
      const lines = parsed.command === null ? usage(language) : commandUsage(parsed.command, language);
      // Help without a command and without --help is a wrong use, though a kind one.
      if (argv.length === 0 || terminal.json) terminal.note(...lines);
      else terminal.line(...lines);
      return argv.length === 0 ? EXIT.USAGE : EXIT.OK;
    }
    const { invocation } = parsed;
    const body = bodies[invocation.command.name];
    if (body === undefined) throw new Error(`no body for ${invocation.command.name}`);
    return await body({ invocation, terminal, prompter: new Prompter(world.stdin, world.stderr, language), world });
  } catch (error) {
    return tell(error, terminal);
  } finally {
    terminal.footer();
  }
}

/** Keeps a reader that goes away (`… | head`) from ending a job that runs: what is printed then is lost, nothing else. */
export function surviveClosedPipes(...outputs: readonly NodeJS.WritableStream[]): void {
  for (const output of outputs) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { passedOn } from './child.ts';

/**
 * `unlocked`: a keyring that holds and gives. `locked`: the service runs, its keyring was not unlocked (or never created, in a fresh home).
 * `no_service`: a D-Bus session that knows no secret service. `no_bus`: no D-Bus session at all.
 */
export type KeyringState = 'unlocked' | 'locked' | 'no_service' | 'no_bus';

/** A throw-away home whose keyring outlives a run, so that one run can lock what another one wrote. */
export interface KeyringHome {
  readonly dir: string;
  remove(): void;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = join(import.meta.dirname, 'keyring.sh');
/** Opens a throw-away keyring, and nothing else. */
const PASSWORD = 'throw-away';
const LIMIT_MS = 60_000;
const BUS_WITHOUT_SERVICES = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${tmpdir()}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * What this machine lacks for a real keyring, as package names; empty when nothing is missing. Under CI=true something missing throws one line
 * instead, elsewhere it is printed, so that the tests that are skipped say why.
 */
export async function missingForKeyring(): Promise<readonly string[]> {
  const missing: string[] = [];
  if (!onPath('dbus-run-session')) missing.push('dbus');
  if (!onPath('gnome-keyring-daemon')) missing.push('gnome-keyring');
  try {
    await import('keytar');
  } catch {
    missing.push('libsecret-1-0');
  }
  if (missing.length > 0) {
    const line = `the real keyring is not tested: this machine lacks ${missing.join(', ')}`;
    if (process.env['CI'] === 'true') throw new Error(line);
    console.warn(line);
  }
  return missing;
}

export function createKeyringHome(): KeyringHome {
  const dir = mkdtempSync(join(tmpdir(), 'keyring-'));
  mkdirSync(join(dir, 'data'), { mode: 0o700 });
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A private environment: no display that a prompt could open on, nothing of the inherited session. */
function privateEnvironment(home: KeyringHome, runtime: string): Record<string, string> {
  return {
    PATH: '',
    ...passedOn(['PATH', 'NODE_COMPILE_CACHE']),
    HOME: home.dir,
    LANG: 'C.UTF-8',
    XDG_DATA_HOME: join(home.dir, 'data'),
    XDG_CONFIG_HOME: join(home.dir, 'config'),
    XDG_CACHE_HOME: join(home.dir, 'cache'),
    XDG_RUNTIME_DIR: runtime,
    KEYRING_PASSWORD: PASSWORD,
  };
}

function inState(state: KeyringState, runtime: string, command: readonly string[]): readonly string[] {
  switch (state) {
    case 'unlocked':
    case 'locked':
      return ['dbus-run-session', '--', SCRIPT, state, ...command];
    case 'no_service': {
      const config = join(runtime, 'bus.conf');
      writeFileSync(config, BUS_WITHOUT_SERVICES);
      return ['dbus-run-session', `--config-file=${config}`, '--', SCRIPT, 'bare', ...command];
    }
    case 'no_bus':
      return [SCRIPT, 'bare', ...command];
  }
}

/**
 * Runs a command with the home's keyring in a state, in a D-Bus session of its own that ends with it. Rejects when it takes over a minute; then
 * its whole process group is killed.
 */
export async function runWithKeyring(
  home: KeyringHome,
  state: KeyringState,
  command: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const runtime = mkdtempSync(join(home.dir, 'run-'));
  const [program = '', ...args] = inState(state, runtime, command);
  const child = spawn(program, args, {
    env: { ...privateEnvironment(home, runtime), ...options.env },
    cwd: home.dir,
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      reject(new Error(`${command.join(' ')} did not end within ${LIMIT_MS} ms\n${stderr}`));
    }, LIMIT_MS);
    child.on('error', reject).on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** A D-Bus session that stays open, for programs that are started by others: `env` leads them to it. */
export interface KeyringSession {
  readonly env: Readonly<Record<string, string>>;
  /** Unlocks a locked keyring, as a person does who types its password. */
  unlock(): Promise<void>;
  /** Ends the session; the home keeps what was written. */
  close(): Promise<void>;
}

const UNLOCK = 1;

/** Gives the running daemon the password as a login does (pam_gnome_keyring): a zero byte, then a packet of length, operation and password. */
async function unlockDaemon(control: string): Promise<void> {
  const password = Buffer.from(PASSWORD);
  const packet = Buffer.alloc(12 + password.length);
  packet.writeUInt32BE(packet.length, 0);
  packet.writeUInt32BE(UNLOCK, 4);
  packet.writeUInt32BE(password.length, 8);
  password.copy(packet, 12);
  const socket = connect(control);
  socket.write(Buffer.concat([Buffer.from([0]), packet]));
  const parts: Buffer[] = [];
  for await (const part of socket) {
    parts.push(part as Buffer);
    if (Buffer.concat(parts).length >= 8) break;
  }
  const result = Buffer.concat(parts);
  if (result.length < 8 || result.readUInt32BE(4) !== 0) throw new Error('the keyring could not be unlocked');
}

/** Opens a session with the home's keyring in a state. It ends with this process at the latest. Rejects when there is none within a minute. */
export async function openKeyring(
  home: KeyringHome,
  state: 'unlocked' | 'locked' | 'no_service',
): Promise<KeyringSession> {
  const runtime = mkdtempSync(join(home.dir, 'run-'));
  // Says where it is, then waits for the end of its input.
  const [program = '', ...args] = inState(state, runtime, ['sh', '-c', 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat']);
  const child = spawn(program, args, {
    env: privateEnvironment(home, runtime),
    cwd: home.dir,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no D-Bus session within ${LIMIT_MS} ms`));
    }, LIMIT_MS);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    child.on('error', reject).on('close', () => reject(new Error('the D-Bus session ended before it began')));
  });
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime },
    unlock: () => unlockDaemon(join(runtime, 'keyring', 'control')),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

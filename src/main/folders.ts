import { realpathSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { appError } from '../contract/errors.ts';

/** What finding the data folder may depend on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Where a path really leads, and the number of its file system's kind; throws for what is not there. */
  readonly look: (folder: string) => { readonly real: string; readonly fileSystem: number };
}

const THIS_MACHINE: Machine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  look: (folder) => ({ real: realpathSync.native(folder), fileSystem: statfsSync(folder).type }),
};

/** Linux' numbers of file systems that lie on another machine: NFS, SMB, CIFS, SMB2, Ceph, AFS (linux/magic.h). */
const FAR_AWAY: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x00c36400, 0x5346414f]);
/** `\\\\server\\share`; not `\\\\?\\C:\\` or `\\\\.\\`, which are local, but for `\\\\?\\UNC\\`. */
const ON_A_SERVER = /^[\\/]{2}(?:[?.][\\/]UNC[\\/]|(?![?.][\\/]))/i;

function localFolder({ platform, env, home }: Machine): string {
  // Local, not roaming: a journal that follows the person to another machine could be written there at the same time.
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Order Console');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Order Console');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'order-console');
}

/** The folder itself, or the nearest one above it that is there, as the machine sees it; null when none can be looked at. */
function nearest(folder: string, look: Machine['look']): ReturnType<Machine['look']> | null {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return look(at);
    } catch {
      if (dirname(at) === at) return null;
    }
  }
}

function isOnNetwork(folder: string, { platform, look }: Machine): boolean {
  if (platform === 'win32' && ON_A_SERVER.test(folder)) return true;
  const seen = nearest(folder, look);
  if (seen === null) return false;
  // A drive letter that stands for a share is told by where it leads.
  return platform === 'win32' ? ON_A_SERVER.test(seen.real) : platform === 'linux' && FAR_AWAY.has(seen.fileSystem);
}

/**
 * Where the console keeps its data: `ORDER_CONSOLE_DATA`, else the system's local folder. Throws DATA_FOLDER_NETWORK for a folder on another
 * machine (a share, a drive letter of one, on Linux a mounted one), where the locks that keep writers apart do not hold.
 */
export function dataFolder(machine: Machine = THIS_MACHINE): string {
  const own = machine.env['ORDER_CONSOLE_DATA'] ?? '';
  // A share's name must be seen as it was given, as other systems make a path of their own of it.
  const given = own === '' ? localFolder(machine) : own;
  const folder = own === '' ? given : resolve(own);
  if ((machine.platform === 'win32' && ON_A_SERVER.test(given)) || isOnNetwork(folder, machine)) {
    throw appError(
      'DATA_FOLDER_NETWORK',
      { zh: '数据文件夹在网络位置上。', en: 'The data folder is on the network.' },
      {
        zh: '请改用本机磁盘上的文件夹（ORDER_CONSOLE_DATA）。',
        en: 'Use a folder on a disk of this machine (ORDER_CONSOLE_DATA).',
      },
    );
  }
  return folder;
}

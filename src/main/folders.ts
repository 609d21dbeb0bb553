import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { appError } from '../contract/errors.ts';

/** What finding the data folder may depend on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const THIS_MACHINE: Machine = { platform: process.platform, env: process.env, home: homedir() };

function localFolder({ platform, env, home }: Machine): string {
  // Local, not roaming: a journal that follows the person to another machine could be written there at the same time.
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Order Console');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Order Console');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'order-console');
}

/**
 * Where the console keeps its data: `ORDER_CONSOLE_DATA`, else the system's local folder. Throws DATA_FOLDER_NETWORK for a network path,
 * where the locks that keep writers apart do not hold.
 */
export function dataFolder(machine: Machine = THIS_MACHINE): string {
  const own = machine.env['ORDER_CONSOLE_DATA'];
  const folder = own === undefined || own === '' ? localFolder(machine) : resolve(own);
  if (machine.platform === 'win32' && /^[\\/]{2}(?![.?][\\/])/.test(own ?? folder)) {
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

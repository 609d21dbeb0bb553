import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/contract/errors.ts';
import { dataFolder } from '../../src/main/folders.ts';
import type { Machine } from '../../src/main/folders.ts';

const EXT4 = 0xef53;
const NFS = 0x6969;
const SMB2 = 0xfe534d42;

function machine(change: Partial<Machine>): Machine {
  return {
    platform: 'linux',
    env: {},
    home: '/home/li',
    look: (folder) => ({ real: folder, fileSystem: EXT4 }),
    ...change,
  };
}

const codeOf = (given: Partial<Machine>): string => {
  try {
    return dataFolder(machine(given));
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe('the data folder', () => {
  it('is the one that the person names', () => {
    expect(dataFolder(machine({ env: { ORDER_CONSOLE_DATA: '/data/orders' } }))).toBe('/data/orders');
    expect(dataFolder(machine({ env: { ORDER_CONSOLE_DATA: 'orders' } }))).toBe(resolve('orders'));
  });

  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', {}, '/home/li/.local/share/order-console'],
    ['linux', { XDG_DATA_HOME: '/xdg', ORDER_CONSOLE_DATA: '' }, '/xdg/order-console'],
    ['darwin', {}, '/home/li/Library/Application Support/Order Console'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/Order Console'],
    ['win32', {}, join('/home/li', 'AppData', 'Local', 'Order Console')],
  ])('is else the local, non-roaming one of %s %j', (platform, env, folder) => {
    expect(dataFolder(machine({ platform, env }))).toBe(folder);
  });
});

describe('a folder on the network', () => {
  it.each(['\\\\server\\share\\data', '//server/share/data', '\\\\?\\UNC\\server\\share'])(
    'is refused by its name on Windows: %s',
    (own) => {
      expect(codeOf({ platform: 'win32', env: { ORDER_CONSOLE_DATA: own } })).toBe('DATA_FOLDER_NETWORK');
    },
  );

  it.each(['\\\\?\\C:\\data', '\\\\.\\C:\\data', 'C:\\data'])('is not what only looks like one: %s', (own) => {
    expect(codeOf({ platform: 'win32', env: { ORDER_CONSOLE_DATA: own } })).not.toBe('DATA_FOLDER_NETWORK');
  });

  it('is refused as the local folder of a Windows that is set up so', () => {
    const env = { LOCALAPPDATA: '\\\\server\\profiles\\li', ORDER_CONSOLE_DATA: '' };
    expect(codeOf({ platform: 'win32', env })).toBe('DATA_FOLDER_NETWORK');
  });

  it('is refused behind a drive letter that stands for a share', () => {
    const look = (): { real: string; fileSystem: number } => ({ real: '\\\\server\\share\\data', fileSystem: 0 });
    expect(codeOf({ platform: 'win32', env: { ORDER_CONSOLE_DATA: 'Z:\\data' }, look })).toBe('DATA_FOLDER_NETWORK');
  });

  it.each([NFS, SMB2])('is refused where it is mounted on Linux, the folder itself not made yet (%i)', (fileSystem) => {
    const look: Machine['look'] = (folder) => {
      if (folder.startsWith('/mnt/shop/')) throw new Error('ENOENT');
      return { real: folder, fileSystem: folder === '/mnt/shop' ? fileSystem : EXT4 };
    };
    expect(codeOf({ env: { ORDER_CONSOLE_DATA: '/mnt/shop/console/data' }, look })).toBe('DATA_FOLDER_NETWORK');
    expect(codeOf({ env: { ORDER_CONSOLE_DATA: '/mnt/local/data' }, look })).toBe('/mnt/local/data');
  });

  it('is not presumed where nothing can be looked at', () => {
    const look = (): never => {
      throw new Error('EACCES');
    };
    expect(codeOf({ env: { ORDER_CONSOLE_DATA: '/data' }, look })).toBe('/data');
  });

  it('is not the machine that runs this', () => {
    expect(() => dataFolder()).not.toThrow();
  });
});

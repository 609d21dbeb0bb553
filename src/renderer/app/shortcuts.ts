import type { Command } from '../../contract/events.ts';
import type { Bilingual } from '../../contract/text.ts';

/** A key of the console. `Mod` is Ctrl, or ⌘ on a Mac; several ways to press it are alternatives. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly names: Bilingual;
  readonly command?: Command;
}

/** Every key that works everywhere, and what arrows, Enter and Esc do where they do something. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['Mod+1'], names: { zh: '订单', en: 'Orders' }, command: 'orders' },
  { keys: ['Mod+2'], names: { zh: '批量更新', en: 'Bulk update' }, command: 'update' },
  { keys: ['Mod+3'], names: { zh: '任务', en: 'Jobs' }, command: 'jobs' },
  { keys: ['Mod+4'], names: { zh: '账号', en: 'Accounts' }, command: 'accounts' },
  { keys: ['Mod+5', 'Mod+,'], names: { zh: '设置', en: 'Settings' }, command: 'settings' },
  { keys: ['Mod+K'], names: { zh: '命令面板', en: 'Command palette' }, command: 'palette' },
  { keys: ['Mod+F'], names: { zh: '在当前页查找', en: 'Find on this screen' }, command: 'find' },
  { keys: ['Mod+N'], names: { zh: '新建批量更新', en: 'New bulk update' }, command: 'update' },
  { keys: ['Mod+O'], names: { zh: '选择文件', en: 'Choose a file' }, command: 'choose_file' },
  { keys: ['Mod+L'], names: { zh: '锁定窗口', en: 'Lock the window' }, command: 'lock' },
  { keys: ['↑ ↓ ← →'], names: { zh: '在表格和列表中移动', en: 'Move in a grid or a list' } },
  { keys: ['Enter'], names: { zh: '打开所选的行', en: 'Open the chosen row' } },
  { keys: ['Esc'], names: { zh: '返回或关闭', en: 'Step back or close' } },
];

/** Whether ⌘ takes the place of Ctrl. */
export function isMac(platform: string | undefined): boolean {
  return platform === undefined ? navigator.userAgent.includes('Mac OS') : platform === 'darwin';
}

/** The keys of one way to press a shortcut, as they are printed on this machine's keyboard. */
export function keyNames(way: string, mac: boolean): readonly string[] {
  return way.split('+').map((key) => (key === 'Mod' ? (mac ? '⌘' : 'Ctrl') : key));
}

/** The same for assistive technology (aria-keyshortcuts). */
export function ariaKeys(way: string, mac: boolean): string {
  return way.replace('Mod', mac ? 'Meta' : 'Control');
}

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The command that a pressed key asks for. A digit counts by its place, so that it needs no shift on a French keyboard. */
export function commandOfKey(pressed: Pressed, mac: boolean): Command | null {
  const mod = mac ? pressed.metaKey && !pressed.ctrlKey : pressed.ctrlKey && !pressed.metaKey;
  if (!mod || pressed.altKey || pressed.shiftKey) return null;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(pressed.code)?.[1];
  const way = `Mod+${digit ?? pressed.key.toUpperCase()}`;
  return SHORTCUTS.find(({ keys }) => keys.includes(way))?.command ?? null;
}

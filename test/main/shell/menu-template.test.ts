import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/contract/events.ts';
import { LANGUAGES } from '../../../src/contract/text.ts';
import type { Language } from '../../../src/contract/text.ts';
import { contextTemplate, menuTemplate } from '../../../src/main/shell/menu-template.ts';
import type { MenuWish } from '../../../src/main/shell/menu-template.ts';

type Item = MenuItemConstructorOptions;

const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

function menu(platform: NodeJS.Platform, language: Language, devTools = false): { items: Item[]; wishes: MenuWish[] } {
  const wishes: MenuWish[] = [];
  const links = [
    { id: 'polyv_docs', names: { zh: '保利威文档', en: 'Polyv documentation' }, url: 'https://dev.polyv.net/' },
  ];
  const options = { platform, language, name: 'Order Console', links, devTools };
  return { items: menuTemplate({ ...options, onWish: (wish) => wishes.push(wish) }), wishes };
}

const click = (item: Item): void => {
  (item.click as () => void)();
};

const platforms = ['darwin', 'win32', 'linux'] as const;
const each = platforms.flatMap((platform) =>
  LANGUAGES.flatMap((language) => [false, true].map((devTools) => [platform, language, devTools] as const)),
);

describe.each(each)('the menu on %s in %s, developer tools %s', (platform, language, devTools) => {
  const { items, wishes } = menu(platform, language, devTools);
  const all = flat(items).filter(({ type }) => type !== 'separator');

  it('says every item in the language, and each does something', () => {
    for (const item of all) {
      expect(item.label?.trim(), JSON.stringify(item)).toBeTruthy();
      if (language === 'en') expect(item.label).not.toMatch(/\p{Script=Han}/u);
      else if (item.label !== 'Order Console') expect(item.label).toMatch(/\p{Script=Han}/u);
      const does = [item.role, item.click, item.submenu].filter((one) => one !== undefined);
      expect(does.length, item.label).toBeGreaterThan(0);
      expect(item.role !== undefined && item.click !== undefined).toBe(false);
    }
  });

  it('has each accelerator once', () => {
    const accelerators = all.flatMap(({ accelerator }) => (typeof accelerator === 'string' ? [accelerator] : []));
    expect(new Set(accelerators).size).toBe(accelerators.length);
    for (const key of ['1', '2', '3', '4', '5', 'K', ',', 'N', 'O', 'F'])
      expect(accelerators).toContain(`CmdOrCtrl+${key}`);
  });

  it('has no separator at an edge or beside another', () => {
    for (const { submenu } of items) {
      const types = (Array.isArray(submenu) ? submenu : [])
        .map(({ type }) => (type === 'separator' ? '-' : 'x'))
        .join('');
      expect(types).not.toMatch(/^-|-$|--/);
    }
  });

  it('reloads and shows developer tools in development alone', () => {
    const roles = all.map(({ role }) => role);
    expect(roles.includes('reload')).toBe(devTools);
    expect(roles.includes('toggleDevTools')).toBe(devTools);
    expect(roles).not.toContain('forceReload');
  });

  it('asks for every command of the window, the data folder and the links', () => {
    for (const item of all) if (item.click !== undefined) click(item);
    const commands = wishes.flatMap((wish) => (wish.kind === 'window' ? [wish.command] : []));
    expect(new Set(commands)).toEqual(new Set(COMMANDS));
    expect(wishes).toContainEqual({ kind: 'data_folder' });
    expect(wishes).toContainEqual({ kind: 'link', id: 'polyv_docs' });
  });
});

describe('the places of the system', () => {
  it('has settings, about and quit in the program’s menu on macOS, in File and Help elsewhere', () => {
    const names = (platform: NodeJS.Platform): string[][] =>
      menu(platform, 'en').items.map(({ label, submenu }) => [
        label ?? '',
        ...(Array.isArray(submenu) ? submenu.map((item) => item.label ?? '-') : []),
      ]);
    const mac = names('darwin');
    expect(mac[0]).toEqual(expect.arrayContaining(['Order Console', 'About Order Console', 'Settings…', 'Quit']));
    expect(mac[1]).not.toContain('Quit');
    const windows = names('win32');
    expect(windows[0]).toEqual(expect.arrayContaining(['File', 'Settings…', 'Quit']));
    expect(windows.at(-1)).toEqual(expect.arrayContaining(['Help', 'About Order Console']));
  });

  it('opens screen 1 to 5 in the order of the window', () => {
    const { items, wishes } = menu('linux', 'en');
    for (const key of [1, 2, 3, 4, 5]) {
      const item = flat(items).find(({ accelerator }) => accelerator === `CmdOrCtrl+${key}`);
      click(item!);
    }
    expect(wishes.map((wish) => (wish.kind === 'window' ? wish.command : ''))).toEqual([
      'orders',
      'update',
      'jobs',
      'accounts',
      'settings',
    ]);
  });
});

describe('contextTemplate', () => {
  const flags = {
    canUndo: true,
    canRedo: false,
    canCut: false,
    canCopy: true,
    canPaste: true,
    canDelete: false,
    canSelectAll: true,
    canEditRichly: false,
  };

  it('offers in a field what can be done there', () => {
    const items = contextTemplate({ isEditable: true, selectionText: '', editFlags: flags }, 'zh-CN');
    expect(items?.map(({ role, enabled }) => [role, enabled])).toEqual([
      ['undo', true],
      ['redo', false],
      [undefined, undefined],
      ['cut', false],
      ['copy', true],
      ['paste', true],
      [undefined, undefined],
      ['selectAll', true],
    ]);
    expect(items?.[5]?.label).toBe('粘贴');
  });

  it('copies what is selected, and offers nothing where there is nothing', () => {
    const copy = contextTemplate({ isEditable: false, selectionText: '1234', editFlags: flags }, 'en');
    expect(copy).toEqual([{ role: 'copy', label: 'Copy', enabled: true }]);
    expect(contextTemplate({ isEditable: false, selectionText: ' \n', editFlags: flags }, 'en')).toBeNull();
  });
});

import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import type { Command } from '../../contract/events.ts';
import { say } from '../../contract/text.ts';
import type { Bilingual, Language } from '../../contract/text.ts';

/** A page that Help offers; opened by its id. */
export interface HelpLink {
  readonly id: string;
  readonly names: Bilingual;
  readonly url: string;
}

/** What a menu item wants: something of the window, or of main itself. */
export type MenuWish =
  | { readonly kind: 'window'; readonly command: Command }
  | { readonly kind: 'link'; readonly id: string }
  | { readonly kind: 'data_folder' };

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly language: Language;
  readonly name: string;
  readonly links: readonly HelpLink[];
  readonly devTools: boolean;
  readonly onWish: (wish: MenuWish) => void;
}

type Item = MenuItemConstructorOptions;
type Role = NonNullable<Item['role']>;

const ROLE_WORDS = {
  undo: { zh: '撤销', en: 'Undo' },
  redo: { zh: '重做', en: 'Redo' },
  cut: { zh: '剪切', en: 'Cut' },
  copy: { zh: '复制', en: 'Copy' },
  paste: { zh: '粘贴', en: 'Paste' },
  pasteAndMatchStyle: { zh: '粘贴为纯文本', en: 'Paste as Plain Text' },
  delete: { zh: '删除', en: 'Delete' },
  selectAll: { zh: '全选', en: 'Select All' },
  services: { zh: '服务', en: 'Services' },
  hide: { zh: '隐藏窗口', en: 'Hide' },
  hideOthers: { zh: '隐藏其他', en: 'Hide Others' },
  unhide: { zh: '全部显示', en: 'Show All' },
  quit: { zh: '退出', en: 'Quit' },
  close: { zh: '关闭窗口', en: 'Close Window' },
  minimize: { zh: '最小化', en: 'Minimize' },
  zoom: { zh: '缩放窗口', en: 'Zoom' },
  front: { zh: '全部置于前台', en: 'Bring All to Front' },
  resetZoom: { zh: '实际大小', en: 'Actual Size' },
  zoomIn: { zh: '放大', en: 'Zoom In' },
  zoomOut: { zh: '缩小', en: 'Zoom Out' },
  togglefullscreen: { zh: '全屏', en: 'Full Screen' },
  reload: { zh: '重新载入', en: 'Reload' },
  toggleDevTools: { zh: '开发者工具', en: 'Developer Tools' },
} as const satisfies Partial<Record<Role, Bilingual>>;

const SCREENS: readonly (readonly [Command, Bilingual])[] = [
  ['orders', { zh: '订单', en: 'Orders' }],
  ['update', { zh: '批量更新', en: 'Bulk update' }],
  ['jobs', { zh: '任务', en: 'Jobs' }],
  ['accounts', { zh: '账号', en: 'Accounts' }],
  ['settings', { zh: '设置', en: 'Settings' }],
];

const SEPARATOR: Item = { type: 'separator' };

/** Makes items in one language. */
class Items {
  readonly options: MenuOptions;
  readonly mac: boolean;

  constructor(options: MenuOptions) {
    this.options = options;
    this.mac = options.platform === 'darwin';
  }

  role(id: keyof typeof ROLE_WORDS, more: Item = {}): Item {
    return { role: id, label: say(ROLE_WORDS[id], this.options.language), ...more };
  }

  wish(text: Bilingual, wish: MenuWish, accelerator?: string): Item {
    return {
      label: say(text, this.options.language),
      ...(accelerator === undefined ? {} : { accelerator }),
      click: () => this.options.onWish(wish),
    };
  }

  command(command: Command, text: Bilingual, accelerator?: string): Item {
    return this.wish(text, { kind: 'window', command }, accelerator);
  }

  menu(text: Bilingual, submenu: Item[], more: Item = {}): Item {
    return { label: say(text, this.options.language), submenu, ...more };
  }

  about(): Item {
    const { name } = this.options;
    return this.command('about', { zh: `关于 ${name}`, en: `About ${name}` });
  }

  settings(): Item {
    return this.command('settings', { zh: '设置…', en: 'Settings…' }, 'CmdOrCtrl+,');
  }
}

/** macOS' menu of the program itself. */
const applicationMenu = (items: Items): Item => ({
  label: items.options.name,
  submenu: [
    items.about(),
    SEPARATOR,
    items.settings(),
    SEPARATOR,
    items.role('services'),
    SEPARATOR,
    items.role('hide'),
    items.role('hideOthers'),
    items.role('unhide'),
    SEPARATOR,
    items.role('quit'),
  ],
});

const fileMenu = (items: Items): Item =>
  items.menu({ zh: '文件', en: 'File' }, [
    items.command('update', { zh: '新建批量更新', en: 'New Bulk Update' }, 'CmdOrCtrl+N'),
    items.command('choose_file', { zh: '打开文件…', en: 'Open File…' }, 'CmdOrCtrl+O'),
    SEPARATOR,
    items.command('lock', { zh: '锁定窗口', en: 'Lock the Window' }, 'CmdOrCtrl+L'),
    SEPARATOR,
    ...(items.mac
      ? [items.role('close')]
      : [items.settings(), SEPARATOR, items.role('quit', { accelerator: 'CmdOrCtrl+Q' })]),
  ]);

const editMenu = (items: Items): Item =>
  items.menu({ zh: '编辑', en: 'Edit' }, [
    items.role('undo'),
    items.role('redo'),
    SEPARATOR,
    items.role('cut'),
    items.role('copy'),
    items.role('paste'),
    items.role('pasteAndMatchStyle'),
    items.role('delete'),
    items.role('selectAll'),
    SEPARATOR,
    items.command('find', { zh: '查找…', en: 'Find…' }, 'CmdOrCtrl+F'),
  ]);

const viewMenu = (items: Items): Item =>
  items.menu({ zh: '视图', en: 'View' }, [
    ...SCREENS.map(([id, text], index) => items.command(id, text, `CmdOrCtrl+${index + 1}`)),
    SEPARATOR,
    items.command('palette', { zh: '命令面板', en: 'Command Palette' }, 'CmdOrCtrl+K'),
    SEPARATOR,
    items.role('resetZoom'),
    items.role('zoomIn'),
    // The key of "+" without Shift.
    items.role('zoomIn', { accelerator: 'CmdOrCtrl+=', visible: false, acceleratorWorksWhenHidden: true }),
    items.role('zoomOut'),
    SEPARATOR,
    items.role('togglefullscreen'),
    ...(items.options.devTools
      ? [SEPARATOR, items.role('reload', { accelerator: 'CmdOrCtrl+Shift+R' }), items.role('toggleDevTools')]
      : []),
  ]);

const windowMenu = (items: Items): Item =>
  items.menu(
    { zh: '窗口', en: 'Window' },
    items.mac
      ? [items.role('minimize'), items.role('zoom'), SEPARATOR, items.role('front')]
      : [items.role('minimize'), items.role('close')],
    { role: 'window' },
  );

const helpMenu = (items: Items): Item =>
  items.menu(
    { zh: '帮助', en: 'Help' },
    [
      ...items.options.links.map(({ id, names }) => items.wish(names, { kind: 'link', id })),
      SEPARATOR,
      items.wish({ zh: '打开数据文件夹', en: 'Open Data Folder' }, { kind: 'data_folder' }),
      ...(items.mac ? [] : [SEPARATOR, items.about()]),
    ],
    { role: 'help' },
  );

/** The native menu in one language, as Electron's template. Every item has its words here, as Electron's own are English. */
export function menuTemplate(options: MenuOptions): Item[] {
  const items = new Items(options);
  const menus = [fileMenu, editMenu, viewMenu, windowMenu, helpMenu].map((menu) => menu(items));
  return items.mac ? [applicationMenu(items), ...menus] : menus;
}

/** The menu of a right click: what can be done there with text; null where that is nothing. */
export function contextTemplate(
  params: Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>,
  language: Language,
): Item[] | null {
  const { isEditable, selectionText, editFlags } = params;
  const item = (id: 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll', enabled: boolean): Item => ({
    role: id,
    label: say(ROLE_WORDS[id], language),
    enabled,
  });
  if (isEditable) {
    return [
      item('undo', editFlags.canUndo),
      item('redo', editFlags.canRedo),
      SEPARATOR,
      item('cut', editFlags.canCut),
      item('copy', editFlags.canCopy),
      item('paste', editFlags.canPaste),
      SEPARATOR,
      item('selectAll', editFlags.canSelectAll),
    ];
  }
  return selectionText.trim() === '' ? null : [item('copy', editFlags.canCopy)];
}

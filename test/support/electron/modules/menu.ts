import { Emitter, nameStrictly, preventable } from '../provided.ts';
import { app } from './app.ts';

export interface ItemOptions {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly enabled?: boolean;
  readonly visible?: boolean;
  readonly checked?: boolean;
  readonly toolTip?: string;
  readonly sublabel?: string;
  readonly registerAccelerator?: boolean;
  readonly acceleratorWorksWhenHidden?: boolean;
  readonly submenu?: Menu | readonly ItemOptions[];
  readonly click?: (item: MenuItem, window: unknown, event: object) => void;
}

/** A key as the page reports it. */
export interface KeyStroke {
  readonly key: string;
  readonly code: string;
  readonly control: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

interface WindowLike {
  close(): void;
  minimize(): void;
  isFullScreen(): boolean;
  setFullScreen(full: boolean): void;
  readonly webContents: {
    zoomLevel: number;
    reload(): void;
    reloadIgnoringCache(): void;
    edit(command: string): void;
  };
}

/** The window in front; set by the host. */
let focused: () => WindowLike | null = () => null;
export function setFocused(find: () => WindowLike | null): void {
  focused = find;
}

const MAC = process.platform === 'darwin';

/** What roles do, in Electron's own words and with its own keys. */
const ROLES: Readonly<
  Record<string, { readonly key?: string; readonly label?: string; readonly act?: (window: WindowLike | null) => void }>
> = {
  quit: { label: 'Quit', key: MAC ? 'Command+Q' : 'Control+Q', act: () => app.quit() },
  close: { label: 'Close Window', key: 'CommandOrControl+W', act: (window) => window?.close() },
  minimize: { label: 'Minimize', key: 'CommandOrControl+M', act: (window) => window?.minimize() },
  reload: { label: 'Reload', key: 'CmdOrCtrl+R', act: (window) => window?.webContents.reload() },
  forcereload: {
    label: 'Force Reload',
    key: 'Shift+CmdOrCtrl+R',
    act: (window) => window?.webContents.reloadIgnoringCache(),
  },
  toggledevtools: { label: 'Toggle Developer Tools', key: MAC ? 'Alt+Command+I' : 'Ctrl+Shift+I' },
  resetzoom: { label: 'Actual Size', key: 'CommandOrControl+0', act: (window) => zoom(window, null) },
  zoomin: { label: 'Zoom In', key: 'CommandOrControl+Plus', act: (window) => zoom(window, 0.5) },
  zoomout: { label: 'Zoom Out', key: 'CommandOrControl+-', act: (window) => zoom(window, -0.5) },
  togglefullscreen: {
    label: 'Toggle Full Screen',
    key: MAC ? 'Control+Command+F' : 'F11',
    act: (window) => window?.setFullScreen(!window.isFullScreen()),
  },
  about: { label: 'About', act: () => app.showAboutPanel() },
  // Pages know these keys by themselves.
  undo: { label: 'Undo', act: (window) => window?.webContents.edit('undo') },
  redo: { label: 'Redo', act: (window) => window?.webContents.edit('redo') },
  cut: { label: 'Cut', act: (window) => window?.webContents.edit('cut') },
  copy: { label: 'Copy', act: (window) => window?.webContents.edit('copy') },
  paste: { label: 'Paste', act: (window) => window?.webContents.edit('paste') },
  pasteandmatchstyle: { label: 'Paste and Match Style', act: (window) => window?.webContents.edit('paste') },
  delete: { label: 'Delete', act: (window) => window?.webContents.edit('delete') },
  selectall: { label: 'Select All', act: (window) => window?.webContents.edit('selectAll') },
};

function zoom(window: WindowLike | null, by: number | null): void {
  if (window !== null) window.webContents.zoomLevel = by === null ? 0 : window.webContents.zoomLevel + by;
}

let commands = 0;

/** Electron's MenuItem. */
export class MenuItem {
  readonly id: string | undefined;
  readonly role: string | undefined;
  readonly type: string;
  readonly submenu: Menu | undefined;
  readonly accelerator: string | undefined;
  readonly commandId = ++commands;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  menu: Menu | undefined;
  /** As Electron's: may be called with nothing, by a test. */
  readonly click: (event?: object, window?: unknown) => void;

  constructor(options: ItemOptions) {
    const role = options.role?.toLowerCase();
    const known = role === undefined ? undefined : ROLES[role];
    this.id = options.id;
    this.role = role;
    this.submenu = Array.isArray(options.submenu)
      ? Menu.buildFromTemplate(options.submenu as ItemOptions[])
      : (options.submenu as Menu | undefined);
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = options.accelerator ?? (options.registerAccelerator === false ? undefined : known?.key);
    this.label = options.label ?? known?.label ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.click = (event = preventable({}), window = focused()) => {
      if (!this.enabled) return;
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.type === 'radio') this.checked = true;
      if (known?.act !== undefined && options.click === undefined) known.act(window as WindowLike | null);
      else options.click?.(this, window, event);
    };
  }
}

/** Electron's Menu. It is never drawn: its keys work, and tests click its items. */
export class Menu extends Emitter {
  readonly items: MenuItem[] = [];
  static #application: Menu | null = null;
  /** The last menu that popped up, for tests. */
  static lastPopup: Menu | null = null;

  static buildFromTemplate(template: readonly (ItemOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const options of template) menu.append(options instanceof MenuItem ? options : new MenuItem(options));
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }

  static sendActionToFirstResponder(): void {
    // macOS alone.
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }

  insert(position: number, item: MenuItem): void {
    item.menu = this;
    this.items.splice(position, 0, item);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null);
      if (found !== null) return found;
    }
    return null;
  }

  popup(options: { readonly callback?: () => void } = {}): void {
    Menu.lastPopup = this;
    this.emit('menu-will-show', preventable({}));
    this.emit('menu-will-close', preventable({}));
    options.callback?.();
  }

  closePopup(): void {
    this.emit('menu-will-close', preventable({}));
  }
}

nameStrictly(Menu, 'Menu');

/** The keys of an accelerator, in one order. */
function normalized(accelerator: string): string {
  const parts = accelerator.replace(/\+\+$/, '+Plus').split('+');
  const key = (parts.pop() ?? '').toLowerCase();
  const found = new Set(
    parts.map((part) => {
      const name = part.toLowerCase();
      if (/^(?:cmdorctrl|commandorcontrol)$/.test(name)) return MAC ? 'meta' : 'control';
      if (/^(?:cmd|command|super|meta)$/.test(name)) return 'meta';
      if (/^(?:ctrl|control)$/.test(name)) return 'control';
      return name === 'option' || name === 'altgr' ? 'alt' : name;
    }),
  );
  return [
    ...['control', 'meta', 'alt', 'shift'].filter((name) => found.has(name)),
    { plus: '+', esc: 'escape', space: ' ', return: 'enter' }[key] ?? key,
  ].join(' ');
}

function strokes({ key, code, control, shift, alt, meta }: KeyStroke): string[] {
  const held = [...(control ? ['control'] : []), ...(meta ? ['meta'] : []), ...(alt ? ['alt'] : [])];
  const plain =
    /^(?:Digit|Key)(.)$/.exec(code)?.[1]?.toLowerCase() ?? (code === 'Equal' && shift ? '+' : key.toLowerCase());
  const name = key === '+' || plain === '+' ? '+' : plain;
  const both = [[...held, ...(shift ? ['shift'] : []), name].join(' ')];
  // A plus is a plus with shift or without.
  return name === '+' ? [...both, [...held, name].join(' ')] : both;
}

function* itemsOf(menu: Menu): Iterable<MenuItem> {
  for (const item of menu.items) {
    yield item;
    if (item.submenu !== undefined) yield* itemsOf(item.submenu);
  }
}

/** A key that the page left alone does what the application menu says. */
export function clickAccelerator(stroke: KeyStroke): void {
  const menu = Menu.getApplicationMenu();
  if (menu === null) return;
  const pressed = strokes(stroke);
  for (const item of itemsOf(menu)) {
    if (item.accelerator === undefined || !item.enabled) continue;
    if (pressed.includes(normalized(item.accelerator))) {
      item.click(preventable({ triggeredByAccelerator: true }));
      return;
    }
  }
}

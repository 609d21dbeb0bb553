import { Menu } from 'electron';
import type { WebContents } from 'electron';
import type { Language } from '../../contract/text.ts';
import { contextTemplate, menuTemplate } from './menu-template.ts';
import type { MenuOptions } from './menu-template.ts';

/** Puts the native menu in place of the present one. */
export function setMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)));
}

/** Gives a page the right click's menu, which Electron has none of. */
export function offerContextMenu(contents: WebContents, language: () => Language): void {
  contents.on('context-menu', (_event, params) => {
    const template = contextTemplate(params, language());
    if (template !== null) Menu.buildFromTemplate(template).popup();
  });
}

import { app, shell } from 'electron';
import type { WebContents } from 'electron';
import type { DevelopmentServer } from './development.ts';
import { isAllowedExternal, mayNavigate } from './rules.ts';
import { shortly } from './session.ts';
import type { Refused } from './session.ts';

/** Keeps one page where it is: no navigation, redirect, new window or embedded page; a page can't refuse to be closed. */
function keepInPlace(contents: WebContents, development: DevelopmentServer | null, refused: Refused): void {
  const stay = (event: { preventDefault(): void }, address: string): void => {
    if (mayNavigate(address, development)) return;
    event.preventDefault();
    refused('navigation', shortly(address));
  };
  contents.on('will-navigate', (event) => stay(event, event.url));
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
  contents.on('will-redirect', (event) => stay(event, event.url));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    refused('window', 'webview');
  });
  contents.setWindowOpenHandler(({ url }) => {
    refused('window', shortly(url));
    return { action: 'deny' };
  });
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
}

/** Applies the rules to every page that will ever be made. To be called before the first. */
export function keepPagesInPlace(development: DevelopmentServer | null, refused: Refused): void {
  app.on('web-contents-created', (_event, contents) => keepInPlace(contents, development, refused));
}

/** Opens a page in the person's browser if its host is on the list; the only way out. Answers whether it was opened. */
export async function openExternal(address: string, hosts: readonly string[], refused: Refused): Promise<boolean> {
  if (!isAllowedExternal(address, hosts)) {
    refused('external', shortly(address));
    return false;
  }
  try {
    await shell.openExternal(address);
    return true;
  } catch {
    return false;
  }
}

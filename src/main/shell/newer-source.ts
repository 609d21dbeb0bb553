import { app } from 'electron';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AppUpdater } from 'electron-updater';
import { hasFeed, type NewerSource } from './newer-watch.ts';

/** What electron-builder has written of the feed beside the archive; null where it wrote nothing. */
function feedDescription(): string | null {
  try {
    return readFileSync(path.join(process.resourcesPath, 'app-update.yml'), 'utf8');
  } catch {
    return null;
  }
}

async function updater(): Promise<AppUpdater> {
  const { autoUpdater } = await import('electron-updater');
  autoUpdater.autoDownload = false;
  // Only what was loaded by a person's wish and verified is installed, and when nothing is under way any more.
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.disableWebInstaller = true;
  autoUpdater.logger = null;
  return autoUpdater;
}

/** The updates of the feed that the package names; null in every build without one that can be verified. */
export function newerSource(): NewerSource | null {
  if (!app.isPackaged || !hasFeed(feedDescription(), process.platform)) return null;
  return {
    async look() {
      const found = await (await updater()).checkForUpdates();
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
    },
    async load() {
      await (await updater()).downloadUpdate();
    },
  };
}

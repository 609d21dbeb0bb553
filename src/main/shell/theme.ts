import { nativeTheme } from 'electron';
import type { Settings } from '../../contract/settings.ts';

/** What a window shows before its page does, light and dark (CSS colours): the page's own ground, so that nothing flashes. */
export interface Grounds {
  readonly light: string;
  readonly dark: string;
}

/** Follows the system, or what the person chose. */
export function setTheme(theme: Settings['theme']): void {
  nativeTheme.themeSource = theme;
}

export const groundNow = (grounds: Grounds): string => (nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light);

/** Calls when light turns to dark or back, by the person or the system. */
export function onThemeChange(hear: () => void): void {
  nativeTheme.on('updated', hear);
}

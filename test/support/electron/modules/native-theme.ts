import { Emitter, nameStrictly } from '../provided.ts';

type Source = 'system' | 'light' | 'dark';

/** Electron's `nativeTheme`: pages see it as prefers-color-scheme. */
class NativeTheme extends Emitter {
  #source: Source = 'system';
  #systemIsDark = false;
  /** Told to every page; set by the host. */
  onChange: () => void = () => undefined;

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError('themeSource must be system, light or dark');
    const before = this.shouldUseDarkColors;
    const changed = source !== this.#source;
    this.#source = source;
    if (changed) this.onChange();
    if (before !== this.shouldUseDarkColors) this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemIsDark : this.#source === 'dark';
  }

  shouldUseHighContrastColors = false;
  shouldUseInvertedColorScheme = false;
  inForcedColorsMode = false;
  prefersReducedTransparency = false;
  shouldUseDarkColorsForSystemIntegratedUI = false;

  /** What a page says of the system; it knows only while main follows the system. */
  hear(dark: boolean): void {
    if (this.#source !== 'system' || dark === this.#systemIsDark) return;
    this.#systemIsDark = dark;
    this.emit('updated');
  }
}

nameStrictly(NativeTheme, 'nativeTheme');

export const nativeTheme = new NativeTheme();

/** What Chromium emulates; '' is the system's own. */
export function themeFeature(): { name: string; value: string } {
  return { name: 'prefers-color-scheme', value: nativeTheme.themeSource === 'system' ? '' : nativeTheme.themeSource };
}

export function reportScheme(dark: boolean): void {
  nativeTheme.hear(dark);
}

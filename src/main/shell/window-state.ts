import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A rectangle of the desktop in device-independent pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** As it is when not maximized. */
  readonly bounds: Area;
  readonly maximized: boolean;
}

export const DEFAULT_SIZE = { width: 1280, height: 800 } as const;
export const LEAST_SIZE = { width: 900, height: 600 } as const;

/** At least this much of a window's head must be on a display, so that it can be seen and dragged. */
const GRIP = { width: 160, height: 40 } as const;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e6;

/** A saved state's text, read with suspicion; null when anything about it is odd. */
export function parseWindowState(text: string): WindowState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, width, height, maximized } = value as Record<string, unknown>;
  if (!isNumber(x) || !isNumber(y) || !isNumber(width) || !isNumber(height) || typeof maximized !== 'boolean')
    return null;
  if (width < 1 || height < 1) return null;
  return {
    bounds: { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) },
    maximized,
  };
}

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.max(0, Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom));

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/**
 * Where the window opens: as saved if its head can be seen on one of the displays (given by their work areas, the main one first), and never
 * larger than that display; otherwise in the middle of the main one.
 */
export function fitWindow(saved: WindowState | null, displays: readonly Area[]): WindowState {
  const main = displays[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  const maximized = saved?.maximized ?? false;
  const { width: wide, height: high } = saved?.bounds ?? DEFAULT_SIZE;
  const size = { width: Math.max(wide, LEAST_SIZE.width), height: Math.max(high, LEAST_SIZE.height) };
  const home = saved === null ? undefined : homeOf({ ...saved.bounds, ...size }, displays);
  const display = home ?? main;
  const width = Math.min(size.width, display.width);
  const height = Math.min(size.height, display.height);
  if (saved === null || home === undefined) {
    const x = Math.round(display.x + (display.width - width) / 2);
    const y = Math.round(display.y + (display.height - height) / 2);
    return { bounds: { x, y, width, height }, maximized };
  }
  const x = clamp(saved.bounds.x, display.x, display.x + display.width - width);
  const y = clamp(saved.bounds.y, display.y, display.y + display.height - height);
  return { bounds: { x, y, width, height }, maximized };
}

/** The display that shows most of a window, if it shows enough of its head to take hold of. */
function homeOf(bounds: Area, displays: readonly Area[]): Area | undefined {
  const shown = (display: Area): number =>
    overlap(bounds.x, bounds.width, display.x, display.width) *
    overlap(bounds.y, bounds.height, display.y, display.height);
  const grips = displays.filter(
    (display) =>
      overlap(bounds.x, bounds.width, display.x, display.width) >= GRIP.width &&
      overlap(bounds.y, GRIP.height, display.y, display.height) >= GRIP.height / 2,
  );
  return grips.toSorted((one, other) => shown(other) - shown(one))[0];
}

const FILE = 'window.json';
const DELAY_MS = 400;

/** The window's state in a file. What can't be read is as good as none; what can't be written is lost and nothing else. */
export class StateFile {
  readonly #file: string;
  #waiting: WindowState | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(folder: string) {
    this.#file = path.join(folder, FILE);
  }

  read(): WindowState | null {
    try {
      return parseWindowState(readFileSync(this.#file, 'utf8'));
    } catch {
      return null;
    }
  }

  /** Writes the state soon; of several in a row the last. */
  save(state: WindowState): void {
    this.#waiting = state;
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS);
  }

  /** Writes what waits, now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const state = this.#waiting;
    this.#waiting = null;
    if (state === null) return;
    const fresh = `${this.#file}.new`;
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true });
      writeFileSync(fresh, JSON.stringify({ ...state.bounds, maximized: state.maximized }));
      renameSync(fresh, this.#file);
    } catch {
      // The window then opens where it did before.
    }
  }
}

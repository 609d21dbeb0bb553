import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fitWindow, LEAST_SIZE, parseWindowState, StateFile } from '../../../src/main/shell/window-state.ts';
import type { Area, WindowState } from '../../../src/main/shell/window-state.ts';

const full: Area = { x: 0, y: 25, width: 1920, height: 1055 };
const right: Area = { x: 1920, y: 0, width: 2560, height: 1400 };
const at = (x: number, y: number, width = 1000, height = 700, maximized = false): WindowState => ({
  bounds: { x, y, width, height },
  maximized,
});

describe('fitWindow', () => {
  it('begins in the middle of the main display', () => {
    expect(fitWindow(null, [full, right])).toEqual(at(320, 153, 1280, 800));
  });

  it('opens where it was', () => {
    expect(fitWindow(at(100, 100), [full, right])).toEqual(at(100, 100));
    expect(fitWindow(at(2000, 300, 1000, 700, true), [full, right])).toEqual(at(2000, 300, 1000, 700, true));
  });

  it('comes back from a display that is gone, with its size', () => {
    expect(fitWindow(at(2500, 300), [full])).toEqual(at(460, 203));
    expect(fitWindow(at(-5000, 300, 1000, 700, true), [full])).toEqual(at(460, 203, 1000, 700, true));
  });

  it('comes back when its head is above or beside the display', () => {
    expect(fitWindow(at(100, -400), [full]).bounds).toEqual(at(460, 203).bounds);
    expect(fitWindow(at(1900, 100), [full]).bounds).toEqual(at(460, 203).bounds);
  });

  it('moves wholly onto the display that shows most of it', () => {
    expect(fitWindow(at(1500, 100), [full, right]).bounds).toEqual(at(1920, 100).bounds);
    expect(fitWindow(at(1200, 100), [full, right]).bounds).toEqual(at(920, 100).bounds);
  });

  it('is no larger than its display and no smaller than its least', () => {
    expect(fitWindow(at(0, 25, 5000, 5000), [full]).bounds).toEqual(full);
    expect(fitWindow(at(100, 100, 10, 10), [full]).bounds).toEqual({ x: 100, y: 100, ...LEAST_SIZE });
    const small: Area = { x: 0, y: 0, width: 800, height: 500 };
    expect(fitWindow(null, [small]).bounds).toEqual(small);
  });

  it('opens without any display', () => {
    expect(fitWindow(at(5, 5), []).bounds).toMatchObject({ width: 1000, height: 700 });
  });

  it('lies within one display always, and fits a second time as it is', () => {
    const number = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most });
    const area = (least: number): fc.Arbitrary<Area> =>
      fc.record({
        x: number(-6000, 6000),
        y: number(-6000, 6000),
        width: number(least, 5000),
        height: number(least, 5000),
      });
    const saved = fc.option(fc.record({ bounds: area(1), maximized: fc.boolean() }), { nil: null });
    fc.assert(
      fc.property(saved, fc.array(area(640), { minLength: 1, maxLength: 4 }), (state, displays) => {
        const fitted = fitWindow(state, displays);
        const { x, y, width, height } = fitted.bounds;
        const home = displays.find(
          (one) => x >= one.x && y >= one.y && x + width <= one.x + one.width && y + height <= one.y + one.height,
        );
        expect(home).toBeDefined();
        expect(fitted.maximized).toBe(state?.maximized ?? false);
        expect(fitWindow(fitted, [home!])).toEqual(fitted);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('parseWindowState', () => {
  it('reads what is saved', () => {
    expect(parseWindowState('{"x":1.4,"y":-2,"width":1000,"height":700,"maximized":true}')).toEqual(
      at(1, -2, 1000, 700, true),
    );
  });

  it.each([
    '',
    'null',
    '7',
    '[]',
    '{}',
    '{"x":1,"y":2,"width":1000,"height":700}',
    '{"x":"1","y":2,"width":1000,"height":700,"maximized":false}',
    '{"x":1e300,"y":2,"width":1000,"height":700,"maximized":false}',
    '{"x":1,"y":null,"width":1000,"height":700,"maximized":false}',
    '{"x":1,"y":2,"width":0,"height":700,"maximized":false}',
    '{"x":1,"y":2,"width":1000,"height":-7,"maximized":false}',
    '{"x":1,"y":2,"width":1000,"height":700,"maximized":1}',
    '{"x":1,"y":2,"width":1000,"hei',
  ])('takes no %j', (text) => {
    expect(parseWindowState(text)).toBeNull();
  });
});

describe('StateFile', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'window-'));
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  });
  const text = (): string => readFileSync(path.join(folder, 'window.json'), 'utf8');

  it('writes the last of several, once, and reads it back', () => {
    const file = new StateFile(folder);
    file.save(at(1, 1));
    file.save(at(2, 2));
    expect(readdirSync(folder)).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(readdirSync(folder)).toEqual(['window.json']);
    expect(new StateFile(folder).read()).toEqual(at(2, 2));
  });

  it('writes at once when told, and no second time', () => {
    const file = new StateFile(folder);
    file.save(at(3, 3));
    file.flush();
    expect(text()).toContain('"x":3');
    writeFileSync(path.join(folder, 'window.json'), 'else');
    vi.advanceTimersByTime(1_000);
    file.flush();
    expect(text()).toBe('else');
  });

  it('makes its folder', () => {
    const file = new StateFile(path.join(folder, 'new', 'deep'));
    file.save(at(4, 4));
    file.flush();
    expect(file.read()).toEqual(at(4, 4));
  });

  it('opens as the first time when the file is damaged or not there', () => {
    expect(new StateFile(folder).read()).toBeNull();
    writeFileSync(path.join(folder, 'window.json'), '{"x":');
    expect(new StateFile(folder).read()).toBeNull();
  });

  it('keeps quiet when it can’t write, and keeps what there was', () => {
    const file = new StateFile(folder);
    file.save(at(5, 5));
    file.flush();
    mkdirSync(path.join(folder, 'window.json.new'));
    file.save(at(6, 6));
    expect(() => file.flush()).not.toThrow();
    expect(file.read()).toEqual(at(5, 5));
  });
});

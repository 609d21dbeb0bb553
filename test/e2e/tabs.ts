// Walks a screen by Tab alone and says what a person with nothing but a keyboard would meet.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { bringAxe } from './assist.ts';
import { PATIENCE_MS } from './pages.ts';

/** A control as it was found in the document, and as the walk met it. */
interface Met {
  readonly what: string;
  readonly name: string;
  readonly visited: boolean;
  /** Whether another key than Tab leads there: arrows within a group that Tab reached. */
  readonly byArrows: boolean;
  /** Whether the focus could be seen on it; of what was not visited, true. */
  readonly seen: boolean;
}

interface Walk {
  readonly controls: Element[];
  /** How each looks without the focus. */
  readonly rest: Map<Element, string>;
  /** Where Tab led, and whether that was within the window. */
  readonly stops: Map<Element, boolean>;
  readonly looks: Map<Element, string>;
}

type WalkPage = Window & {
  walk: Walk;
  walkLook: (element: Element) => string;
  walkControls: () => Element[];
  /** Resolves when nothing moves any more: a list that closes is gone, and colours are what they will be. */
  walkSettled: () => Promise<void>;
  axe: {
    setup: (root: Element) => void;
    teardown: () => void;
    commons: { text: { accessibleText: (element: Element) => string } };
  };
};

/** Finds every control that is there and enabled; in an open dialog alone, where there is one. */
async function begin(): Promise<number> {
  const page = window as unknown as WalkPage;
  const roles = ['button', 'link', 'checkbox', 'radio', 'switch', 'combobox', 'textbox', 'option', 'menuitem', 'tab'];
  const wanted = [
    'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])',
    ...roles.map((role) => `[role=${role}]`),
  ].join();
  const shown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.closest('[inert], [aria-hidden="true"]') === null &&
    element.getClientRects().length > 0;
  page.walkControls = () => {
    const dialogs = [...document.querySelectorAll('[role=dialog][aria-modal=true]')].filter(shown);
    const root = dialogs.at(-1) ?? document.body;
    return [...root.querySelectorAll(wanted)].filter(
      (element) => shown(element) && !element.matches(':disabled') && element.getAttribute('aria-disabled') !== 'true',
    );
  };
  // What says where the focus is may be drawn around a control, or beside one that is hidden.
  page.walkLook = (element) => {
    const drawn: Element[] = [element];
    if (element.nextElementSibling !== null) drawn.push(element.nextElementSibling);
    for (let up = element.parentElement; up !== null && drawn.length < 6; up = up.parentElement) drawn.push(up);
    return drawn
      .map((one) => {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(one);
        return outlineStyle === 'none' ? boxShadow : `${outlineStyle} ${outlineWidth} ${outlineColor} ${boxShadow}`;
      })
      .join('|');
  };
  page.walkSettled = async () => {
    for (;;) {
      const moving = document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
      if (moving.length === 0) return;
      for (const one of moving) one.finish();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
  };
  // The focus may just have left a control whose sign of it still fades.
  await page.walkSettled();
  const controls = page.walkControls();
  const resting = controls.filter((element) => element !== document.activeElement);
  const rest = new Map(resting.map((element) => [element, page.walkLook(element)]));
  page.walk = { controls, rest, stops: new Map(), looks: new Map() };
  return controls.length;
}

/** Notes where the focus is now; answers whether it was there before. */
async function note(): Promise<'new' | 'again' | 'nowhere'> {
  const { walk, walkLook, walkSettled } = window as unknown as WalkPage;
  await walkSettled();
  const element = document.activeElement;
  if (element === null || element === document.body) return 'nowhere';
  if (walk.stops.has(element)) return 'again';
  const { top, left, bottom, right } = element.getBoundingClientRect();
  walk.stops.set(element, bottom > 0 && right > 0 && top < innerHeight && left < innerWidth);
  walk.looks.set(element, walkLook(element));
  return 'new';
}

function tell(): { met: Met[]; strange: string[]; isSame: boolean } {
  const { walk, walkLook, walkControls, axe } = window as unknown as WalkPage;
  const { controls, stops, looks, rest } = walk;
  const tag = (element: Element): string =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}" role="${element.getAttribute('role') ?? ''}">`;
  const visitedIn = (group: Element | null): boolean =>
    group !== null && [...stops.keys()].some((stop) => group.contains(stop));
  const byArrows = (element: Element): boolean => {
    if (element.closest('[role=grid]') !== null) return visitedIn(element.closest('[role=grid]'));
    if (element.matches('input[type=radio], [role=radio]'))
      return visitedIn(element.closest('[role=radiogroup], fieldset'));
    // The signs beside a number do what its arrow keys do.
    if (element.matches('.el-input-number [role=button]')) return visitedIn(element.closest('.el-input-number'));
    const list = element.closest('[role=listbox], [role=menu], [role=tablist]');
    const owner = list?.id ? document.querySelector(`[aria-controls="${CSS.escape(list.id)}"]`) : null;
    return visitedIn(list) || (owner !== null && stops.has(owner));
  };
  axe.setup(document.documentElement);
  const met = controls
    .filter((element) => element.isConnected)
    .map((element) => {
      const looked = looks.get(element);
      // The walk began on the one that was not at rest, and has left it.
      const seen =
        looked === undefined || (stops.get(element) === true && looked !== (rest.get(element) ?? walkLook(element)));
      const visited = stops.has(element);
      const name = axe.commons.text.accessibleText(element);
      return { what: tag(element), name, visited, byArrows: !visited && byArrows(element), seen };
    });
  axe.teardown();
  const strange = [...stops.keys()].filter((stop) => !controls.includes(stop)).map(tag);
  const present = new Set(walkControls());
  return { met, strange, isSame: present.size === controls.length && controls.every((one) => present.has(one)) };
}

interface WalkEnd {
  readonly faults: string[];
  readonly stops: number;
}

const MOST_WALKS = 3;

/**
 * What is wrong for a person who goes through what is shown by Tab alone: a line for each control. Answers the number of stops, too. Where
 * something came or went meanwhile, as on a screen that still reads what it shows, it is gone through again.
 */
export async function walkByTab(page: Page): Promise<WalkEnd> {
  await bringAxe(page);
  for (let walk = 1; ; walk += 1) {
    const { isSame, ...end } = await walkOnce(page);
    if (isSame || walk === MOST_WALKS) return end;
  }
}

async function walkOnce(page: Page): Promise<WalkEnd & { readonly isSame: boolean }> {
  const controls = await page.evaluate(begin);
  let stops = 0;
  let nowhere = 0;
  // Wherever the focus stands first, a whole round comes by everything; the window's edge is one step of it.
  for (let step = 0; step < 2 * controls + 20; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(note);
    if (at === 'new') stops += 1;
    else if (at === 'again') break;
    else nowhere += 1;
  }
  const { met, strange, isSame } = await page.evaluate(tell);
  const faults = met.flatMap(({ what, name, visited, byArrows, seen }) => [
    ...(name.trim() === '' ? [`no name: ${what}`] : []),
    ...(visited || byArrows ? [] : [`not reached: ${what} ${name}`]),
    ...(seen ? [] : [`no sign of the focus: ${what} ${name}`]),
  ]);
  if (nowhere > 1) faults.push(`the focus was nowhere ${nowhere} times`);
  return { faults: [...faults, ...strange.map((what) => `reached, but no control: ${what}`)], stops, isSame };
}

/** Where the focus is: the role and the name that a screen reader would say. */
export async function focused(page: Page): Promise<{ readonly role: string; readonly name: string }> {
  await bringAxe(page);
  return page.evaluate(() => {
    const { axe } = window as unknown as WalkPage;
    const element = document.activeElement;
    if (element === null || element === document.body) return { role: 'nothing', name: '' };
    const types: Record<string, string> = { checkbox: 'checkbox', radio: 'radio', number: 'spinbutton' };
    const tags: Record<string, string> = { A: 'link', BUTTON: 'button', TEXTAREA: 'textbox', SUMMARY: 'summary' };
    const input = element instanceof HTMLInputElement ? (types[element.type] ?? 'textbox') : undefined;
    const heading = /^H\d$/.test(element.tagName) ? 'heading' : undefined;
    const role = element.getAttribute('role') ?? input ?? heading ?? tags[element.tagName] ?? element.tagName;
    axe.setup(document.documentElement);
    const name = axe.commons.text.accessibleText(element);
    axe.teardown();
    return { role, name: name.replaceAll(/\s+/g, ' ').trim() };
  });
}

/** Waits until the focus is on something, and that is it. */
export async function focusIs(page: Page, role: string, name: string | RegExp): Promise<void> {
  const wanted = { role, name: typeof name === 'string' ? name : (expect.stringMatching(name) as string) };
  await expect.poll(() => focused(page), { timeout: PATIENCE_MS }).toEqual(wanted);
}

const MOST_TABS = 120;

/** Presses Tab, or Shift and Tab, until the focus is where it is wanted; throws with all that was passed. */
export async function tabTo(page: Page, role: string, name: string | RegExp, back = false): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < MOST_TABS; step += 1) {
    const at = await focused(page);
    if (at.role === role && (typeof name === 'string' ? at.name === name : name.test(at.name))) return;
    passed.push(`${at.role} ${at.name}`);
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`Tab does not lead to ${role} ${String(name)}, but to\n${passed.join('\n')}`);
}

/** Chooses in a list that a focused combobox opens, by its keys alone. */
export async function chooseByKeys(page: Page, option: string): Promise<void> {
  await page.keyboard.press('Enter');
  const list = page.getByRole('listbox').filter({ visible: true });
  await list.getByRole('option', { name: option, exact: true }).waitFor();
  const hovered = (): Promise<string> =>
    page.evaluate(() => {
      const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
      return document.getElementById(id)?.textContent.trim() ?? '';
    });
  for (let step = 0; step < MOST_TABS && (await hovered()) !== option; step += 1)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await list.waitFor({ state: 'hidden' });
}

import { describe, expect, it } from 'vitest';
import { ariaKeys, commandOfKey, keyNames } from '../../../src/renderer/app/shortcuts.ts';

const NONE = { key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('commandOfKey', () => {
  it.each([
    ['1', 'Digit1', 'orders'],
    ['5', 'Digit5', 'settings'],
    ['k', 'KeyK', 'palette'],
    ['f', 'KeyF', 'find'],
    [',', 'Comma', 'settings'],
    ['n', 'KeyN', 'update'],
    ['o', 'KeyO', 'choose_file'],
  ])('takes %s for what it stands for', (key, code, command) => {
    expect(commandOfKey({ ...NONE, key, code, ctrlKey: true }, false)).toBe(command);
    expect(commandOfKey({ ...NONE, key, code, metaKey: true }, true)).toBe(command);
  });

  it('takes a digit by its place where it would need shift, and the number pad', () => {
    expect(commandOfKey({ ...NONE, key: '"', code: 'Digit3', ctrlKey: true }, false)).toBe('jobs');
    expect(commandOfKey({ ...NONE, key: '3', code: 'Numpad3', ctrlKey: true }, false)).toBe('jobs');
  });

  it('leaves the other machine its own keys, and AltGr, shift and bare letters to the page', () => {
    const k = { ...NONE, key: 'k', code: 'KeyK' };
    expect(commandOfKey({ ...k, ctrlKey: true }, true)).toBeNull();
    expect(commandOfKey({ ...k, metaKey: true }, false)).toBeNull();
    expect(commandOfKey({ ...k, ctrlKey: true, altKey: true }, false)).toBeNull();
    expect(commandOfKey({ ...k, ctrlKey: true, shiftKey: true }, false)).toBeNull();
    expect(commandOfKey(k, false)).toBeNull();
    expect(commandOfKey({ ...NONE, key: '9', code: 'Digit9', ctrlKey: true }, false)).toBeNull();
  });
});

describe('the names of keys', () => {
  it('are those of the machine', () => {
    expect(keyNames('Mod+K', false)).toEqual(['Ctrl', 'K']);
    expect(keyNames('Mod+K', true)).toEqual(['⌘', 'K']);
    expect(ariaKeys('Mod+1', true)).toBe('Meta+1');
  });
});

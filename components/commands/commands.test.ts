import { describe, expect, it } from 'vitest';
import type { OverviewWindow } from '@/lib/engine/protocol';
import { INITIAL_STATE, type Picture, type WorkspaceState } from '@/lib/store/workspace-state';
import { COMMANDS, findCommand } from './commands';
import { isTyping, writeKeyPress } from './key-press';
import { commandItems } from './palette-items';

const press = (
  key: string,
  modifiers: Partial<Record<'ctrl' | 'meta' | 'alt' | 'shift', true>> = {},
) =>
  writeKeyPress({
    key,
    ctrlKey: modifiers.ctrl ?? false,
    metaKey: modifiers.meta ?? false,
    altKey: modifiers.alt ?? false,
    shiftKey: modifiers.shift ?? false,
  });

describe('the table of commands', () => {
  it('gives no key to two commands', () => {
    const keys = COMMANDS.filter(({ run }) => run !== undefined).flatMap((one) => one.keys);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('gives no command a key that a part of the page takes for itself', () => {
    const own = COMMANDS.filter(({ run }) => run === undefined).flatMap((one) => one.keys);
    expect(own.filter((key) => findCommand(key) !== undefined)).toEqual([]);
  });

  it.each([
    ...['legend', 'lanes', 'hops', 'compare', 'nat', 'captures', 'notes', 'undo', 'redo'],
    ...['keys', 'keyboard', 'wireshark', 'share', 'report'],
  ])('is found by the word %s, as its button or its readers say it', (word) => {
    const state: WorkspaceState = {
      ...INITIAL_STATE,
      diagnosis: { findings: [], rules: [] },
      picture: { connections: [{ translations: [{}] }] } as unknown as Picture,
      overview: {} as OverviewWindow,
      view: { ...INITIAL_STATE.view, connections: ['c'] },
    };
    expect(commandItems(state, word)).not.toEqual([]);
  });

  it('names each command once', () => {
    const words = COMMANDS.map(({ group, words: text }) => `${group} ${text}`);
    expect(words).toEqual([...new Set(words)]);
  });
});

describe('writeKeyPress', () => {
  it.each([
    [press('k', { ctrl: true }), 'Mod+k'],
    [press('k', { meta: true }), 'Mod+k'],
    [press('K', { ctrl: true, shift: true }), 'Mod+Shift+k'],
    [press('F', { shift: true }), 'Shift+f'],
    [press('f'), 'f'],
    // Signs are typed with Shift on some keyboards and without it on others.
    [press('?', { shift: true }), '?'],
    [press('/'), '/'],
    [press('ArrowLeft', { alt: true }), 'Alt+ArrowLeft'],
    [press('Backspace', { shift: true }), 'Shift+Backspace'],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });

  it('finds the commands as the keyboard presses them', () => {
    expect(findCommand(press('?', { shift: true }))?.id).toBe('keys');
    expect(findCommand(press('K', { meta: true }))?.id).toBe('palette');
    expect(findCommand(press('F', { shift: true }))?.id).toBe('previous-finding');
    expect(findCommand(press('q'))).toBeUndefined();
  });

  it('knows what a field would take as text', () => {
    expect([press('n'), press('?'), press('k', { ctrl: true })].map(isTyping)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

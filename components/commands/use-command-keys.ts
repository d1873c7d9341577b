'use client';
// Keys of the table of commands, anywhere on the page but where one types.
import { useEffect } from 'react';
import { workspace } from '@/lib/store/workspace';
import { findCommand } from './commands';
import { useSingleKeys } from './key-choice';
import { isTyping, writeKeyPress } from './key-press';
import { usePage } from './overlay';

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

export function useCommandKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const combination = writeKeyPress(event);
      const letter = isTyping(combination);
      // What is being typed has an undo of its own.
      if (isField(event.target) && /^Mod\+(Shift\+)?[zy]$/.test(combination)) return;
      if (letter && (isField(event.target) || !useSingleKeys.getState().on)) return;
      const { overlay } = usePage.getState();
      if (overlay !== null && (letter || combination !== 'Mod+k')) return;
      const command = findCommand(combination);
      if (command === undefined || !command.isEnabled(workspace.store.getState())) return;
      event.preventDefault();
      command.run?.();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

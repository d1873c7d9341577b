// A key press as the table of commands writes it.

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** `Mod+k`, `Shift+n`, `?`. Shift is written for letters and named keys only: on other keys it is how the sign is typed. */
export function writeKeyPress({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  return [
    ctrlKey || metaKey ? 'Mod' : '',
    altKey ? 'Alt' : '',
    shiftKey && !isSign ? 'Shift' : '',
    key.length === 1 ? key.toLowerCase() : key,
  ]
    .filter(Boolean)
    .join('+');
}

/** Typed into a field, such a key is text. */
export const isTyping = (combination: string): boolean =>
  !combination.startsWith('Mod+') && !combination.startsWith('Alt+');

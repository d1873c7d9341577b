// A key as it is printed on the keyboard: `Mod` is Ctrl, and ⌘ on a Mac.
import { classNames } from './class-names';

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  Escape: 'Esc',
};

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** `Mod+k` → `Ctrl K`, `Shift+n` → `Shift N`. */
export function keyNames(combination: string): readonly string[] {
  const parts = combination === '+' ? ['+'] : combination.split('+');
  return parts.map((part) =>
    part === 'Mod'
      ? isMac()
        ? '⌘'
        : 'Ctrl'
      : (NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
  );
}

export function Keys({ combination }: { readonly combination: string }) {
  return (
    <kbd className="inline-flex shrink-0 gap-1 font-sans">
      {keyNames(combination).map((name) => (
        <span
          key={name}
          // 0 and O, 1 and l are told apart by the figures' font.
          className={classNames(
            'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-md border border-line px-1 text-2xs text-muted',
            name.length === 1 && 'figures',
          )}
        >
          {name}
        </span>
      ))}
    </kbd>
  );
}

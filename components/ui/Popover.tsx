'use client';
// A sheet that floats beside the button that opened it.
import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export function Popover({
  trigger,
  name,
  width = 'w-96',
  children,
}: {
  /** A button; it gets the state and the handlers. */
  readonly trigger: ReactNode;
  readonly name: string;
  readonly width?: string;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={name}
          onCloseAutoFocus={leaveFocus}
          className={`z-40 max-h-[var(--radix-popover-content-available-height)] max-w-[calc(100vw-16px)] overflow-auto rounded-lg border border-line bg-raised shadow-lg ${width}`}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The focus returns to the button, unless a key has sent it elsewhere since. */
const leaveFocus = (event: Event): void => {
  if (document.activeElement !== document.body) event.preventDefault();
};

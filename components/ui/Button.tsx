// Buttons: `quiet` within panels, `outline` in bars, `solid` for the one thing to do next.
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const LOOKS = {
  quiet: 'text-muted hover:bg-hover hover:text-ink',
  outline: 'border border-line bg-surface text-ink hover:bg-hover',
  solid: 'border border-ink bg-ink text-surface hover:opacity-90',
} as const;

const SIZES = {
  small: 'h-6 px-1.5 text-xs gap-1',
  medium: 'h-7 px-2.5 text-sm gap-1.5',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS;
  readonly size?: keyof typeof SIZES;
}

export function Button({
  look = 'outline',
  size = 'medium',
  className,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md disabled:opacity-50',
        LOOKS[look],
        SIZES[size],
        className,
      )}
      {...rest}
    />
  );
}

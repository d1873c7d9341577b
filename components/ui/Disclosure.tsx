'use client';
// A line that opens to what stands beneath it. By itself or, with `open` and `onOpen`, under its owner's hand.
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { classNames } from './class-names';

export function Disclosure({
  line,
  open,
  onOpen,
  className,
  children,
}: {
  readonly line: ReactNode;
  readonly open?: boolean;
  readonly onOpen?: (open: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const [ownOpen, setOwnOpen] = useState(false);
  const id = useId();
  const isOpen = open ?? ownOpen;
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => {
          setOwnOpen(!isOpen);
          onOpen?.(!isOpen);
        }}
        className={classNames(
          'flex min-h-6 w-full items-center gap-1 text-left hover:bg-hover',
          className,
        )}
      >
        <ChevronRight
          size={12}
          aria-hidden
          className={classNames('shrink-0 text-faint', isOpen && 'rotate-90')}
        />
        {line}
      </button>
      {isOpen && <div id={id}>{children}</div>}
    </>
  );
}

'use client';
// A line that opens to what stands beneath it.
import { ChevronRight } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

export function Disclosure({
  line,
  defaultOpen = false,
  open,
  onOpen,
  className,
  children,
}: {
  readonly line: ReactNode;
  readonly defaultOpen?: boolean;
  readonly open?: boolean;
  readonly onOpen?: (open: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <Collapsible.Root defaultOpen={defaultOpen} open={open} onOpenChange={onOpen}>
      <Collapsible.Trigger
        className={classNames(
          'group flex min-h-6 w-full items-center gap-1 text-left hover:bg-hover',
          className,
        )}
      >
        <ChevronRight
          size={12}
          aria-hidden
          className="shrink-0 text-faint group-data-[state=open]:rotate-90"
        />
        {line}
      </Collapsible.Trigger>
      <Collapsible.Content>{children}</Collapsible.Content>
    </Collapsible.Root>
  );
}

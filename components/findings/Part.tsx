// A part of a story under its own small heading.
import type { ReactNode } from 'react';
import { SectionHeading } from '@/components/ui/SectionHeading';

export function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="pb-1">
      <SectionHeading>{title}</SectionHeading>
      <div className="px-3.5 pb-1">{children}</div>
    </div>
  );
}

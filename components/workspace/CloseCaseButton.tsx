'use client';
// Back to the empty page. The browser's back opens the case again as long as it is kept.
import { Button } from '@/components/ui/Button';
import { workspace } from '@/lib/store/workspace';

export function CloseCaseButton({
  look = 'quiet',
  children = 'Close the case',
}: {
  readonly look?: 'quiet' | 'outline';
  readonly children?: string;
}) {
  const close = () => {
    workspace.closeCase();
  };
  return (
    <Button look={look} size="small" onClick={close}>
      {children}
    </Button>
  );
}

'use client';
// Back to the empty page: the case, its notes and its address are gone.
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
    window.history.replaceState(null, '', window.location.pathname);
    workspace.closeCase();
  };
  return (
    <Button look={look} size="small" onClick={close}>
      {children}
    </Button>
  );
}

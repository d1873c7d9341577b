'use client';
import { FileButtons } from '@/components/intake/FileButtons';
import { Button } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
// The case's captures behind a button of the bar: their state, more of them, fewer of them.
import { CloseCaseButton } from '@/components/workspace/CloseCaseButton';
import { isTroubled, selectCaptures } from '@/lib/store/selectors';
import { useWorkspace } from '@/lib/store/workspace';
import { CaptureList } from './CaptureList';

export function CapturesButton() {
  const captures = useWorkspace(selectCaptures);
  const count = captures.filter(({ status }) => status.state !== 'evidence').length;
  const troubled = captures.filter(isTroubled).length;
  return (
    <Popover
      name="Captures"
      width="w-[520px]"
      trigger={
        <Button data-command="captures">
          Captures <span className="figures text-muted">{count}</span>
          {troubled > 0 && (
            <svg
              viewBox="0 0 12 12"
              width={10}
              height={10}
              role="img"
              aria-label={`${troubled} with warnings`}
            >
              <path d="M6 0.8 11.8 11.2H0.2Z" className="fill-warning" />
            </svg>
          )}
        </Button>
      }
    >
      <SectionHeading>Captures</SectionHeading>
      <CaptureList />
      <div className="flex items-center justify-between border-t border-line p-3.5">
        <FileButtons size="small" />
        <CloseCaseButton />
      </div>
    </Popover>
  );
}

'use client';
// The chosen finding to take away: for a mail, for a ticket, and as display filters that show its frames in Wireshark.
import { Copy } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Popover } from '@/components/ui/Popover';
import type { Point } from '@/lib/model/capture';
import type { HopSummary } from '@/lib/model/connection';
import type { Finding } from '@/lib/model/finding';
import { citedFrames, frameFilter } from '@/lib/model/finding-frames';
import { findingAsMarkdown, findingAsText, type NameStop } from '@/lib/model/finding-text';
import { countPassages, laneStop, waysOfHop } from '@/lib/model/lane-name';
import { nameOfStop } from '@/lib/scene/point-name';
import { useWorkspace } from '@/lib/store/workspace';

const NO_POINTS: readonly Point[] = [];
const NO_HOPS: readonly HopSummary[] = [];

export function CopyFinding({ finding }: { readonly finding: Finding }) {
  return (
    <Popover
      name="Copy the finding"
      trigger={
        <Button look="quiet" size="small" aria-label="Copy the finding">
          <Copy size={12} aria-hidden />
          Copy
        </Button>
      }
    >
      <CopyMenu finding={finding} />
    </Popover>
  );
}

function CopyMenu({ finding }: { readonly finding: Finding }) {
  const points = useWorkspace((state) => state.status?.points ?? NO_POINTS);
  const names = useWorkspace((state) => state.view.lanes.names);
  const hops = useWorkspace((state) => state.status?.hops ?? NO_HOPS);
  const counts = countPassages(hops.map(waysOfHop));
  const nameOf: NameStop = (stop, direction) =>
    nameOfStop(laneStop(stop, direction, counts), points, names);
  return (
    <div className="p-3 text-sm">
      <div className="flex items-center justify-between">
        As text
        <CopyButton text={findingAsText(finding, nameOf)} name="the finding as text" />
      </div>
      <div className="flex items-center justify-between">
        As Markdown
        <CopyButton text={findingAsMarkdown(finding, nameOf)} name="the finding as Markdown" />
      </div>
      <h3 className="mt-2 border-t border-line pt-2 text-2xs font-semibold text-muted">
        As Wireshark display filter, file by file
      </h3>
      <ul>
        {citedFrames(finding).map(({ file, frames }) => (
          <li key={file} className="mt-1 flex items-start justify-between gap-2">
            <span className="min-w-0 text-xs break-words">
              {file}
              <code className="figures block break-words text-muted">{frameFilter(frames)}</code>
            </span>
            <CopyButton text={frameFilter(frames)} name={`the display filter for ${file}`} />
          </li>
        ))}
      </ul>
    </div>
  );
}

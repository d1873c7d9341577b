'use client';
// A failing connection beside its nearest healthy sibling: where the two part, and the way to see both drawn side by side.
import { Columns2 } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import type { Finding } from '@/lib/model/finding';
import { workspace } from '@/lib/store/workspace';
import { Part } from './Part';
import { PartingList } from './PartingList';
import { TechnicalText } from './TechnicalText';

export const SIDE_NAMES = ['failing', 'healthy'] as const;

export function Comparison({ finding: { sibling, connections } }: { readonly finding: Finding }) {
  if (sibling === null) return null;
  return (
    <Part title="Beside a healthy one">
      <p className="text-muted">
        <TechnicalText text={sibling.text} />
      </p>
      <PartingList className="mt-1 space-y-1.5" partings={sibling.partings} names={SIDE_NAMES} />
      <Button
        size="small"
        className="mt-2"
        onClick={() => void workspace.comparison.show(connections[0], sibling.connection)}
      >
        <Columns2 size={13} aria-hidden />
        Side by side
      </Button>
    </Part>
  );
}

'use client';
// What NAT did to the connections drawn, a table each: requests beside replies, loud where the reverse is not the inverse.
import { useMemo } from 'react';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { formatQuantity } from '@/components/ui/format-number';
import { Popover } from '@/components/ui/Popover';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { Point } from '@/lib/model/capture';
import { buildTranslationTable, translationTableText } from '@/lib/model/translation-table';
import { nameOfStop } from '@/lib/scene/point-name';
import { useWorkspace } from '@/lib/store/workspace';
import { TranslationRows } from './TranslationRows';

const NO_POINTS: readonly Point[] = [];

export function TranslationsButton() {
  const picture = useWorkspace((state) => state.picture);
  const points = useWorkspace((state) => state.status?.points ?? NO_POINTS);
  const names = useWorkspace((state) => state.view.lanes.names);
  const tables = useMemo(() => {
    if (picture === null) return [];
    const index = new Map(points.map((point, at) => [point.id, at]));
    return picture.connections
      .map((connection) =>
        buildTranslationTable(
          connection,
          picture.window,
          index.get(connection.points[0] ?? '') ?? -1,
        ),
      )
      .filter(({ pairs }) => pairs.length > 0);
  }, [picture, points]);
  if (tables.length === 0) return null;

  const nameOf = (stop: string): string => nameOfStop(stop, points, names);
  const broken = tables.filter(({ pairs }) => pairs.some(({ verdict }) => verdict === 'broken'));
  const text = tables.map((table) => translationTableText(table, nameOf)).join('\n');
  return (
    <Popover
      name="Translations"
      width="w-[880px]"
      trigger={
        <Button
          size="small"
          data-command="translations"
          aria-label={
            broken.length > 0
              ? `NAT: in ${formatQuantity(broken.length, 'connection')} the reverse is not the inverse`
              : 'NAT'
          }
        >
          <span className={broken.length > 0 ? 'font-semibold text-failure' : 'text-nat'}>
            NAT{broken.length > 0 && ' ≠'}
          </span>
        </Button>
      }
    >
      <SectionHeading aside={<CopyButton text={text} name="the translations as text" />}>
        Translations
      </SectionHeading>
      <div className="space-y-3 pb-3">
        {tables.map((table) => (
          <TranslationRows key={table.connection.id} table={table} nameOf={nameOf} />
        ))}
      </div>
    </Popover>
  );
}

'use client';
// The decoded layers: a line each, opened to their fields by Wireshark's names.
import { classNames } from '@/components/ui/class-names';
import { Disclosure } from '@/components/ui/Disclosure';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { ProtocolField, ProtocolLayer } from '@/lib/model/protocol-tree';
import { type ByteRange, isSameRange } from './byte-range';

interface Marking {
  readonly marked: ByteRange | null;
  readonly onPoint: (range: ByteRange | null) => void;
  readonly onKeep: (range: ByteRange) => void;
}

export function LayerTree({
  layers,
  open,
  onOpen,
  ...marking
}: Marking & {
  readonly layers: readonly ProtocolLayer[];
  readonly open: ReadonlySet<string>;
  readonly onOpen: (layer: string, isOpen: boolean) => void;
}) {
  return (
    <div className="mt-2">
      <SectionHeading>Layers</SectionHeading>
      {layers.map((layer) => (
        <Disclosure
          key={`${layer.name} ${layer.start}`}
          className="px-2.5 text-xs"
          open={open.has(layer.name)}
          onOpen={(isOpen) => onOpen(layer.name, isOpen)}
          line={
            <span className="min-w-0 truncate">
              {layer.title} <span className="figures text-muted">{layer.summary}</span>
            </span>
          }
        >
          <ul className="pb-1">
            {layer.fields.map((field) => (
              <FieldLine
                key={`${field.name} ${field.start} ${field.value}`}
                field={field}
                depth={0}
                {...marking}
              />
            ))}
          </ul>
        </Disclosure>
      ))}
    </div>
  );
}

/** Left edge of a field's text, px, and what each level adds. */
const INDENT_PX = 27;
const LEVEL_PX = 12;

function FieldLine({
  field,
  depth,
  ...marking
}: Marking & { readonly field: ProtocolField; readonly depth: number }) {
  const { marked, onPoint, onKeep } = marking;
  return (
    <li>
      <button
        type="button"
        disabled={field.length === 0}
        title={field.label}
        onPointerEnter={() => onPoint(field)}
        onPointerLeave={() => onPoint(null)}
        onFocus={() => onPoint(field)}
        onBlur={() => onPoint(null)}
        onClick={() => onKeep(field)}
        style={{ paddingLeft: INDENT_PX + depth * LEVEL_PX }}
        className={classNames(
          'figures flex min-h-5 w-full items-baseline gap-2 pr-3.5 text-left text-xs',
          isSameRange(field, marked) ? 'bg-chosen' : 'enabled:hover:bg-hover',
        )}
      >
        <span className="shrink-0 text-muted">{field.name}</span>
        <span className="min-w-0 break-words">{field.value}</span>
      </button>
      {field.children !== undefined && field.children.length > 0 && (
        <ul>
          {field.children.map((child) => (
            <FieldLine
              key={`${child.name} ${child.start} ${child.value}`}
              field={child}
              depth={depth + 1}
              {...marking}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

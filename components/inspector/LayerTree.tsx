'use client';
// The decoded layers: a line each, opened to their fields by Wireshark's names.
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { Disclosure } from '@/components/ui/Disclosure';
import { SectionHeading } from '@/components/ui/SectionHeading';
import type { ProtocolField, ProtocolLayer } from '@/lib/model/protocol-tree';
import { type ByteRange, isSameRange } from './byte-range';

interface Marking {
  readonly marked: ByteRange | null;
  /** The range that a click keeps marked. */
  readonly kept: ByteRange | null;
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
            // What has no room wraps: no number is cut.
            <span className="min-w-0 py-0.5 leading-4 break-words">
              <span className="mr-0.5">{layer.title}</span>{' '}
              <span className="figures text-muted">{layer.summary}</span>
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

type FieldProps = Marking & { readonly field: ProtocolField; readonly depth: number };

function FieldLine({ field, depth, ...marking }: FieldProps) {
  const [isOpened, setIsOpened] = useState(false);
  const children = field.children ?? [];
  // A byte that was clicked shows its field, however deep.
  const isOpen = isOpened || children.some((child) => holdsRange(child, marking.kept));
  return (
    <li>
      <div className="relative">
        {children.length > 0 && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Fields of ${field.name === '' ? field.label : field.name}`}
            onClick={() => setIsOpened(!isOpen)}
            style={{ left: INDENT_PX - 15 + depth * LEVEL_PX }}
            className="absolute top-1 text-faint hover:text-ink"
          >
            <ChevronRight size={12} aria-hidden className={classNames(isOpen && 'rotate-90')} />
          </button>
        )}
        <FieldText field={field} depth={depth} {...marking} />
      </div>
      {isOpen && (
        <ul>
          {children.map((child) => (
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

const holdsRange = (field: ProtocolField, range: ByteRange | null): boolean =>
  isSameRange(field, range) || (field.children ?? []).some((child) => holdsRange(child, range));

function FieldText({ field, depth, marked, kept, onPoint, onKeep }: FieldProps) {
  return (
    <button
      type="button"
      disabled={field.length === 0}
      title={field.label}
      data-field-name={field.name}
      data-field-value={field.value}
      onPointerEnter={() => onPoint(field)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onPoint(field)}
      onBlur={() => onPoint(null)}
      onClick={() => onKeep(field)}
      aria-pressed={isSameRange(field, kept)}
      style={{ paddingLeft: INDENT_PX + depth * LEVEL_PX }}
      className={classNames(
        'figures flex min-h-5 w-full items-baseline gap-2 pr-3.5 text-left text-xs',
        isSameRange(field, marked) ? 'bg-chosen' : 'enabled:hover:bg-hover',
      )}
    >
      <span className={classNames('shrink-0 text-muted', field.name === '' && 'font-sans')}>
        {field.name === '' ? field.label : field.name}
      </span>
      <span className={classNames('min-w-0 break-words', field.isWrong && 'text-failure')}>
        {field.value}
      </span>
    </button>
  );
}

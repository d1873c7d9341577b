'use client';
// The frame's bytes as hexadecimal and text. Only rows that a mark touches are drawn again.
import { memo, type PointerEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { classNames } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/format-number';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { useWidth } from '@/components/ui/use-width';
import type { ByteRange } from './byte-range';

/** Bytes drawn before the reader asks for all. */
const FIRST_BYTES = 512;
/** Width of a figure at this size, and the panel's padding. */
const FIGURE_PX = 6.65;
const PADDING_PX = 28;
/** Figures of the offset with its gap, and of one byte: two digits, a gap, its text. */
const OFFSET_FIGURES = 7;
const BYTE_FIGURES = 4;
const ROW_LENGTHS = [16, 12, 8, 4] as const;

export function ByteView({
  bytes,
  marked,
  onPoint,
  onKeep,
}: {
  readonly bytes: Uint8Array;
  readonly marked: ByteRange | null;
  readonly onPoint: (offset: number | null) => void;
  readonly onKeep: (offset: number) => void;
}) {
  const [isWhole, setIsWhole] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const figures = (useWidth(element) - PADDING_PX) / FIGURE_PX - OFFSET_FIGURES;
  const rowLength = ROW_LENGTHS.find((length) => length * BYTE_FIGURES <= figures) ?? 4;
  const shown = isWhole ? bytes.length : Math.min(bytes.length, FIRST_BYTES);
  const rows = Math.ceil(shown / rowLength);

  const pointed = (event: PointerEvent<HTMLElement>): number | null => {
    const offset = (event.target as HTMLElement).dataset.offset;
    return offset === undefined ? null : Number(offset);
  };

  return (
    <div className="mt-2" ref={element}>
      <SectionHeading aside={<span className="figures">{formatCount(bytes.length)}</span>}>
        Bytes
      </SectionHeading>
      <pre
        className="figures px-3.5 text-[11px] leading-[18px]"
        onPointerMove={(event) => onPoint(pointed(event))}
        onPointerLeave={() => onPoint(null)}
        onPointerDown={(event) => {
          const offset = pointed(event);
          if (offset !== null) onKeep(offset);
        }}
      >
        {Array.from({ length: rows }, (_, row) => {
          const start = row * rowLength;
          const end = Math.min(start + rowLength, bytes.length);
          return (
            <ByteRow
              key={start}
              bytes={bytes}
              start={start}
              end={end}
              rowLength={rowLength}
              markFrom={marked === null ? 0 : clamp(marked.start, start, end)}
              markTo={marked === null ? 0 : clamp(marked.start + marked.length, start, end)}
            />
          );
        })}
      </pre>
      {shown < bytes.length && (
        <Button look="quiet" size="small" className="ml-2" onClick={() => setIsWhole(true)}>
          Show all {formatCount(bytes.length)} bytes
        </Button>
      )}
    </div>
  );
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, value));

interface ByteRowProps {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly rowLength: number;
  readonly markFrom: number;
  readonly markTo: number;
}

const ByteRow = memo(function ByteRow(props: ByteRowProps) {
  const { bytes, start, end, rowLength, markFrom, markTo } = props;
  const offsets = Array.from({ length: end - start }, (_, i) => start + i);
  const mark = (offset: number) =>
    offset >= markFrom && offset < markTo && 'bg-chosen text-ink font-semibold';
  return (
    <div className="whitespace-pre">
      <span className="text-faint">{start.toString(16).padStart(4, '0')} </span>
      {offsets.map((offset) => (
        <span
          key={offset}
          data-offset={offset}
          className={classNames('text-muted', mark(offset))}
        >{` ${hex(bytes[offset])}`}</span>
      ))}
      {'   '.repeat(rowLength - offsets.length)}
      {'  '}
      {offsets.map((offset) => (
        <span key={offset} data-offset={offset} className={classNames('text-faint', mark(offset))}>
          {printable(bytes[offset])}
        </span>
      ))}
    </div>
  );
});

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

const printable = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';

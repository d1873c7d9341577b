'use client';
// Figures in the fullest of their variants that has room: none is ever cut. Who listens hears the first.
import { useRef } from 'react';
import { classNames } from './class-names';
import { useWidth } from './use-width';

/** A character of figures at the small size. */
const FIGURE_PX = 7.2;

/** A name, and figures of lesser weight after it; either may be empty. */
export type FigureVariant = readonly [name: string, figures: string];

const APART = 2;
const lengthOf = ([name, figures]: FigureVariant): number =>
  name.length + figures.length + (name === '' || figures === '' ? 0 : APART);

export function FittingFigures({
  variants,
  title,
  className,
}: {
  /** From longest to shortest. */
  readonly variants: readonly FigureVariant[];
  readonly title?: string | undefined;
  readonly className?: string;
}) {
  const box = useRef<HTMLSpanElement>(null);
  const room = useWidth(box) / FIGURE_PX;
  const [name, figures] = variants.find((one) => lengthOf(one) <= room) ?? ['', ''];
  return (
    <span
      ref={box}
      title={title}
      className={classNames(
        'figures block min-w-0 flex-1 overflow-hidden text-xs whitespace-nowrap',
        className,
      )}
    >
      <span className="sr-only">{variants[0]?.filter(Boolean).join(', ')}</span>
      <span aria-hidden>
        {name !== '' && <span className="mr-3">{name}</span>}
        <span className="text-muted">{figures}</span>
      </span>
    </span>
  );
}

// The columns of the connection table: head, order, width. The width of numbers is fixed so that they align; endpoints take what is left.
import type { ConnectionSort } from '@/lib/model/connection-order';

export interface Column {
  readonly sort: ConnectionSort;
  readonly head: string;
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The first click on the head shows the greatest first. */
  readonly greatestFirst: boolean;
}

const text = (sort: ConnectionSort, head: string, title: string): Column => ({
  sort,
  head,
  title,
  align: 'left',
  greatestFirst: false,
});
const number = (sort: ConnectionSort, head: string, title: string): Column => ({
  sort,
  head,
  title,
  align: 'right',
  greatestFirst: true,
});

export const COLUMNS: readonly Column[] = [
  { ...text('state', '', 'State'), greatestFirst: true },
  text('client', 'client', 'Client'),
  text('server', 'server', 'Server'),
  number('duration', 'time', 'Duration'),
  number('packets', 'pkts', 'Packets'),
  number('lost', 'lost', 'Packets lost'),
  number('retransmissions', 'rtx', 'Retransmissions'),
];

/** One grid for the head and all rows. In a narrow panel the duration makes room for the endpoints. */
export const GRID_COLUMNS =
  'grid grid-cols-[10px_minmax(0,1fr)_minmax(0,1fr)_52px_36px_28px_28px] items-center gap-x-1.5 px-3 @max-[340px]:grid-cols-[10px_minmax(0,1fr)_minmax(0,1fr)_36px_28px_28px]';
export const DURATION_CELL = '@max-[340px]:hidden';

const NARROW_PX = 340;
const FIXED_PX = 24 + 6 * 6 + 10 + 52 + 36 + 28 + 28;
const DURATION_PX = 52 + 6;
/** Width of a figure at the table's size. */
const FIGURE_PX = 7.2;

/** Characters that an endpoint may have in a table of this width. */
export const endpointRoom = (widthPx: number): number => {
  const fixed = widthPx < NARROW_PX ? FIXED_PX - DURATION_PX : FIXED_PX;
  return Math.floor((widthPx - fixed) / 2 / FIGURE_PX);
};

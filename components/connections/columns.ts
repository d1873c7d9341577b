// The columns of the connection table: head, order, width. The width of numbers is fixed so that they align; endpoints take what is left.
import type { ConnectionSort } from '@/lib/store/workspace-state';

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

/** One grid for the head and all rows. */
export const GRID_COLUMNS =
  'grid grid-cols-[10px_minmax(0,1fr)_minmax(0,1fr)_52px_36px_28px_28px] items-center gap-x-1.5 px-3';

/** What the grid takes beside both endpoints, px: padding, gaps, fixed columns. */
export const GRID_FIXED_PX = 24 + 6 * 6 + 10 + 52 + 36 + 28 + 28;

// The columns of the connection table: what each is called, how it is sorted, how wide it is at first, and where it is shown at first.
import type { ConnectionSort } from '@/lib/model/connection-order';

export const COLUMN_IDS = [
  'state',
  'client',
  'server',
  'after',
  'protocol',
  'hint',
  'time',
  'duration',
  'handshake',
  'close',
  'packets',
  'bytes',
  'lost',
  'losses',
  'retransmissions',
  'points',
  'activity',
  'findings',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** `panel`: beside the picture, where room is short. `page`: across the page. */
export type TablePlace = 'panel' | 'page';

export interface Column {
  readonly id: ColumnId;
  readonly head: string;
  readonly title: string;
  readonly sort: ConnectionSort;
  readonly align: 'left' | 'right';
  /** The first click on the head shows the greatest first. */
  readonly greatestFirst: boolean;
  readonly widthPx: number;
  /** As long as nobody set its width it takes its share of what the others leave, first up to this; null: it keeps its width. */
  readonly growsTo: number | null;
  /** Where it is shown as long as nobody chose. */
  readonly shown: readonly TablePlace[];
}

const BOTH: readonly TablePlace[] = ['panel', 'page'];
const PAGE: readonly TablePlace[] = ['page'];

type Rest = Partial<Omit<Column, 'id' | 'head' | 'title' | 'widthPx'>>;

const column = (
  sort: ConnectionSort,
  id: ColumnId,
  head: string,
  title: string,
  widthPx: number,
  rest: Rest = {},
): Column => ({
  id,
  head,
  title,
  sort,
  align: 'left',
  greatestFirst: false,
  widthPx,
  growsTo: null,
  shown: BOTH,
  ...rest,
});

const text = (
  id: ColumnId & ConnectionSort,
  head: string,
  title: string,
  widthPx: number,
  rest: Rest = {},
): Column => column(id, id, head, title, widthPx, rest);

const number = (
  id: ColumnId & ConnectionSort,
  head: string,
  title: string,
  widthPx: number,
  rest: Rest = {},
): Column => column(id, id, head, title, widthPx, { align: 'right', greatestFirst: true, ...rest });

const LIST: readonly Column[] = [
  text('state', '', 'State', 10, { greatestFirst: true }),
  text('client', 'client', 'Client', 72, { growsTo: 150 }),
  text('server', 'server', 'Server', 72, { growsTo: 150 }),
  text('after', 'after NAT', 'Tuple after NAT', 150, { growsTo: 290, shown: PAGE }),
  text('protocol', 'proto', 'Protocol', 46, { shown: PAGE }),
  text(
    'hint',
    'says',
    'What its first messages say: TLS server name, HTTP request, DNS question',
    70,
    { growsTo: 130, shown: PAGE },
  ),
  number('time', 'begins', 'First packet, seconds after the first of all', 60, {
    greatestFirst: false,
    shown: PAGE,
  }),
  number('duration', 'time', 'Duration', 56, { shown: PAGE }),
  number('handshake', 'shake', 'Handshake: SYN to the client’s acknowledgement', 56, {
    shown: PAGE,
  }),
  text('close', 'closed', 'How it ended, and who ended it', 96, { growsTo: 150, shown: [] }),
  number('packets', 'pkts', 'Packets', 38),
  number('bytes', 'bytes', 'Bytes on the wire, each packet once', 60, { shown: PAGE }),
  number('lost', 'lost', 'Packets lost', 30),
  column('lost', 'losses', 'lost between', 'Losses by hop', 66, {
    greatestFirst: true,
    growsTo: 90,
    shown: PAGE,
  }),
  number('retransmissions', 'rtx', 'Retransmissions', 30, { shown: PAGE }),
  text('points', 'points', 'Points that saw it', 60, { greatestFirst: true, shown: PAGE }),
  column('time', 'activity', 'activity', 'Packets over the whole time', 48),
  text('findings', 'findings', 'Findings that name it', 130, {
    greatestFirst: true,
    growsTo: 260,
    shown: PAGE,
  }),
];

export const COLUMNS: ReadonlyMap<ColumnId, Column> = new Map(
  LIST.map((column) => [column.id, column]),
);

export const columnOf = (id: ColumnId): Column => {
  const column = COLUMNS.get(id);
  if (column === undefined) throw new Error(`There is no column ${id}`);
  return column;
};

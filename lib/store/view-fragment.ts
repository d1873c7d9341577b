// The view as text behind the `#` of the address: enough to come back to the same picture. The fragment never leaves the browser; a query would reach a server's log.
// A shared snapshot stands there under `snapshot=`, made by lib/share.
import { GROUPINGS, type GroupBy } from '../model/connection-groups';
import { CONNECTION_SORTS, type ConnectionSort } from '../model/connection-order';
import {
  type Corrections,
  countCorrections,
  NO_CORRECTIONS,
  parseCorrections,
} from '../model/corrections';
import type { ViewState } from '../model/snapshot';
import type { Arrangement, TimeMode } from '../scene/layout';

/** What becomes of packets that the display filter leaves out. */
export type LeftOut = 'dim' | 'hide';

export interface WorkspaceView extends ViewState {
  readonly timeMode: TimeMode;
  readonly arrangement: Arrangement;
  readonly leftOut: LeftOut;
  /** The hop looked at, `p3 p3/2 forward`; empty: the hops are shown and none is chosen; null: they are not shown. */
  readonly hop: string | null;
  /** Two connections that stand side by side in place of those chosen; null: none do. */
  readonly compare: readonly [string, string] | null;
  readonly search: string;
  readonly sort: ConnectionSort;
  readonly descending: boolean;
  readonly group: GroupBy;
  /** Keys of the groups that are folded. */
  readonly folded: readonly string[];
  /** What was corrected by hand: the analysis that is shown was made with it. */
  readonly corrections: Corrections;
}

export const INITIAL_VIEW: WorkspaceView = {
  connections: [],
  finding: null,
  selected: null,
  span: null,
  lanes: { order: [], hidden: [], names: {} },
  timeMode: 'events',
  arrangement: 'ladder',
  leftOut: 'dim',
  hop: null,
  compare: null,
  search: '',
  // The graver first.
  sort: 'state',
  descending: true,
  group: 'none',
  folded: [],
  corrections: NO_CORRECTIONS,
};

const TIME_MODES: readonly TimeMode[] = ['events', 'scale', 'absolute'];
const NAME_PREFIX = 'name.';

/** Text without `#`; empty for the initial view. Only what differs from it is written. */
export function writeViewFragment(view: WorkspaceView): string {
  const fields = new URLSearchParams();
  for (const connection of view.connections) fields.append('connection', connection);
  if (view.finding !== null) fields.set('finding', view.finding);
  if (view.selected !== null) fields.set('frame', `${view.selected.frame}@${view.selected.file}`);
  if (view.span !== null) fields.set('span', `${view.span[0]}..${view.span[1]}`);
  for (const point of view.lanes.order) fields.append('lane', point);
  for (const point of view.lanes.hidden) fields.append('hidden', point);
  for (const [point, name] of Object.entries(view.lanes.names))
    fields.set(NAME_PREFIX + point, name);
  if (view.timeMode !== INITIAL_VIEW.timeMode) fields.set('time', view.timeMode);
  if (view.arrangement !== INITIAL_VIEW.arrangement) fields.set('layout', view.arrangement);
  if (view.leftOut !== INITIAL_VIEW.leftOut) fields.set('left-out', view.leftOut);
  if (view.hop !== null) fields.set('hop', view.hop);
  for (const connection of view.compare ?? []) fields.append('compare', connection);
  if (view.search !== '') fields.set('search', view.search);
  if (view.sort !== INITIAL_VIEW.sort || view.descending !== INITIAL_VIEW.descending)
    fields.set('sort', view.descending ? `-${view.sort}` : view.sort);
  if (view.group !== 'none') fields.set('group', view.group);
  for (const key of view.folded) fields.append('folded', key);
  if (countCorrections(view.corrections) > 0)
    fields.set('by-hand', JSON.stringify(view.corrections));
  return fields.toString();
}

/** What cannot be read is left at its initial value; the rest holds. */
export function readViewFragment(fragment: string): WorkspaceView {
  const fields = new URLSearchParams(fragment);
  const names: Record<string, string> = {};
  for (const [key, value] of fields)
    if (key.startsWith(NAME_PREFIX)) names[key.slice(NAME_PREFIX.length)] = value;
  const sortText = fields.get('sort') ?? '';
  const sort = CONNECTION_SORTS.find((name) => name === sortText.replace(/^-/, ''));
  return {
    connections: fields.getAll('connection'),
    finding: fields.get('finding'),
    selected: readFrame(fields.get('frame')),
    span: readSpan(fields.get('span')),
    lanes: { order: fields.getAll('lane'), hidden: fields.getAll('hidden'), names },
    timeMode: TIME_MODES.find((mode) => mode === fields.get('time')) ?? INITIAL_VIEW.timeMode,
    arrangement: fields.get('layout') === 'strips' ? 'strips' : 'ladder',
    leftOut: fields.get('left-out') === 'hide' ? 'hide' : 'dim',
    hop: fields.get('hop'),
    compare: readPair(fields.getAll('compare')),
    search: fields.get('search') ?? '',
    sort: sort ?? INITIAL_VIEW.sort,
    descending: sort === undefined ? INITIAL_VIEW.descending : sortText.startsWith('-'),
    group: GROUPINGS.find((name) => name === fields.get('group')) ?? 'none',
    folded: fields.getAll('folded'),
    corrections: parseCorrections(fields.get('by-hand') ?? ''),
  };
}

function readFrame(text: string | null): ViewState['selected'] {
  const match = /^(\d{1,10})@(.+)$/s.exec(text ?? '');
  return match === null ? null : { frame: Number(match[1]), file: match[2] };
}

const readPair = ([left, right]: readonly string[]): WorkspaceView['compare'] =>
  left !== undefined && right !== undefined && left !== right ? [left, right] : null;

function readSpan(text: string | null): ViewState['span'] {
  const [from, to] = (text ?? '').split('..').map(Number);
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : null;
}

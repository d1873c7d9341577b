// Filters for Wireshark of what is chosen: the frame in its file, and the connections drawn, point by point and as a whole.
import {
  filterOfFrame,
  filterOfLegs,
  filtersOfPoints,
  type WiresharkFilter,
} from '../model/wireshark-filter';
import { listedName } from '../scene/point-name';
import type { WorkspaceState } from './workspace-state';

export function chosenFilters({
  view,
  picture,
  status,
}: Pick<WorkspaceState, 'view' | 'picture' | 'status'>): readonly WiresharkFilter[] {
  const frame = view.selected === null ? [] : [filterOfFrame(view.selected)];
  if (picture === null || picture.connections.length === 0) return frame;
  const { connections, window } = picture;
  const points = status?.points ?? [];
  const [{ client, server }] = connections;
  const what =
    connections.length === 1 ? `${client} → ${server}` : `${connections.length} connections`;
  return [
    ...frame,
    ...filtersOfPoints(connections, points).map(({ point, filter }) => ({
      name: `${what} at ${view.lanes.names[point.id] ?? listedName(point, points)}, ${window.files[point.capture] ?? point.name}`,
      filter,
    })),
    { name: `${what} at all points`, filter: filterOfLegs(connections) },
  ];
}

import { describe, expect, it } from 'vitest';
import { articleSnapshot } from '../testing/article-snapshot';
import { chosenFilters } from './chosen-filters';
import { snapshotStatus } from './snapshot-source';
import type { Picture } from './workspace-state';
import { INITIAL_STATE } from './workspace-state';

describe('filters of what is chosen', () => {
  const { connections, journeys: window, points } = articleSnapshot;
  const picture: Picture = { revision: 1, window, connections, around: null };
  const status = snapshotStatus(articleSnapshot);

  it('names the file of the frame, and that of each point beside the tuple there', () => {
    const view = { ...INITIAL_STATE.view, selected: { file: 'cpe.pcap', frame: 3 } };
    const [frame, ...others] = chosenFilters({ view, picture, status });
    expect(frame).toEqual({ name: 'frame 3 of cpe.pcap', filter: 'frame.number == 3' });
    expect(others).toHaveLength(connections[0].points.length + 1);
    const [first] = connections[0].legs;
    const file = window.files[points.find(({ id }) => id === first.point)?.capture ?? -1];
    expect(others[0].name).toContain(file);
    expect(others[0].filter).toContain(`ip.addr == ${first.client.split(':')[0]}`);
    expect(others.at(-1)?.name).toMatch(/ at all points$/);
  });

  it('has none where nothing is chosen', () => {
    expect(chosenFilters({ view: INITIAL_STATE.view, picture: null, status: null })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { buildWindow } from '../testing/window-builder';
import { selectChosenSighting } from './chosen-sighting';
import { INITIAL_STATE, type WorkspaceState } from './workspace-state';

const window = buildWindow({
  files: ['a.pcap', 'b.pcap'],
  journeys: [
    {
      connection: 'c1',
      sightings: [
        { time: 5, frame: 1, point: 0 },
        { time: 6, frame: 1, point: 1 },
      ],
    },
    {
      connection: 'c2',
      sightings: [
        { time: 20, frame: 2, point: 0 },
        { time: 1021, referenceTime: 21, frame: 2, point: 1 },
      ],
    },
  ],
});

const select = (file: string | null, drawn = window) =>
  selectChosenSighting({
    picture: { revision: 1, window: drawn, connections: [], around: null },
    comparison: null,
    view: { ...INITIAL_STATE.view, selected: file === null ? null : { file, frame: 2 } },
  } satisfies Pick<WorkspaceState, 'picture' | 'comparison' | 'view'>);

describe('selectChosenSighting', () => {
  it('tells the connection and the time by the reference clock of the frame that is looked at', () => {
    expect(select('b.pcap')).toEqual({ connection: 'c2', time: 21 });
    expect(select('a.pcap')).toEqual({ connection: 'c2', time: 20 });
  });

  it('is nothing where no frame is chosen, or none that is drawn', () => {
    expect(select(null)).toBeNull();
    expect(select('c.pcap')).toBeNull();
    expect(select('b.pcap', buildWindow({ journeys: [] }))).toBeNull();
  });
});

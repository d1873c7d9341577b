import { describe, expect, it } from 'vitest';
import {
  INITIAL_VIEW,
  readViewFragment,
  type WorkspaceView,
  writeViewFragment,
} from './view-fragment';

const full: WorkspaceView = {
  connections: ['a1b2c3.7', 'a1b2c3.9'],
  finding: 'half-untranslated-reply:a1b2c3.64',
  selected: { file: 'node @ left&right=#1.pcap', frame: 64 },
  span: [0, 15_200_000_000.5],
  lanes: { order: ['p2', 'p1'], hidden: ['p3'], names: { p1: 'pod “cpe” & friends' } },
  timeMode: 'absolute',
  arrangement: 'strips',
  leftOut: 'hide',
  hop: 'p3 p3/2 forward',
  compare: ['a1b2c3.7', 'a1b2c3.9'],
  search: '10.128.3.202 9443',
  sort: 'lost',
  descending: true,
  group: 'pod',
  folded: ['10.128.3.214'],
  corrections: {
    matches: [
      { kind: 'pin', first: { capture: 'a1', frame: 1 }, second: { capture: 'b2', frame: 7 } },
    ],
    clocks: [{ capture: 'b2', nudgeNs: -1500 }],
    points: [{ kind: 'split', capture: 'a1', place: '000000/0000000000/000', by: 'vlan' }],
    hosts: [{ kind: 'with', capture: 'a1', other: 'b2' }],
  },
};

describe('view fragment', () => {
  it('comes back as it was written', () => {
    expect(readViewFragment(writeViewFragment(full))).toEqual(full);
  });

  it('is empty for the initial view', () => {
    expect(writeViewFragment(INITIAL_VIEW)).toBe('');
    expect(readViewFragment('')).toEqual(INITIAL_VIEW);
  });

  it('leaves out what it cannot read and keeps the rest', () => {
    const view = readViewFragment('frame=x&span=9..1&sort=-colour&time=soon&search=dns&finding=f1');
    expect(view).toEqual({ ...INITIAL_VIEW, search: 'dns', finding: 'f1' });
  });

  it('writes the span in nanoseconds, not in a unit that would round it', () => {
    expect(writeViewFragment({ ...INITIAL_VIEW, span: [1, 2_000_000_001] })).toBe(
      'span=1..2000000001',
    );
  });
});

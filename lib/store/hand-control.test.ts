import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Point } from '../model/capture';
import { nudgeClock } from '../model/corrections';
import { Asker } from './asker';
import type { CaptureIntake } from './engine-gateway';
import { HandControl } from './hand-control';
import { LaneFollower } from './lane-follow';
import { NotesControl } from './notes-control';
import { RemovalControl } from './removal-control';
import { INITIAL_STATE, type WorkspaceState } from './workspace-state';

const FRAME = { kind: 'frame', file: 'a.pcap', frame: 7 } as const;

/** Lanes, notes and captures by hand, over captures of these names. */
function openHand(...names: readonly string[]) {
  const store = createStore<WorkspaceState>(() => INITIAL_STATE);
  const files = names.map((name) => new File([name], name));
  const open = new Set(files);
  const asker = new Asker(store);
  const intake: CaptureIntake = {
    addFiles: async (given) => given.forEach((file) => void open.add(file)),
    addKept: async () => {},
    cancel: async () => {},
    fileOf: (key) => files[key] ?? null,
    keyOf: (file) => (open.has(file) ? files.indexOf(file) : undefined),
    remove: async (key) => void open.delete(files[key]),
  };
  const removal = new RemovalControl(store, asker, () => intake);
  const follower = new LaneFollower();
  const { takeOut, putBack, isGone } = removal;
  const hand = new HandControl(store, follower, { correct: () => {}, takeOut, putBack, isGone });
  return {
    hand,
    files,
    removal,
    follower,
    notes: new NotesControl(store, hand),
    state: () => store.getState(),
    store,
    said: () => store.getState().said?.text,
    async open() {
      await vi.waitFor(() => expect(store.getState().pending).toBe(0));
      return files.filter((file) => open.has(file)).map(({ name }) => name);
    },
  };
}

describe('undo by hand', () => {
  it('goes back through notes, captures and corrections in the order in which they were made, and forth again', async () => {
    const { hand, notes, files, state, said, open } = openHand('a.pcap', 'b.pcap', 'c.pcap');
    notes.add(FRAME, 'odd');
    hand.takeOut(files[1]);
    hand.takeOut(files[2]);
    hand.correct(nudgeClock(state().view.corrections, 'ff', 50));
    expect(await open()).toEqual(['a.pcap']);
    const undone: (string | undefined)[] = [];
    const undo = async () => {
      hand.undo();
      undone.push(said());
      return open();
    };
    expect(await undo()).toEqual(['a.pcap']);
    expect(await undo()).toEqual(['a.pcap', 'c.pcap']);
    expect(await undo()).toEqual(['a.pcap', 'b.pcap', 'c.pcap']);
    expect(state().notes).toHaveLength(1);
    await undo();
    expect(state().notes).toEqual([]);
    expect(undone).toEqual([
      'Undone: clock correction',
      'Undone: c.pcap taken out',
      'Undone: b.pcap taken out',
      'Undone: note written',
    ]);
    hand.redo();
    expect([said(), state().notes.length]).toEqual(['Redone: note written', 1]);
    hand.redo();
    expect(said()).toBe('Redone: b.pcap taken out');
    expect(await open()).toEqual(['a.pcap', 'c.pcap']);
  });

  it('steps in order when it is asked faster than captures come back', async () => {
    const { hand, files, open } = openHand('a.pcap', 'b.pcap');
    hand.takeOut(files[0]);
    hand.takeOut(files[1]);
    hand.undo();
    hand.undo();
    hand.redo();
    expect(await open()).toEqual(['b.pcap']);
  });

  it('offers back what was taken away last, a capture or a note', async () => {
    const { hand, notes, files, state, open } = openHand('a.pcap');
    notes.add(FRAME, 'first');
    notes.add(FRAME, 'second');
    const [first] = state().notes;
    notes.remove(first.id);
    expect(state().offered?.what).toEqual({ kind: 'note', note: first, place: 0 });
    hand.putBack();
    expect(state().notes.map(({ text }) => text)).toEqual(['first', 'second']);
    expect(state().history.future).toHaveLength(1);
    hand.takeOut(files[0]);
    hand.setTitle('Noon');
    hand.putBack();
    expect(await open()).toEqual(['a.pcap']);
    expect([state().offered, state().title]).toEqual([null, 'Noon']);
    hand.undo();
    expect(await open()).toEqual([]);
  });

  it('offers nothing that undo has brought back', () => {
    const { hand, notes, state } = openHand();
    notes.add(FRAME, 'odd');
    notes.remove(state().notes[0].id);
    hand.undo();
    expect(state().offered).toBeNull();
  });

  it('says of a capture whose bytes are gone that it cannot come back, and steps on', async () => {
    const { hand, notes, files, state, said, open } = openHand('a.pcap', 'b.pcap');
    notes.add(FRAME, 'odd');
    files[1].slice = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    hand.takeOut(files[1]);
    hand.undo();
    expect(await open()).toEqual(['a.pcap']);
    expect(state().intakeNote).toMatch(/^b\.pcap cannot come back/);
    expect(said()).toBeUndefined();
    hand.undo();
    expect(said()).toBe('Undone: note written');
    hand.redo();
    expect(said()).toBe('Redone: note written');
    hand.redo();
    expect(said()).toBe('Nothing to redo');
  });

  it('says that a capture without its file cannot come back', async () => {
    const { removal, state, open } = openHand('a.pcap');
    removal.drop(1);
    await open();
    expect(state().intakeNote).toMatch(/cannot be undone/);
    expect(state().history.past).toEqual([]);
  });

  it('gives a point that comes back the name that it had', () => {
    const { hand, files, follower, state, store } = openHand('a.pcap', 'b.pcap');
    const points = (...names: readonly string[]) =>
      names.map((name, index) => ({ id: `p${index + 1}`, name }) as Point);
    const move = (...names: readonly string[]) =>
      store.setState(({ view }) => ({
        view: { ...view, lanes: follower.move(points(...names), view.lanes) },
      }));
    const names = () => state().view.lanes.names;
    move('a', 'b');
    hand.setLanes({ order: [], hidden: [], names: { p1: 'left', p2: 'right' } });
    hand.takeOut(files[0]);
    move('b');
    expect(names()).toEqual({ p1: 'right' });
    hand.setLanes({ order: [], hidden: [], names: { p1: 'RIGHT' } });
    hand.undo();
    expect(state().said?.text).toBe('Undone: lane renamed');
    hand.undo();
    expect(names()).toEqual({ p1: 'right' });
    move('a', 'b');
    expect(names()).toEqual({ p1: 'left', p2: 'right' });
  });
});

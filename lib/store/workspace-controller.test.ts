import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { EngineStatus } from '../engine/protocol';
import { articleSnapshot } from '../testing/article-snapshot';
import type { AnswerSource } from './answer-source';
import { selectIsBusy, selectStage } from './selectors';
import { openSharedCase, openSnapshotSource, snapshotStatus } from './snapshot-source';
import { WorkspaceController } from './workspace-controller';
import { INITIAL_STATE, type WorkspaceState } from './workspace-state';

const [connection] = articleSnapshot.connections;
const [finding] = articleSnapshot.findings;
const READY = {
  ...snapshotStatus(articleSnapshot),
  captures: [{ key: 1, file: 'a.pcap', bytes: 9, status: { state: 'cancelled' } }],
} as const;

/** A workspace over a gateway that answers from the article's snapshot and can be told to wait. */
function openFake(snapshot = articleSnapshot) {
  const source = openSnapshotSource(snapshot);
  const asked: string[] = [];
  const files = new Map<number, File>();
  let hold: Promise<void> = Promise.resolve();
  const ask: AnswerSource['ask'] = async (name, question, signal) => {
    asked.push(name);
    await hold;
    if (signal?.aborted) throw new DOMException('withdrawn', 'AbortError');
    return source.ask(name, question);
  };
  let tell: (status: EngineStatus) => void = () => undefined;
  const store = createStore<WorkspaceState>(() => INITIAL_STATE);
  const controller = new WorkspaceController(store, ({ onStatus }) => {
    tell = onStatus;
    return {
      ask,
      async addFiles(given) {
        for (const file of given) files.set(files.size + 1, file);
      },
      async addKept() {},
      async cancel() {},
      fileOf: (key) => files.get(key) ?? null,
      keyOf: (file) => [...files].find(([, known]) => known === file)?.[0],
      async remove(key) {
        files.delete(key);
      },
      keepAnalysis: async () => null,
      setCorrections: async () => {},
      close() {},
    };
  });
  controller.addFiles([new File([], 'a.pcap')]);
  return {
    controller,
    state: () => store.getState(),
    tell: (status: Partial<EngineStatus> = {}) => tell({ ...READY, ...status }),
    asked,
    holdUntil: (promise: Promise<void>) => {
      hold = promise;
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the workspace', () => {
  it('fetches what is near the span of a connection too long to be drawn at once, and only that', async () => {
    const { journeys } = articleSnapshot;
    const long = { ...articleSnapshot, journeys: { ...journeys, omitted: 1000 } };
    const { controller, tell, asked, state } = openFake(long);
    tell();
    await settle();
    const windows = () => asked.filter((name) => name === 'journeys').length;
    const { firstSighting } = journeys.journeys;
    const timeOf = (row: number) => journeys.sightings.referenceTime[firstSighting[row]];
    const [first, last] = [timeOf(0), timeOf(journeys.journeyCount - 1)];
    const part = (from: number, to: number): [number, number] => [
      first + from * (last - first),
      first + to * (last - first),
    ];
    const before = windows();
    controller.setSpan(part(0.1, 0.5));
    await settle();
    expect(windows()).toBe(before);
    controller.setSpan(part(1.2, 1.5));
    await settle();
    expect(windows()).toBe(before + 1);
    expect(state().picture?.around).toBe(part(1.2, 1.5)[0]);
  });

  it('chooses the first finding, its connections and its first frame', async () => {
    const { tell, state } = openFake();
    tell();
    await settle();
    expect(state().view).toMatchObject({
      finding: finding.id,
      connections: finding.connections,
      selected: finding.steps[0].frames[0],
    });
    expect(state().picture?.window.journeyCount).toBe(articleSnapshot.journeys.journeyCount);
    expect(selectStage(state())).toBe('workspace');
    expect(state().pending).toBe(0);
  });

  it('draws packets where the first finding is a remark on the captures', async () => {
    const remark = { ...finding, id: 'capture-window-c1', connections: [], steps: [] };
    const alone = openFake({ ...articleSnapshot, findings: [remark] });
    alone.tell();
    await settle();
    expect(alone.state().view).toMatchObject({ finding: null, connections: [connection.id] });
    alone.controller.chooseFinding(remark.id);
    await settle();
    expect(alone.state().view).toMatchObject({ finding: remark.id, connections: [connection.id] });
    const both = openFake({ ...articleSnapshot, findings: [remark, finding] });
    both.tell();
    await settle();
    expect(both.state().view.finding).toBe(finding.id);
  });

  it('steps through a story, past steps that begin with the same frame or cite none', async () => {
    const frame = (number: number) => ({ file: 'a.pcap', frame: number });
    const told = {
      ...finding,
      steps: [[frame(1)], [frame(1), frame(2)], [], [frame(2)]].map((frames) => ({
        text: '',
        frames,
      })),
    };
    const { tell, state, controller } = openFake({ ...articleSnapshot, findings: [told] });
    tell();
    await settle();
    const stops = [];
    for (const step of [1, 1, -1, -1] as const) {
      controller.stepStory(step);
      stops.push(state().view.selected?.frame);
    }
    expect(stops).toEqual([2, 2, 1, 1]);
  });

  it('asks nothing before the engine is ready', async () => {
    const { tell, asked, controller } = openFake();
    tell({ phase: 'reading', analysed: null });
    controller.search('tcp');
    controller.chooseConnections([connection.id]);
    await settle();
    expect(asked).toEqual([]);
  });

  it('keeps a choice that still exists when the tables changed', async () => {
    const { tell, state, controller } = openFake();
    tell();
    await settle();
    controller.chooseConnections([connection.id]);
    await settle();
    tell({ revision: 2 });
    await settle();
    expect(state().view).toMatchObject({ finding: null, connections: [connection.id] });
    expect(state().picture?.revision).toBe(2);
  });

  it('falls back to the first finding when the remembered choice is unknown', async () => {
    const { tell, state, controller } = openFake();
    controller.restoreView({ ...state().view, connections: ['long-gone'] });
    tell();
    await settle();
    expect(state().view.finding).toBe(finding.id);
  });

  it('draws the connection of a frame that is not in the picture', async () => {
    const { tell, state, controller } = openFake();
    tell();
    await settle();
    controller.chooseConnections([]);
    await settle();
    controller.selectFrame(finding.steps[1].frames[0]);
    await settle();
    expect(state().view.connections).toEqual([connection.id]);
    expect(state().picture?.window.journeyCount).toBe(articleSnapshot.journeys.journeyCount);
  });

  it('leaves the picture as it is for a frame that is in it, or in no connection', async () => {
    const { tell, state, controller, asked } = openFake();
    tell();
    await settle();
    const before = asked.filter((name) => name === 'journeys').length;
    controller.selectFrame(finding.steps[1].frames[0]);
    controller.selectFrame({ file: 'nowhere.pcap', frame: 1 });
    await settle();
    expect(asked.filter((name) => name === 'journeys')).toHaveLength(before);
    expect(state().view.connections).toEqual(finding.connections);
  });

  it('drops an answer to a choice since changed', async () => {
    const { tell, state, controller, holdUntil } = openFake();
    tell();
    await settle();
    let release: () => void = () => undefined;
    holdUntil(
      new Promise((resolve) => {
        release = resolve;
      }),
    );
    controller.chooseConnections([connection.id]);
    controller.chooseConnections([]);
    release();
    await settle();
    expect(state().picture?.window.journeyCount).toBe(0);
    expect(state().picture?.connections).toEqual([]);
  });

  it('forgets everything when the last capture is removed', async () => {
    const { tell, state } = openFake();
    tell();
    await settle();
    tell({ phase: 'empty', captures: [], revision: 9 });
    expect(selectStage(state())).toBe('empty');
    expect(state().picture).toBeNull();
  });

  it('opens a snapshot with its title, notes and view, and leaves it when files come', async () => {
    const { controller, state } = openFake();
    controller.openSnapshot(openSharedCase(articleSnapshot));
    await settle();
    expect(state()).toMatchObject({
      title: articleSnapshot.title,
      notes: articleSnapshot.notes,
      session: { kind: 'snapshot' },
      frame: { state: 'absent' },
    });
    expect(state().view.connections).toEqual(articleSnapshot.view.connections);
    controller.addFiles([new File([], 'b.pcap')]);
    expect(state()).toMatchObject({ session: { kind: 'live' }, notes: [], picture: null });
  });

  it('adds, changes and deletes notes', () => {
    const { controller, state } = openFake();
    const target = { kind: 'frame', file: 'a.pcap', frame: 3 } as const;
    controller.notes.add(target, 'odd');
    const [note] = state().notes;
    controller.notes.edit(note.id, 'very odd');
    expect(state().notes).toEqual([{ id: note.id, target, text: 'very odd' }]);
    controller.notes.remove(note.id);
    expect(state().notes).toEqual([]);
  });

  it('is not busy for ever when the engine is gone', async () => {
    const store = createStore<WorkspaceState>(() => INITIAL_STATE);
    const controller = new WorkspaceController(store, ({ onStatus, onBroken }) => {
      onStatus({ ...READY, phase: 'reading' });
      onBroken('the worker stopped');
      return {
        ask: async () => ({ ok: false, error: { message: 'gone' } }),
        async addFiles() {},
        async addKept() {},
        async cancel() {},
        fileOf: () => null,
        keyOf: () => undefined,
        remove: async () => {},
        keepAnalysis: async () => null,
        setCorrections: async () => {},
        close() {},
      };
    });
    controller.addFiles([]);
    expect(selectIsBusy(store.getState())).toBe(false);
    controller.addFiles([new File([], 'a.pcap')]);
    expect(store.getState().trouble).toBe('the worker stopped');
    await settle();
    expect(selectIsBusy(store.getState())).toBe(false);
  });

  it('says when the analysis itself fails to answer', async () => {
    const store = createStore<WorkspaceState>(() => INITIAL_STATE);
    let tell: (status: EngineStatus) => void = () => undefined;
    const controller = new WorkspaceController(store, ({ onStatus }) => {
      tell = onStatus;
      return {
        ask: async () => ({ ok: false, error: { message: 'out of memory' } }),
        async addFiles() {},
        async addKept() {},
        async cancel() {},
        fileOf: () => null,
        keyOf: () => undefined,
        remove: async () => {},
        keepAnalysis: async () => null,
        setCorrections: async () => {},
        close() {},
      };
    });
    controller.addFiles([new File([], 'a.pcap')]);
    tell(READY);
    await settle();
    expect(store.getState().trouble).toBe('out of memory');
    expect(store.getState().pending).toBe(0);
  });
});

// Two connections side by side in the view: begun, left, walked back to, and dropped when something else is chosen.
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { success } from '../base/result';
import type { EngineQuestions } from '../engine/protocol';
import type { CaseSnapshot } from '../model/snapshot';
import { articleSnapshot } from '../testing/article-snapshot';
import type { AnswerSource } from './answer-source';
import { openSnapshotSource, snapshotStatus } from './snapshot-source';
import { WorkspaceController } from './workspace-controller';
import { INITIAL_STATE, type WorkspaceState } from './workspace-state';

const [failing] = articleSnapshot.connections;
const healthy = { ...failing, id: 'healthy-1', client: '10.0.0.9:4000' };
const [finding] = articleSnapshot.findings;
const parting = { kind: 'flag', text: 'They part.', frames: [], siblingFrames: [] } as const;
const sibling = { connection: healthy.id, text: 'It succeeds.', partings: [parting] };

async function open(sample: CaseSnapshot) {
  const source = openSnapshotSource(sample);
  const ask: AnswerSource['ask'] = async (name, question) => {
    if (name === 'matches') {
      // Of each side its first packet, and another of the healthy one.
      const { connections, search } = question as EngineQuestions['matches']['question'];
      const bytes = new Uint8Array(failing.journeys);
      bytes[0] = 1;
      if (connections[0] === healthy.id) bytes[1] = 1;
      return success(search === '' ? null : bytes) as never;
    }
    // The healthy one has the packets of the other.
    if (name !== 'journeys') return source.ask(name, question);
    const { connections } = question as { connections: readonly string[] };
    const answer = await source.ask('journeys', {
      connections: connections.map((id) => (id === healthy.id ? failing.id : id)),
      limit: 9,
    });
    return answer as Awaited<ReturnType<typeof source.ask<typeof name>>>;
  };
  let tell: () => void = () => undefined;
  const store = createStore<WorkspaceState>(() => INITIAL_STATE);
  const controller = new WorkspaceController(store, ({ onStatus }) => {
    tell = () =>
      onStatus({
        ...snapshotStatus(sample),
        captures: [{ key: 1, file: 'a.pcap', bytes: 9, status: { state: 'cancelled' } }],
      });
    const nothing = async () => {};
    return {
      ask,
      addFiles: nothing,
      addKept: nothing,
      cancel: nothing,
      fileOf: () => null,
      keyOf: () => undefined,
      remove: async () => {},
      keepAnalysis: async () => null,
      setCorrections: nothing,
      close() {},
    };
  });
  controller.addFiles([new File([], 'a.pcap')]);
  tell();
  await settle();
  return { controller, state: () => store.getState() };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const withSibling = {
  ...articleSnapshot,
  connections: [...articleSnapshot.connections, healthy],
  findings: [{ ...finding, sibling }],
};

describe('the comparison', () => {
  it('lays the finding’s connection beside its sibling, and leaves what was chosen as it was', async () => {
    const { controller, state } = await open(withSibling);
    const before = state().view.connections;
    controller.comparison.toggle();
    await settle();
    expect(state().view).toMatchObject({
      compare: [failing.id, healthy.id],
      connections: before,
      finding: finding.id,
    });
    const { comparison } = state();
    expect(comparison?.window.connections).toHaveLength(2);
    expect(comparison?.summaries.map(({ id }) => id)).toEqual([failing.id, healthy.id]);
    expect(comparison?.partings).toEqual([parting]);
    controller.comparison.toggle();
    expect(state()).toMatchObject({ comparison: null, view: { compare: null } });
  });

  it('comes back with the view of the address, and ends when another connection is chosen', async () => {
    const { controller, state } = await open(withSibling);
    controller.restoreView({ ...state().view, compare: [failing.id, healthy.id] });
    await settle();
    expect(state().comparison).not.toBeNull();
    controller.chooseConnections([healthy.id]);
    await settle();
    expect(state()).toMatchObject({ comparison: null, view: { compare: null } });
  });

  it('asks which packets of both the filter lets through, and again when it changes', async () => {
    const { controller, state } = await open(withSibling);
    controller.comparison.toggle();
    await settle();
    expect(state().comparison?.matches).toEqual({ search: '', journeys: null });
    controller.search('tcp.flags.syn == 1');
    await settle();
    const found = state().comparison?.matches;
    expect(found?.search).toBe('tcp.flags.syn == 1');
    const ones = [...(found?.journeys ?? [])].flatMap((one, at) => (one ? [at] : []));
    expect(ones).toEqual([0, failing.journeys, failing.journeys + 1]);
    controller.search('');
    await settle();
    expect(state().comparison?.matches).toEqual({ search: '', journeys: null });
  });

  it('says that there is none to compare with, and leaves a pair that is not there', async () => {
    const { controller, state } = await open({
      ...articleSnapshot,
      findings: [{ ...finding, sibling: null }],
    });
    controller.comparison.toggle();
    await settle();
    expect(state().intakeNote).toMatch(/^No healthy connection/);
    expect(state().view.compare).toBeNull();
    controller.restoreView({ ...state().view, compare: [failing.id, 'gone'] });
    await settle();
    expect(state().view.compare).toBeNull();
  });

  it('says of a shared link that the healthy connection is not in it, and never that there is none', async () => {
    const told = async (snapshot: CaseSnapshot) => {
      const store = createStore<WorkspaceState>(() => INITIAL_STATE);
      const controller = new WorkspaceController(store, () => {
        throw new Error('a link has no engine');
      });
      const source = openSnapshotSource(snapshot);
      controller.openSnapshot({ snapshot, source, status: snapshotStatus(snapshot) });
      await settle();
      await controller.comparison.begin();
      return store.getState().intakeNote;
    };
    const cited = { ...articleSnapshot, findings: [{ ...finding, sibling }] };
    expect(await told(cited)).toMatch(/^The healthy connection .* is not in this link/);
    const alone = { ...articleSnapshot, findings: [{ ...finding, sibling: null }] };
    expect(await told(alone)).toMatch(/^This link holds no comparison/);
  });
});

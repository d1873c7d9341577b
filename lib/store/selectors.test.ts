import { describe, expect, it } from 'vitest';
import type { CaptureState, EngineStatus } from '../engine/protocol';
import type { Finding } from '../model/finding';
import {
  describeWaiting,
  findFrameNotes,
  findStepAt,
  findStoryStep,
  isTroubled,
  selectConcerning,
  selectProgress,
  selectStage,
} from './selectors';
import { INITIAL_STATE, type WorkspaceState } from './workspace-state';

const withStatus = (
  phase: EngineStatus['phase'],
  states: readonly CaptureState[],
  progress = 0,
): WorkspaceState => ({
  ...INITIAL_STATE,
  status: {
    phase,
    progress,
    captures: states.map((status, key) => ({ key, file: `${key}.pcap`, bytes: 100, status })),
  } as unknown as EngineStatus,
});
const CANCELLED: CaptureState = { state: 'cancelled' };
const reading = (bytesRead: number): CaptureState => ({ state: 'reading', bytesRead, frames: 1 });

describe('selectProgress', () => {
  it('weighs captures by their bytes while they are read, without what was cancelled', () => {
    expect(selectProgress(withStatus('reading', [CANCELLED, reading(50), reading(0)]))).toBe(0.25);
  });

  it('is the engine’s own afterwards', () => {
    expect(selectProgress(withStatus('correlating', [CANCELLED], 0.25))).toBe(0.25);
  });

  it('is nought before anything was opened', () => {
    expect(selectProgress(INITIAL_STATE)).toBe(0);
  });
});

describe('describeWaiting', () => {
  it('says what is read, computed and asked, and nothing of a page that waits for nothing', () => {
    const state = { ...withStatus('reading', [CANCELLED, reading(50), reading(0)]), pending: 2 };
    expect(describeWaiting(state)).toBe('reading 2 of 3 captures, 2 questions');
    expect(describeWaiting(withStatus('correlating', [CANCELLED], 0.251))).toBe('analysis 25 %');
    expect(describeWaiting(withStatus('ready', [CANCELLED]))).toBe('');
  });
});

describe('selectStage', () => {
  it('goes from empty to reading, and is empty again without captures', () => {
    expect(selectStage(INITIAL_STATE)).toBe('empty');
    expect(selectStage(withStatus('reading', [reading(1)]))).toBe('reading');
    expect(selectStage(withStatus('empty', []))).toBe('empty');
  });

  it('keeps the workspace while more files are read', () => {
    const state = {
      ...withStatus('reading', [reading(1)]),
      diagnosis: { findings: [], rules: [] },
    };
    expect(selectStage(state)).toBe('workspace');
  });

  it('puts a link that cannot be read before all else', () => {
    const session = { kind: 'unreadable-link', reason: 'cut' } as const;
    expect(selectStage({ ...INITIAL_STATE, session })).toBe('unreadable-link');
  });
});

describe('captures and notes', () => {
  it('knows a capture with trouble', () => {
    const warning = { code: 'damaged', text: 'x' } as const;
    const rows =
      withStatus('ready', [CANCELLED, { state: 'failed', warning }]).status?.captures ?? [];
    expect(rows.map(isTroubled)).toEqual([false, true]);
  });

  it('finds the notes of a frame by file and number', () => {
    const note = (file: string, frame: number) => ({
      id: `${file}${frame}`,
      target: { kind: 'frame', file, frame } as const,
      text: '',
    });
    const notes = [note('a', 1), note('b', 1), note('a', 2)];
    expect(findFrameNotes(notes, { file: 'a', frame: 1 }).map(({ id }) => id)).toEqual(['a1']);
  });
});

describe('selectConcerning', () => {
  const finding = (id: string, severity: Finding['severity'], connections: readonly string[]) => ({
    id,
    severity,
    connections,
    steps: [{ text: id, frames: [{ file: `${id}.pcap`, frame: 7 }] }],
  });
  const state = (chosen: string | null, connections: readonly string[]): WorkspaceState => ({
    ...INITIAL_STATE,
    diagnosis: {
      findings: [
        finding('lost', 'failure', ['c1']),
        finding('slow', 'warning', ['c1', 'c2']),
        finding('copies', 'note', ['c1', 'c2', 'c3']),
      ] as unknown as Finding[],
      rules: [],
    },
    view: { ...INITIAL_STATE.view, finding: chosen, connections },
  });

  it('is the chosen one, else the gravest that speaks of a connection chosen, and no note', () => {
    expect(selectConcerning(state('copies', ['c1']))?.id).toBe('copies');
    expect(selectConcerning(state(null, ['c1']))?.id).toBe('lost');
    expect(selectConcerning(state(null, ['c9', 'c2']))?.id).toBe('slow');
    expect(selectConcerning(state(null, ['c3']))).toBeNull();
  });

  it('is at the step that begins with the frame, not at one before that cites it too', () => {
    const frame = (number: number) => ({ file: 'a.pcap', frame: number });
    const steps = [[1, 2, 5], [2, 3], []].map((numbers) => ({
      text: '',
      frames: numbers.map(frame),
    }));
    const at = [1, 2, 5, 9].map((number) => findStepAt(steps, frame(number)));
    expect(at).toEqual([0, 1, 0, -1]);
  });

  it('has its story told from the first step', () => {
    expect(findStoryStep(state(null, ['c2']), 1)).toEqual({ file: 'slow.pcap', frame: 7 });
    expect(findStoryStep(state(null, ['c3']), 1)).toBeUndefined();
  });
});

// What the palette offers for what was typed: commands, findings, points, frames and connections, the fitting first.
import { filterOfBytes } from '@/lib/filter/quick-filters';
import type { ConnectionRows } from '@/lib/model/connection-list';
import { CONNECTION_STATES } from '@/lib/model/connection-state';
import { namePoints } from '@/lib/scene/point-name';
import { chosenFilters } from '@/lib/store/chosen-filters';
import { type CountedFile, findFrames } from '@/lib/store/frame-address';
import { workspace } from '@/lib/store/workspace';
import type { WorkspaceState } from '@/lib/store/workspace-state';
import { COMMANDS } from './commands';
import { copyFilter } from './copy-filter';
import { focusPart } from './focus';

export interface PaletteItem {
  readonly id: string;
  readonly section:
    | 'Frames'
    | 'Wireshark'
    | 'Bytes'
    | 'Commands'
    | 'Findings'
    | 'Points'
    | 'Connections';
  readonly text: string;
  /** Beside the text, in grey. */
  readonly hint: string;
  /** Set in figures: an address, a file. */
  readonly isTechnical: boolean;
  readonly keys: readonly string[];
  readonly run: () => void;
}

/** Less is found in nearly every frame. */
const LEAST_BYTES = 2;
/** Items of one section at most, so that all sections stay in view. */
const MOST = 7;

const holds = (text: string, words: readonly string[]): boolean => {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
};

/** Those that begin with what was typed before those that hold it somewhere. */
function best<T>(items: readonly T[], textOf: (item: T) => string, typed: string): readonly T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = items.filter((item) => holds(textOf(item), words));
  const begins = (item: T): boolean => textOf(item).toLowerCase().startsWith(typed.toLowerCase());
  return [...fitting.filter(begins), ...fitting.filter((item) => !begins(item))].slice(0, MOST);
}

export function countFiles({ status, picture }: WorkspaceState): readonly CountedFile[] {
  const captures = status?.captures ?? [];
  if (captures.length === 0)
    return (picture?.window.files ?? []).map((file) => ({ file, frames: null }));
  return captures.flatMap(({ file, status: capture }) =>
    capture.state === 'ready' ? [{ file, frames: capture.summary.frames }] : [],
  );
}

export const frameItems = (state: WorkspaceState, typed: string): readonly PaletteItem[] =>
  findFrames(typed, countFiles(state), state.view.selected?.file ?? null)
    .slice(0, MOST)
    .map(({ file, frame }) => ({
      id: `frame ${file} ${frame}`,
      section: 'Frames',
      text: `${file} #${frame}`,
      hint: 'Go to the frame',
      isTechnical: true,
      keys: [],
      run: () => {
        workspace.selectFrame({ file, frame });
        focusPart('picture');
      },
    }));

export const commandItems = (state: WorkspaceState, typed: string): readonly PaletteItem[] =>
  best(
    COMMANDS.filter(
      ({ id, run, isEnabled }) => run !== undefined && id !== 'palette' && isEnabled(state),
    ),
    ({ words, also = '' }) => `${words} ${also}`,
    typed,
  ).map(({ id, words, keys, run = () => {} }) => ({
    id: `command ${id}`,
    section: 'Commands',
    text: words,
    hint: '',
    isTechnical: false,
    keys,
    run,
  }));

/** Each filter for Wireshark of what is chosen, to be copied; offered for what was typed. */
export const wiresharkItems = (state: WorkspaceState, typed: string): readonly PaletteItem[] =>
  typed.trim() === ''
    ? []
    : best(chosenFilters(state), ({ name }) => `Copy Wireshark display filter: ${name}`, typed).map(
        ({ name, filter }) => ({
          id: `wireshark ${name}`,
          section: 'Wireshark',
          text: `Copy Wireshark filter: ${name}`,
          hint: '',
          isTechnical: false,
          keys: [],
          run: () => copyFilter(filter),
        }),
      );

export const findingItems = (state: WorkspaceState, typed: string): readonly PaletteItem[] =>
  best(
    state.diagnosis?.findings ?? [],
    ({ title, summary, rule }) => `${title} ${rule} ${summary}`,
    typed,
  ).map(({ id, title, severity }) => ({
    id: `finding ${id}`,
    section: 'Findings',
    text: title,
    hint: severity,
    isTechnical: false,
    keys: [],
    run: () => {
      workspace.chooseFinding(id);
      focusPart('findings');
    },
  }));

const namedPoints = ({ status, view }: WorkspaceState) => {
  const points = status?.points ?? [];
  const names = namePoints(points, view.lanes.names);
  return points.map((point) => ({ point, name: names.get(point.id) ?? point.name }));
};

export const pointItems = (state: WorkspaceState, typed: string): readonly PaletteItem[] =>
  best(namedPoints(state), ({ point, name }) => `${name} ${point.name}`, typed).map(
    ({ point, name }) => ({
      id: `point ${point.id}`,
      section: 'Points',
      text: name,
      hint: 'Filter to its packets',
      isTechnical: true,
      keys: [],
      run: () => workspace.search(`point == ${JSON.stringify(point.name)}`),
    }),
  );

/** Looks into the frames themselves; offered for what may stand there. */
export const byteItems = (state: WorkspaceState, typed: string): readonly PaletteItem[] =>
  typed.trim().length < LEAST_BYTES || (state.status?.captures.length ?? 0) === 0
    ? []
    : [
        {
          id: 'bytes',
          section: 'Bytes',
          text: filterOfBytes(typed),
          hint: 'Search the frames; reads the files',
          isTechnical: true,
          keys: [],
          run: () => workspace.search(filterOfBytes(typed)),
        },
      ];

export const connectionItems = (found: ConnectionRows): readonly PaletteItem[] =>
  found.ids.map((id, row) => ({
    id: `connection ${id}`,
    section: 'Connections',
    text: `${found.clients[row]} → ${found.servers[row]}`,
    hint: `${found.protocols[row]} ${CONNECTION_STATES[found.state[row]]}`,
    isTechnical: true,
    keys: [],
    run: () => {
      workspace.chooseConnections([id]);
      focusPart('connections');
    },
  }));

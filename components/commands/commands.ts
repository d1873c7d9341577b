// The one table of commands: the palette, the card of keys and the keys themselves are made from it. Rows without `run` are keys that a part of the page
// takes itself while it has the focus; they are here for the card.

import { selectConcerning, selectStage } from '@/lib/store/selectors';
import { workspace } from '@/lib/store/workspace';
import type { WorkspaceState } from '@/lib/store/workspace-state';
import { focusField, focusPart, pressButton } from './focus';
import { openOverlay, toggleWideTable } from './overlay';

export const COMMAND_GROUPS = [
  'Find',
  'Go to',
  'View',
  'Case',
  'In the table',
  'In the picture',
] as const;

export interface Command {
  readonly id: string;
  readonly group: (typeof COMMAND_GROUPS)[number];
  readonly words: string;
  /** What it is sought by besides its words: how its button is called, how others call it. */
  readonly also?: string;
  /** Each a way to press it: `g`, `Shift+n`, `Mod+k` (Ctrl, or ⌘). A letter alone does nothing while one types. */
  readonly keys: readonly string[];
  readonly isEnabled: (state: WorkspaceState) => boolean;
  readonly run?: () => void;
}

const always = (): boolean => true;
const inWorkspace = (state: WorkspaceState): boolean => selectStage(state) === 'workspace';
const withFinding = (state: WorkspaceState): boolean => selectConcerning(state) !== null;
const withFindings = (state: WorkspaceState): boolean =>
  (state.diagnosis?.findings.length ?? 0) > 0;
const withConnections = (state: WorkspaceState): boolean => (state.status?.connections ?? 0) > 0;
const withFrame = (state: WorkspaceState): boolean => state.view.selected !== null;
const isLive = (state: WorkspaceState): boolean => state.session.kind === 'live';

const own = (
  group: 'In the table' | 'In the picture',
  words: string,
  ...keys: readonly string[]
): Command => ({ id: `${group}: ${words}`, group, words, keys, isEnabled: always });

export const COMMANDS: readonly Command[] = [
  {
    id: 'palette',
    group: 'Find',
    words: 'Find a command, finding, point, connection or frame',
    keys: ['Mod+k'],
    isEnabled: always,
    run: () => openOverlay('palette'),
  },
  {
    id: 'filter',
    group: 'Find',
    words: 'Filter connections and packets',
    keys: ['/'],
    isEnabled: inWorkspace,
    run: () => focusField('filter'),
  },
  {
    id: 'clear-filter',
    group: 'Find',
    words: 'Clear the filter',
    keys: ['Shift+Backspace'],
    isEnabled: (state) => state.view.search !== '',
    run: () => workspace.search(''),
  },
  {
    id: 'filter-card',
    group: 'Find',
    words: 'What the filter can ask: fields and examples',
    also: 'wireshark display filter help',
    keys: ['Shift+h'],
    isEnabled: inWorkspace,
    run: () => openOverlay('filter'),
  },
  {
    id: 'frame',
    group: 'Find',
    words: 'Go to a frame, by number or file#number',
    keys: ['g'],
    isEnabled: inWorkspace,
    run: () => openOverlay('frame'),
  },
  {
    id: 'next-troubled',
    group: 'Find',
    words: 'Next connection in trouble',
    keys: ['n'],
    isEnabled: withConnections,
    run: () => void workspace.stepTroubled(1),
  },
  {
    id: 'previous-troubled',
    group: 'Find',
    words: 'Previous connection in trouble',
    keys: ['p'],
    isEnabled: withConnections,
    run: () => void workspace.stepTroubled(-1),
  },
  {
    id: 'next-finding',
    group: 'Find',
    words: 'Next finding',
    keys: ['f'],
    isEnabled: withFindings,
    run: () => workspace.stepFinding(1),
  },
  {
    id: 'previous-finding',
    group: 'Find',
    words: 'Previous finding',
    keys: ['Shift+f'],
    isEnabled: withFindings,
    run: () => workspace.stepFinding(-1),
  },
  {
    id: 'hops',
    group: 'View',
    words: 'Latency and loss of each hop over time',
    also: 'hops delay',
    keys: ['h'],
    isEnabled: (state) => isLive(state) && state.overview !== null,
    run: () => workspace.toggleHops(),
  },
  {
    id: 'next-step',
    group: 'Find',
    words: 'Next step of the story',
    keys: [']'],
    isEnabled: withFinding,
    run: () => workspace.stepStory(1),
  },
  {
    id: 'previous-step',
    group: 'Find',
    words: 'Previous step of the story',
    keys: ['['],
    isEnabled: withFinding,
    run: () => workspace.stepStory(-1),
  },
  {
    id: 'to-findings',
    group: 'Go to',
    words: 'To the findings',
    keys: ['1'],
    isEnabled: inWorkspace,
    run: () => focusPart('findings'),
  },
  {
    id: 'to-connections',
    group: 'Go to',
    words: 'To the connections',
    keys: ['2'],
    isEnabled: inWorkspace,
    run: () => focusPart('connections'),
  },
  {
    id: 'to-picture',
    group: 'Go to',
    words: 'To the picture',
    keys: ['3'],
    isEnabled: inWorkspace,
    run: () => focusPart('picture'),
  },
  {
    id: 'to-inspector',
    group: 'Go to',
    words: 'To the frame',
    keys: ['4'],
    isEnabled: inWorkspace,
    run: () => focusPart('inspector'),
  },
  {
    id: 'back',
    group: 'Go to',
    words: 'The view before',
    keys: ['Alt+ArrowLeft'],
    isEnabled: inWorkspace,
    run: () => window.history.back(),
  },
  {
    id: 'forward',
    group: 'Go to',
    words: 'The view after',
    keys: ['Alt+ArrowRight'],
    isEnabled: inWorkspace,
    run: () => window.history.forward(),
  },
  {
    id: 'time-mode',
    group: 'View',
    words: 'Time to scale, or packet by packet',
    keys: ['t'],
    isEnabled: inWorkspace,
    run: () =>
      workspace.setTimeMode(
        workspace.store.getState().view.timeMode === 'events' ? 'scale' : 'events',
      ),
  },
  {
    id: 'arrangement',
    group: 'View',
    words: 'Ladder or strips',
    keys: ['v'],
    isEnabled: inWorkspace,
    run: () =>
      workspace.setArrangement(
        workspace.store.getState().view.arrangement === 'ladder' ? 'strips' : 'ladder',
      ),
  },
  {
    id: 'compare',
    group: 'View',
    words: 'Compare with its healthy sibling, or with the second one chosen',
    keys: ['b'],
    isEnabled: (state) => state.view.connections.length > 0,
    run: () => workspace.comparison.toggle(),
  },
  {
    id: 'whole-time',
    group: 'View',
    words: 'Show the whole time',
    keys: ['0'],
    isEnabled: (state) => state.view.span !== null,
    run: () => workspace.setSpan(null),
  },
  {
    id: 'wide-table',
    group: 'View',
    words: 'Table of connections across the page, or beside the picture',
    keys: ['w'],
    isEnabled: inWorkspace,
    run: () => {
      toggleWideTable();
      focusPart('connections');
    },
  },
  {
    id: 'group',
    group: 'View',
    words: 'Group connections by service, pod or client',
    keys: ['Shift+g'],
    isEnabled: inWorkspace,
    run: () => focusField('group'),
  },
  {
    id: 'lanes',
    group: 'View',
    words: 'Lanes: rename, order, hide',
    also: 'points',
    keys: ['l'],
    isEnabled: inWorkspace,
    run: () => pressButton('lanes'),
  },
  {
    id: 'legend',
    group: 'View',
    words: 'Legend: what the marks mean',
    also: 'key symbols colours',
    keys: [],
    isEnabled: inWorkspace,
    run: () => pressButton('legend'),
  },
  {
    id: 'translations',
    group: 'View',
    words: 'NAT: what was translated, requests beside replies',
    also: 'translations snat dnat',
    keys: [],
    isEnabled: ({ picture }) =>
      picture?.connections.some(({ translations }) => translations.length > 0) ?? false,
    run: () => pressButton('translations'),
  },
  {
    id: 'undo',
    group: 'Case',
    words: 'Undo the last change of lanes, corrections, notes, name or captures',
    keys: ['Mod+z'],
    isEnabled: inWorkspace,
    run: () => workspace.hand.undo(),
  },
  {
    id: 'redo',
    group: 'Case',
    words: 'Redo what was undone',
    keys: ['Mod+Shift+z', 'Mod+y'],
    isEnabled: inWorkspace,
    run: () => workspace.hand.redo(),
  },
  {
    id: 'theme',
    group: 'View',
    words: 'Light or dark colours',
    also: 'theme',
    keys: ['Shift+d'],
    isEnabled: always,
    run: () => pressButton('theme'),
  },
  {
    id: 'keys',
    group: 'View',
    words: 'All keys',
    also: 'keyboard shortcuts help cheat sheet',
    keys: ['?'],
    isEnabled: always,
    run: () => openOverlay('keys'),
  },
  {
    id: 'captures',
    group: 'Case',
    words: 'Captures of the case',
    keys: ['c'],
    isEnabled: (state) => inWorkspace(state) && isLive(state),
    run: () => pressButton('captures'),
  },
  {
    id: 'notes',
    group: 'Case',
    words: 'Notes of the case',
    keys: ['m'],
    isEnabled: inWorkspace,
    run: () => pressButton('notes'),
  },
  {
    id: 'note',
    group: 'Case',
    words: 'Write a note on the frame',
    keys: ['a'],
    isEnabled: withFrame,
    run: () => {
      focusPart('inspector');
      requestAnimationFrame(() => focusField('frame-note'));
    },
  },
  {
    id: 'share',
    group: 'Case',
    words: 'Copy a link to what is shown',
    also: 'share permalink',
    keys: ['s'],
    isEnabled: inWorkspace,
    run: () => pressButton('share'),
  },
  {
    id: 'report',
    group: 'Case',
    words: 'Export the report as PDF',
    keys: ['r'],
    isEnabled: inWorkspace,
    run: () => pressButton('report'),
  },
  {
    id: 'open',
    group: 'Case',
    words: 'Open captures',
    keys: ['o'],
    isEnabled: (state) => selectStage(state) === 'empty',
    run: () => pressButton('open'),
  },
  own('In the table', 'Row by row', 'ArrowUp', 'ArrowDown'),
  own('In the table', 'First and last row', 'Home', 'End'),
  own('In the table', 'Show the connection', 'Enter'),
  own('In the table', 'Filter by what the row shows', 'Shift+F10'),
  own('In the table', 'Fold and open a group', 'ArrowLeft', 'ArrowRight'),
  own('In the table', 'On a head: move the column', 'Shift+ArrowLeft', 'Shift+ArrowRight'),
  own('In the table', 'On a head: narrower, wider', 'Mod+Shift+ArrowLeft', 'Mod+Shift+ArrowRight'),
  own('In the table', 'Add the connection to the picture', 'Mod+Enter'),
  own('In the picture', 'Packet by packet', 'j', 'k', 'ArrowDown', 'ArrowUp'),
  own('In the picture', 'Point by point', 'ArrowLeft', 'ArrowRight'),
  own('In the picture', 'Closer, further', '+', '-'),
  own('In the picture', 'First and last packet', 'Home', 'End'),
  own('In the picture', 'Choose nothing; leave the comparison', 'Escape'),
];

/** The command that this key calls; undefined: none. */
export const findCommand = (combination: string): Command | undefined =>
  COMMANDS.find(({ keys, run }) => run !== undefined && keys.includes(combination));

// Where the chosen frame stands among what is drawn, so that the table and the overview can point to it as the picture does.
import type { JourneyWindow } from '../model/journey-window';
import { journeyOfSighting } from '../model/rewrites';
import { findSighting } from '../scene/markers';
import type { WorkspaceState } from './workspace-state';

interface ChosenSighting {
  /** Id of its connection. */
  readonly connection: string;
  /** By the reference clock, ns after the base. */
  readonly time: number;
}

let last: {
  readonly windows: readonly (JourneyWindow | undefined)[];
  readonly selected: WorkspaceState['view']['selected'];
  readonly sighting: ChosenSighting | null;
} | null = null;

/** null: no frame is chosen, or none that is drawn. Of two connections side by side the time is that of the picture behind them, if it has the frame. */
export function selectChosenSighting(
  state: Pick<WorkspaceState, 'picture' | 'comparison' | 'view'>,
): ChosenSighting | null {
  const { selected } = state.view;
  const windows = [state.picture?.window, state.comparison?.window];
  if (
    last === null ||
    last.selected !== selected ||
    last.windows.some((one, at) => one !== windows[at])
  )
    last = { windows, selected, sighting: findChosen(windows, selected) };
  return last.sighting;
}

function findChosen(
  windows: readonly (JourneyWindow | undefined)[],
  selected: WorkspaceState['view']['selected'],
): ChosenSighting | null {
  if (selected === null) return null;
  for (const window of windows) {
    if (window === undefined) continue;
    const row = findSighting(window, selected.file, selected.frame);
    if (row === undefined) continue;
    return {
      connection: window.connections[window.journeys.connection[journeyOfSighting(window, row)]],
      time: window.sightings.referenceTime[row],
    };
  }
  return null;
}

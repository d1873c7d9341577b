// Which journeys each section of the report shows, and their swimlanes, cut into pictures that fit a page.
import type { Finding } from '../model/finding';
import { journeyOfSighting } from '../model/rewrites';
import type { CaseSnapshot } from '../model/snapshot';
import { drawFigures, type ReportFigure } from './figures';
import { frameKey } from './packet-rows';
import type { ReportSection } from './report-definition';

/** Rows of a packet table that a reader still goes through, and that pdfmake sets in a few seconds. */
const TABLE_ROWS = 400;
/** Packets drawn for a section: two to four pages. */
const FIGURE_ROWS = 60;

/** A section for each finding whose journeys were kept, and one for journeys of the chosen connections that no finding speaks of. */
export function buildReportSections(snapshot: CaseSnapshot): readonly ReportSection[] {
  const told = snapshot.findings.map((finding) => connectionsOf(snapshot, finding));
  const sections = snapshot.findings.map((finding, index) =>
    buildSection(snapshot, finding, told[index]),
  );
  const others = snapshot.journeys.connections.filter((id) => !told.some((ids) => ids.has(id)));
  const rest = buildSection(snapshot, null, new Set(others));
  return rest.journeys.length === 0 ? sections : [...sections, rest];
}

/** The finding's own, and those that its steps cite beside them: the one that holds the tuple, the one that got through. */
function connectionsOf({ journeys: window }: CaseSnapshot, finding: Finding): ReadonlySet<string> {
  const found = new Set(finding.connections);
  const cited = citedFrameKeys(finding);
  const { capture, frame } = window.sightings;
  for (let row = 0; row < window.sightingCount; row++)
    if (cited.has(frameKey(window.files[capture[row]], frame[row])))
      found.add(window.connections[window.journeys.connection[journeyOfSighting(window, row)]]);
  return found;
}

const citedFrameKeys = (finding: Finding | null): ReadonlySet<string> =>
  new Set(
    finding?.steps.flatMap((step) => step.frames.map(({ file, frame }) => frameKey(file, frame))),
  );

function buildSection(
  snapshot: CaseSnapshot,
  finding: Finding | null,
  connections: ReadonlySet<string>,
): ReportSection {
  const window = snapshot.journeys;
  const wanted = window.connections.map((id) => connections.has(id));
  const all: number[] = [];
  for (let j = 0; j < window.journeyCount; j++)
    if (wanted[window.journeys.connection[j]]) all.push(j);
  const journeys = chooseJourneys(snapshot, all, finding, TABLE_ROWS);
  return {
    finding,
    journeys,
    left: all.length - journeys.length,
    ...figuresOf(snapshot, all, finding, connections),
  };
}

/** What the finding cites must be there; the rest as far as there is room, from the beginning. */
function chooseJourneys(
  { journeys: window }: CaseSnapshot,
  all: readonly number[],
  finding: Finding | null,
  limit: number,
): readonly number[] {
  if (all.length <= limit) return all;
  const cited = citedFrameKeys(finding);
  const { capture, frame } = window.sightings;
  const isCited = (journey: number): boolean => {
    const first = window.journeys.firstSighting[journey];
    for (let row = first; row < first + window.journeys.sightingCount[journey]; row++)
      if (cited.has(frameKey(window.files[capture[row]], frame[row]))) return true;
    return false;
  };
  const proofs = all.filter(isCited).slice(0, limit);
  const chosen = new Set(proofs);
  for (const journey of all) {
    if (chosen.size >= limit) break;
    chosen.add(journey);
  }
  return all.filter((journey) => chosen.has(journey));
}

/** One picture for a short story; else one for each connection, the one that the finding tells first, and others as far as they fit whole. */
function figuresOf(
  snapshot: CaseSnapshot,
  all: readonly number[],
  finding: Finding | null,
  ids: ReadonlySet<string>,
): Pick<ReportSection, 'figures' | 'undrawn'> {
  if (all.length <= FIGURE_ROWS)
    return {
      figures: drawFigures(snapshot, all, finding),
      undrawn: { packets: 0, connections: 0 },
    };
  const { connections, journeys } = snapshot.journeys;
  const figures: ReportFigure[] = [];
  const undrawn = { packets: 0, connections: 0 };
  let room = FIGURE_ROWS;
  for (const id of ids) {
    const index = connections.indexOf(id);
    const own = all.filter((journey) => journeys.connection[journey] === index);
    if (own.length === 0) continue;
    if (own.length > room && figures.length > 0) {
      undrawn.connections++;
      undrawn.packets += own.length;
      continue;
    }
    const drawn = chooseJourneys(snapshot, own, finding, room);
    room -= drawn.length;
    undrawn.packets += own.length - drawn.length;
    figures.push(...drawFigures(snapshot, drawn, finding));
  }
  return { figures, undrawn };
}

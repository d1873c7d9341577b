// Which journeys each section of the report shows, and their swimlanes, cut into pictures that fit a page.
import type { Finding } from '../model/finding';
import type { CaseSnapshot } from '../model/snapshot';
import type { ReportFigure, ReportSection } from './report-definition';

/** Rows of a packet table that a reader still goes through, and that pdfmake sets in a few seconds. */
const TABLE_ROWS = 400;

/** A section for each finding whose journeys were kept, and one for journeys of the chosen connections that no finding speaks of. */
export function buildReportSections(snapshot: CaseSnapshot): readonly ReportSection[] {
  const told = new Set(snapshot.findings.flatMap((finding) => finding.connections));
  const sections = snapshot.findings.map((finding) =>
    buildSection(snapshot, finding, new Set(finding.connections)),
  );
  const others = snapshot.journeys.connections.filter((id) => !told.has(id));
  const rest = buildSection(snapshot, null, new Set(others));
  return rest.journeys.length === 0 ? sections : [...sections, rest];
}

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
  const journeys = chooseJourneys(snapshot, all, finding);
  return {
    finding,
    journeys,
    left: all.length - journeys.length,
    figures: drawFigures(snapshot, journeys),
  };
}

/** What the finding cites must be there; the rest as far as there is room, from the beginning. */
function chooseJourneys(
  { journeys: window }: CaseSnapshot,
  all: readonly number[],
  finding: Finding | null,
): readonly number[] {
  if (all.length <= TABLE_ROWS) return all;
  const cited = new Set(
    finding?.steps.flatMap((step) => step.frames.map(({ file, frame }) => `${frame} ${file}`)),
  );
  const { capture, frame } = window.sightings;
  const isCited = (journey: number): boolean => {
    const first = window.journeys.firstSighting[journey];
    for (let row = first; row < first + window.journeys.sightingCount[journey]; row++)
      if (cited.has(`${frame[row]} ${window.files[capture[row]]}`)) return true;
    return false;
  };
  const proofs = all.filter(isCited).slice(0, TABLE_ROWS);
  const chosen = new Set(proofs);
  for (const journey of all) {
    if (chosen.size >= TABLE_ROWS) break;
    chosen.add(journey);
  }
  return all.filter((journey) => chosen.has(journey));
}

const drawFigures = (
  _snapshot: CaseSnapshot,
  _journeys: readonly number[],
): readonly ReportFigure[] => [];

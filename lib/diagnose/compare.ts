// Any two connections laid side by side, when someone asks for it: what the findings' siblings are (sibling.ts), for connections that no finding tells.
import type { AnalysisView } from '../model/analysis-view';
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import type { ConnectionComparison, Diagnosis } from '../model/finding';
import { countPassages } from '../model/lane-name';
import { pointFacts } from './facts';
import { buildPackets, type PacketFact } from './packet-facts';
import { findPartings } from './partings';
import { describeKinship, findSibling, isHealthy } from './sibling';
import { FAILING_AND_HEALTHY } from './sides';
import { THRESHOLDS } from './thresholds';

const BOTH_ALIKE = { ours: 'first', theirs: 'second' } as const;

/**
 * `beside`: id of the other one; null: the nearest healthy one is looked for. Of one that fails and one that does not, the failing one comes first,
 * whichever was asked for. Null: one of them is not there, or none is near enough.
 */
export function compareConnections(
  view: AnalysisView,
  { findings }: Diagnosis,
  connection: string,
  beside: string | null,
): ConnectionComparison | null {
  const told = findings.find(
    (finding) =>
      finding.connections[0] === connection &&
      (beside === null || finding.sibling?.connection === beside),
  );
  if (told?.sibling != null)
    return {
      connections: [connection, told.sibling.connection],
      isHealthy: true,
      text: told.sibling.text,
      partings: told.sibling.partings,
    };
  const harmed = findings.filter(({ severity }) => severity !== 'note');
  const ailing = new Set(harmed.flatMap(({ connections }) => connections));
  const fails = (one: ConnectionSummary): boolean => ailing.has(one.id) || !isHealthy(one);
  const find = (id: string) => view.connections.find((one) => one.id === id);
  const asked = find(connection);
  if (asked === undefined) return null;
  const other = beside === null ? findSibling(view, asked, ailing) : find(beside);
  if (other === undefined || other.id === asked.id) return null;
  const [left, right] = !fails(asked) && fails(other) ? [other, asked] : [asked, other];
  const areUnlike = fails(left) && !fails(right);
  const places = { points: pointFacts(view), passages: countPassages(view.connections) };
  const partings = findPartings(
    { ...(areUnlike ? FAILING_AND_HEALTHY : BOTH_ALIKE), ...places },
    packetsOf(view, left),
    packetsOf(view, right),
  );
  return {
    connections: [left.id, right.id],
    isHealthy: areUnlike,
    text: tellKinship(left, right),
    partings: left.protocol === right.protocol ? partings : [],
  };
}

const packetsOf = (view: AnalysisView, { id }: ConnectionSummary): readonly PacketFact[] =>
  buildPackets(
    view.journeysOf(
      [view.connections.findIndex((one) => one.id === id)],
      THRESHOLDS.handshakePackets,
    ),
  );

/** Two that were chosen by hand need have nothing in common. */
function tellKinship(left: ConnectionSummary, right: ConnectionSummary): string {
  const reached = new Set([left.server, ...left.legs.map(({ server }) => server)]);
  const isKin = [right.server, ...right.legs.map(({ server }) => server)].some((server) =>
    reached.has(server),
  );
  const isSameClient = parseEndpoint(left.client).address === parseEndpoint(right.client).address;
  return `${right.client} > ${right.server}, ${describeKinship(left, right, isKin ? undefined : isSameClient ? 'the same client, another service' : 'another client of another service')}`;
}

// Hoplane's own fields: what became of the packet, where it was rewritten, which connection, point and finding it belongs to.
import { CONNECTION_STATES } from '../model/connection-state';
import { FATES } from '../model/fate';
import type { Field, FieldKind, Value } from './field';
import type { ConnectionFacts, JourneyFacts } from './subject';

const NANOSECONDS = 1e9;

const ofJourney = (
  name: string,
  kind: FieldKind,
  label: string,
  ...pick: readonly ((journey: JourneyFacts) => Value | null | undefined)[]
): Field => ({
  name,
  kind,
  label,
  getters: pick.map(
    (one) =>
      ({ journey }) =>
        journey === null ? undefined : (one(journey) ?? undefined),
  ),
});

const ofConnection = (
  name: string,
  kind: FieldKind,
  label: string,
  ...pick: readonly ((connection: ConnectionFacts) => Value | null | undefined)[]
): Field =>
  ofJourney(
    name,
    kind,
    label,
    ...pick.map(
      (one) =>
        ({ connection }: JourneyFacts) =>
          one(connection),
    ),
  );

const presentIf = (holds: boolean): 1 | undefined => (holds ? 1 : undefined);
const inSeconds = (nanoseconds: number | null): number | null =>
  nanoseconds === null ? null : nanoseconds / NANOSECONDS;

export const JOURNEY_FIELDS: readonly Field[] = [
  {
    ...ofJourney('journey.fate', 'text', 'What became of the packet', ({ fate }) => fate),
    choices: FATES,
  },
  ofJourney('journey.reason', 'text', 'The ground of its fate', ({ reason }) => reason),
  {
    ...ofJourney('journey.direction', 'text', 'forward or reverse', ({ direction }) => direction),
    choices: ['forward', 'reverse'],
  },
  ofJourney('journey.ambiguous', 'presence', 'Joined in order, not by proof', (j) =>
    presentIf(j.ambiguous),
  ),
  ofJourney('journey.retransmission', 'presence', 'Sent again', (j) => presentIf(j.retransmission)),
  ofJourney('journey.sightings', 'number', 'Sightings of the packet', (j) => j.sightings),
  ofJourney('journey.latency', 'seconds', 'First to last sighting', (j) => inSeconds(j.latency)),
  ofJourney('journey.passage', 'number', 'Which passage of its point', (j) => j.passage),
  ofJourney('journey.branch', 'number', '0 the way, else a copy', (j) => j.branch),
  ofJourney('hop.lost', 'presence', 'Lost between two points', (j) =>
    presentIf(j.lostFrom !== null),
  ),
  ofJourney('hop.lost.from', 'text', 'Last point before the loss', (j) => j.lostFrom),
  ofJourney('hop.lost.to', 'text', 'Next point after the loss', (j) => j.lostTo),
  ofJourney('hop.latency', 'seconds', 'Since the sighting before, as in > 2ms', (j) =>
    inSeconds(j.hopLatency),
  ),
  ofJourney('nat.changed', 'presence', 'Translated anywhere on its way', (j) =>
    presentIf(j.translated),
  ),
  ofJourney('nat.here', 'presence', 'Translated before this sighting', (j) =>
    presentIf(j.translatedHere),
  ),
  {
    name: 'point',
    kind: 'text',
    label: 'Capture point, by name, id or interface',
    getters: [
      ({ point }) => point.name,
      ({ point }) => point.id,
      ({ point }) => point.interface ?? undefined,
    ],
  },
  { name: 'host', kind: 'text', label: 'Host of the point', getters: [({ point }) => point.host] },
  {
    name: 'finding',
    kind: 'text',
    label: 'A finding names the connection: its rule',
    getters: [0, 1, 2, 3].map(
      (index) =>
        ({ journey }) =>
          journey?.connection.rules[index],
    ),
  },
  {
    name: 'finding.severity',
    kind: 'text',
    label: 'Severity of a finding that names the connection',
    getters: [0, 1, 2].map(
      (index) =>
        ({ journey }) =>
          journey?.connection.severities[index],
    ),
    choices: ['failure', 'warning', 'note'],
  },
  ofConnection('connection.id', 'text', 'Connection', ({ id }) => id),
  ofConnection('connection.client', 'text', 'Client as seen nearest to it', ({ client }) => client),
  ofConnection(
    'connection.server',
    'text',
    'Server as the client addressed it',
    ({ server }) => server,
  ),
  {
    ...ofConnection('connection.state', 'text', 'How it stands', ({ state }) => state),
    choices: CONNECTION_STATES,
  },
  {
    ...ofConnection('connection.handshake', 'text', 'Handshake', ({ handshake }) => handshake),
    choices: ['complete', 'failed', 'unseen'],
  },
  {
    ...ofConnection('connection.close', 'text', 'How it ended', ({ close }) => close),
    choices: ['fin', 'reset', 'open', 'timeout'],
  },
  {
    ...ofConnection('connection.closed_by', 'text', 'Who closed it', ({ closedBy }) => closedBy),
    choices: ['client', 'server', 'between'],
  },
  ofConnection(
    'connection.closed_at',
    'text',
    'Point that saw its FIN or reset first',
    ({ closedAt }) => closedAt,
  ),
  ofConnection('connection.lost', 'number', 'Packets lost', ({ lost }) => lost),
  ofConnection('connection.retransmissions', 'number', 'Retransmissions', (c) => c.retransmissions),
  ofConnection('connection.packets', 'number', 'Packets', ({ packets }) => packets),
  ofConnection('connection.duration', 'seconds', 'First to last packet', (c) =>
    inSeconds(c.duration),
  ),
];

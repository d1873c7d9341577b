// Requests and their responses, as the bytes of both directions take turns: when each began, how long its client took to send it, and how long its server to answer.
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import type { ConnectionSummary, Direction } from '../model/connection';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

/** Gives the first packets of a connection, at most `limit`. */
export type PacketsOf = (connection: ConnectionSummary, limit: number) => readonly PacketFact[];

/** From the last byte of a request to the first of its response, at the point nearest to the server. */
export interface ServerWait {
  readonly connection: ConnectionSummary;
  /** Where the request begins, and its last packet before the response. */
  readonly begun: PacketFact;
  readonly request: PacketFact;
  readonly response: PacketFact;
  readonly at: SightingFact;
  readonly waitNs: number;
  /** Silences of the client within the request that nothing but itself accounts for, in order. */
  readonly pauses: readonly ClientPause[];
  /** Bytes of the request. */
  readonly bytes: number;
}

/** The client had sent all of `before`, had its acknowledgement and room in the window, and went on only later. By its own point's clock. */
export interface ClientPause {
  readonly before: PacketFact;
  /** The acknowledgement after which it was free to go on. */
  readonly acknowledged: PacketFact;
  readonly after: PacketFact;
  readonly ns: number;
}

/** Bytes that its direction has not sent before: a keep-alive's one byte and a repetition ask for nothing new. */
function takeNewData(): (packet: PacketFact) => boolean {
  const next = new Map<Direction, number>();
  return ({ kind, direction, sequence, payloadLength }) => {
    if (kind !== 'other' || payloadLength === 0) return false;
    const end = sequenceAdd(sequence, payloadLength);
    const known = next.get(direction);
    if (known !== undefined && sequenceDifference(end, known) <= 0) return false;
    next.set(direction, end);
    return true;
  };
}

const endOf = ({ sequence, payloadLength }: PacketFact): number =>
  sequenceAdd(sequence, payloadLength);

/** What lies between two packets of one request: whether the client was free to go on, and since when. */
class Interlude {
  private acknowledged: PacketFact | undefined;
  private hindered = false;

  constructor(private readonly before: PacketFact) {}

  take(packet: PacketFact): void {
    // A repetition, or a window that is closed: then not the client alone lets the time pass.
    if (packet.direction === 'forward') {
      if (packet.retransmission) this.hindered = true;
      return;
    }
    if (packet.window === 0 || packet.retransmission) this.hindered = true;
    if (
      this.acknowledged === undefined &&
      lastSighting(packet).point === firstSighting(this.before).point &&
      sequenceDifference(packet.acknowledgement, endOf(this.before)) >= 0
    )
      this.acknowledged = packet;
  }

  end(after: PacketFact): ClientPause | undefined {
    const { acknowledged, before } = this;
    if (this.hindered || acknowledged === undefined || after.retransmission) return undefined;
    const [left, free, right] = [
      firstSighting(before),
      lastSighting(acknowledged),
      firstSighting(after),
    ];
    if (right.point !== left.point) return undefined;
    const ns = right.time - Math.max(left.time, free.time);
    return ns >= THRESHOLDS.warningStallNs ? { before, acknowledged, after, ns } : undefined;
  }
}

/** All waits of a connection that was seen at its server's side. */
export function findServerWaits(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): readonly ServerWait[] {
  const waits: ServerWait[] = [];
  const isNewData = takeNewData();
  /** Packets that carry the request's bytes, repetitions among them. */
  let sent: PacketFact[] = [];
  /** What the server said meanwhile and its client never got: acknowledgements. */
  let lost: PacketFact[] = [];
  let interlude: Interlude | undefined;
  let pauses: ClientPause[] = [];
  for (const packet of packets) {
    const isNew = isNewData(packet);
    if (packet.direction === 'forward') {
      const carries = packet.kind === 'other' && packet.payloadLength > 0;
      if (isNew) {
        const pause = interlude?.end(packet);
        if (pause !== undefined) pauses.push(pause);
        interlude = new Interlude(packet);
      } else interlude?.take(packet);
      if (isNew || (carries && sent.length > 0)) sent.push(packet);
      continue;
    }
    if (!isNew) {
      interlude?.take(packet);
      if (packet.fate === 'lost') lost.push(packet);
      continue;
    }
    const wait = sent.length === 0 ? undefined : waitFor(sent, packet, lost);
    if (wait !== undefined) waits.push({ connection, ...wait, pauses });
    sent = [];
    lost = [];
    interlude = undefined;
    pauses = [];
  }
  return waits;
}

/**
 * From the arrival that made the request whole at the server's point; undefined where the captures do not show it, or one point alone does, and where an
 * acknowledgement of it was lost: then the way has its part in the wait.
 */
function waitFor(
  sent: readonly PacketFact[],
  response: PacketFact,
  lost: readonly PacketFact[],
): Omit<ServerWait, 'connection' | 'pauses'> | undefined {
  const [begun] = sent;
  const answered = firstSighting(response);
  const arrived = sent
    .filter(({ way }) => way.length > 1 && way[way.length - 1].point === answered.point)
    .sort((a, b) => lastSighting(a).time - lastSighting(b).time);
  if (arrived.length === 0 || response.way.length < 2) return undefined;
  const end = sent.reduce(
    (last, packet) => (sequenceDifference(endOf(packet), last) > 0 ? endOf(packet) : last),
    endOf(begun),
  );
  const request = completing(arrived, begun.sequence, end);
  if (request === undefined) return undefined;
  const at = lastSighting(request);
  if (lost.some((packet) => firstSighting(packet).referenceTime >= at.referenceTime))
    return undefined;
  return {
    begun,
    request,
    response,
    at,
    waitNs: answered.time - at.time,
    bytes: sequenceDifference(end, begun.sequence),
  };
}

/** The packet after whose arrival all bytes from `start` to `end` were there; undefined: they never were. */
function completing(
  arrived: readonly PacketFact[],
  start: number,
  end: number,
): PacketFact | undefined {
  let next = start;
  let early: PacketFact[] = [];
  for (const packet of arrived) {
    early.push(packet);
    for (let grew = true; grew; ) {
      const fitting = early.find(
        (one) =>
          sequenceDifference(one.sequence, next) <= 0 && sequenceDifference(endOf(one), next) > 0,
      );
      grew = fitting !== undefined;
      if (fitting !== undefined) next = endOf(fitting);
    }
    early = early.filter((one) => sequenceDifference(endOf(one), next) > 0);
    if (sequenceDifference(next, end) >= 0) return packet;
  }
  return undefined;
}

/** The opening as a request of its own: the SYN, and the SYN-ACK that answers it. Of several SYNs the one that came to the server first. */
export function findOpeningWait(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): readonly ServerWait[] {
  const response = packets.find(({ kind }) => kind === 'syn-ack');
  if (response === undefined) return [];
  const server = firstSighting(response).point;
  const [request] = packets
    .filter(
      ({ kind, way }) => kind === 'syn' && way.length > 1 && way[way.length - 1].point === server,
    )
    .sort((a, b) => lastSighting(a).time - lastSighting(b).time);
  const wait = request && waitFor([request], response, []);
  return wait === undefined ? [] : [{ connection, ...wait, pauses: [] }];
}

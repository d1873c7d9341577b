// What the connection list shows beyond the summaries, from the journeys that a snapshot kept.
import type { ConnectionMetrics } from '../model/connection-list';
import { findHandshakeEnd } from '../model/handshake-time';
import { PROTOCOL_TCP } from '../model/protocols';
import type { CaseSnapshot } from '../model/snapshot';

export class SnapshotMetrics implements ConnectionMetrics {
  /** Journeys of each connection of the snapshot, in order of time. */
  private readonly journeys: readonly (readonly number[])[];
  private readonly protocols: readonly number[];

  constructor(private readonly snapshot: CaseSnapshot) {
    const { connections, journeys: window } = snapshot;
    const places = connections.map(({ id }) => window.connections.indexOf(id));
    const lists: number[][] = window.connections.map(() => []);
    for (let journey = 0; journey < window.journeyCount; journey++)
      lists[window.journeys.connection[journey]].push(journey);
    this.journeys = places.map((place) => lists[place] ?? []);
    this.protocols = places.map((place) => window.protocols[place] ?? 0);
  }

  bytes(position: number): number {
    const { wireLength } = this.snapshot.journeys.sightings;
    return this.journeys[position].reduce(
      (sum, journey) => sum + wireLength[this.firstSighting(journey)],
      0,
    );
  }

  handshake(position: number): number {
    if (this.protocols[position] !== PROTOCOL_TCP) return Number.NaN;
    const own = this.journeys[position];
    const { journeys, sightings } = this.snapshot.journeys;
    return findHandshakeEnd(
      own.length,
      (at) => sightings.flags[this.firstSighting(own[at])],
      (at) => journeys.direction[own[at]],
      (at) => this.timeOf(own[at]),
    );
  }

  /** Payloads, and names out of them, are in no snapshot. */
  hint(): string {
    return '';
  }

  countActivity(position: number, counts: Uint32Array): void {
    const { journeyCount } = this.snapshot.journeys;
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let journey = 0; journey < journeyCount; journey++) {
      from = Math.min(from, this.timeOf(journey));
      to = Math.max(to, this.timeOf(journey));
    }
    const scale = to > from ? counts.length / (to - from) : 0;
    for (const journey of this.journeys[position]) {
      const bin = Math.floor((this.timeOf(journey) - from) * scale);
      counts[Math.min(counts.length - 1, bin)]++;
    }
  }

  private firstSighting(journey: number): number {
    return this.snapshot.journeys.journeys.firstSighting[journey];
  }

  private timeOf(journey: number): number {
    return this.snapshot.journeys.sightings.referenceTime[this.firstSighting(journey)];
  }
}

// Legs of one connection whose sequence numbers something between the points shifts by a constant for each direction: SYN proxies, firewalls
// that choose initial sequence numbers, helpers that adjust them. Equal numbers don't join these legs, so their payloads must: the same bytes
// at the same distance, three times or more, and something that no shift touches. Runs after the joins of equal segments, over what is left.
import { STATUS_TIMESTAMPS } from '../../model/packet-status';
import { PROTOCOL_TCP } from '../../model/protocols';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { LegSets } from '../legs/leg-sets';
import type { LegShift } from '../legs/leg-shifts';
import type { LegTable } from '../legs/legs';
import { IDENTITY_YIELD_ROWS } from '../limits';
import { PayloadSamples, type SamplePair } from './payload-samples';
import { findHalves, type Halves } from './proxy-halves';
import type { ShiftedPair, Vote } from './shifted-pair';

/** Contents that must agree in one shift: two may do so by chance where a request is repeated. */
const LEAST_CONTENTS = 3;
/** IP IDs that must agree, each another: 48 bits. */
const LEAST_IDS = 3;
/** Frames whose timestamps must agree: 64 bits with the echoes. */
const LEAST_STAMPS = 2;

/** Joins in `sets` what shifts keep apart. Returns the halves of connections that a proxy opened; undefined where nothing is shifted. */
export function* joinShiftedLegs(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
): Generator<number, Halves | undefined> {
  const left = findLeftLegs(input, legs, sets);
  if (left === undefined) return undefined;
  const samples = new PayloadSamples(input, legs, left);
  const votes = new Map<string, Map<string, Vote>>();
  const tell = (pair: SamplePair): void => countVote(input, legs, sets, pair, votes);
  for (let capture = 0; capture < input.captures.length; capture += 1) {
    const { rows } = input.captures[capture].table;
    for (let from = 0; from < rows; from += IDENTITY_YIELD_ROWS) {
      samples.addAll(capture, from, Math.min(rows, from + IDENTITY_YIELD_ROWS), tell);
      yield (input.rowBase[capture] + from) / input.totalRows;
    }
  }
  const points = pointsOfSets(legs, sets);
  const pairs = chooseUnrivalled(findPairs(votes, points), points);
  if (pairs.length === 0) return undefined;
  const halves = findHalves(input, legs, sets, pairs);
  for (const { first, second, differs, shift } of pairs) sets.join(first, second, differs, shift);
  return halves;
}

/** 1: a TCP leg whose set does not yet reach every capture; undefined where all do. */
function findLeftLegs(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
): Uint8Array | undefined {
  if (input.points.length < 2) return undefined;
  const captures = new Map<number, Set<number>>();
  for (let leg = 0; leg < legs.count; leg += 1) {
    if (input.tuples.protocol(legs.tuple[leg] * 2) !== PROTOCOL_TCP) continue;
    const root = sets.find(leg);
    const { capture } = input.points[legs.point[leg]];
    const seen = captures.get(root);
    if (seen) seen.add(capture);
    else captures.set(root, new Set([capture]));
  }
  const all = input.captures.length;
  const left = new Uint8Array(legs.count);
  let any = false;
  for (let leg = 0; leg < legs.count; leg += 1) {
    const seen = captures.get(sets.find(leg));
    if (seen === undefined || (all > 1 && seen.size === all)) continue;
    left[leg] = 1;
    any = true;
  }
  return any ? left : undefined;
}

function countVote(
  input: CorrelationInput,
  legs: LegTable,
  sets: LegSets,
  pair: SamplePair,
  votes: Map<string, Map<string, Vote>>,
): void {
  const sides = [pair.first, pair.second].map((globalRow) => {
    const capture = captureOfRow(input, globalRow);
    const { table, baseDelta } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    const leg = legs.legOfRow[globalRow];
    return {
      leg,
      root: sets.find(leg),
      // Direction in terms of the root's tuple.
      direction: (columns.tuple[i] & 1) ^ sets.parity(leg),
      sequence: columns.sequence[i],
      acknowledgement: columns.acknowledgement[i],
      stamped: (columns.status[i] & STATUS_TIMESTAMPS) !== 0,
      value: columns.timestampValue[i],
      echo: columns.timestampEcho[i],
      ipId: columns.ipId[i],
      time: columns.time[i] + baseDelta,
    };
  });
  const [a, b] = sides[0].root < sides[1].root ? sides : [sides[1], sides[0]];
  if (a.root === b.root) return;
  const stamped = a.stamped && b.stamped;
  const sequence = (a.sequence - b.sequence) >>> 0;
  const acknowledgement = (a.acknowledgement - b.acknowledgement) >>> 0;
  const value = stamped ? (a.value - b.value) >>> 0 : 0;
  const echo = stamped ? (a.echo - b.echo) >>> 0 : 0;
  const shift: LegShift =
    a.direction === 0
      ? [sequence, acknowledgement, value, echo]
      : [acknowledgement, sequence, echo, value];
  const key = `${a.root} ${b.root} ${a.direction ^ b.direction}`;
  let ofPair = votes.get(key);
  if (ofPair === undefined) {
    ofPair = new Map();
    votes.set(key, ofPair);
  }
  const name = shift.join(' ');
  let vote = ofPair.get(name);
  if (vote === undefined) {
    vote = {
      shift,
      contents: new Set(),
      ids: new Set(),
      deltas: [[], []],
      firstLeg: a.leg,
      secondLeg: b.leg,
      stamped: 0,
      idsApart: 0,
      sameEnd: 0,
    };
    ofPair.set(name, vote);
  }
  vote.contents.add(pair.content);
  if (stamped) vote.stamped += 1;
  if (a.ipId !== 0 && b.ipId !== 0)
    if (a.ipId === b.ipId) vote.ids.add(a.ipId);
    else vote.idsApart += 1;
  if (pair.sameEnd) vote.sameEnd += 1;
  if (a.leg === vote.firstLeg && b.leg === vote.secondLeg)
    vote.deltas[a.direction].push(b.time - a.time);
}

/**
 * Pairs of sets whose votes prove a shift. Those who share points only where their IP IDs agree, for twins have each their own, or the timestamps of
 * both ends while each goes where the other does not: twins go the same way.
 */
function findPairs(
  votes: ReadonlyMap<string, ReadonlyMap<string, Vote>>,
  points: (root: number) => ReadonlySet<number>,
): ShiftedPair[] {
  const pairs: ShiftedPair[] = [];
  for (const [key, ofPair] of votes) {
    const [first, second, differs] = key.split(' ').map(Number);
    const ranked = [...ofPair.values()].sort((x, y) => y.contents.size - x.contents.size);
    const [best, other] = ranked;
    if (best.contents.size < LEAST_CONTENTS) continue;
    if (other !== undefined && other.contents.size * 2 > best.contents.size) continue;
    const evidence = weighEvidence(best);
    if (evidence === 0) continue;
    const idsAgree = best.ids.size >= LEAST_IDS;
    const [a, b] = [points(first), points(second)];
    const partWays = stampsAgree(best) && !isWithin(a, b) && !isWithin(b, a);
    if (!idsAgree && !partWays && intersects(a, b)) continue;
    pairs.push({
      first,
      second,
      differs,
      shift: best.shift,
      strength: evidence,
      vote: best,
    });
  }
  return pairs;
}

/** Of both ends. */
const stampsAgree = ({ stamped, shift: [, , forward, reverse] }: Vote): boolean =>
  stamped >= LEAST_STAMPS && forward === 0 && reverse === 0;

/** How many things that no shift touches agree; 0: none, or something says that these are two connections (both sides of a proxy). */
function weighEvidence(vote: Vote): number {
  const [, , stamps0, stamps1] = vote.shift;
  const stamps = vote.stamped >= LEAST_STAMPS && (stamps0 === 0 || stamps1 === 0);
  const ids = vote.ids.size >= LEAST_IDS;
  const end = vote.sameEnd > 0;
  // Timestamps of its own, or IP IDs of its own, are what a proxy's second socket has.
  if (!ids && vote.stamped > 0 && !stamps) return 0;
  if (!ids && !stamps && vote.idsApart > 0) return 0;
  return (stamps ? 1 : 0) + (ids ? 1 : 0) + (end ? 1 : 0);
}

/** Of pairs that share a set, and whose other sets share a point, the one with most evidence; none where two have as much. */
function chooseUnrivalled(
  pairs: readonly ShiftedPair[],
  points: (root: number) => ReadonlySet<number>,
): readonly ShiftedPair[] {
  const ofRoot = new Map<number, ShiftedPair[]>();
  for (const pair of pairs)
    for (const root of [pair.first, pair.second])
      ofRoot.set(root, [...(ofRoot.get(root) ?? []), pair]);
  const otherOf = (pair: ShiftedPair, root: number): number =>
    pair.first === root ? pair.second : pair.first;
  return pairs
    .filter((pair) =>
      [pair.first, pair.second].every((root) =>
        (ofRoot.get(root) ?? []).every(
          (rival) =>
            rival === pair ||
            rival.strength < pair.strength ||
            !intersects(points(otherOf(rival, root)), points(otherOf(pair, root))),
        ),
      ),
    )
    .sort((a, b) => a.first - b.first || a.second - b.second);
}

/** Points that the legs of a set stand at, by root. */
function pointsOfSets(legs: LegTable, sets: LegSets): (root: number) => ReadonlySet<number> {
  const points = new Map<number, Set<number>>();
  for (let leg = 0; leg < legs.count; leg += 1) {
    const root = sets.find(leg);
    const seen = points.get(root);
    if (seen) seen.add(legs.point[leg]);
    else points.set(root, new Set([legs.point[leg]]));
  }
  const none = new Set<number>();
  return (root) => points.get(root) ?? none;
}

const isWithin = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  [...a].every((point) => b.has(point));

const intersects = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  [...a].some((point) => b.has(point));

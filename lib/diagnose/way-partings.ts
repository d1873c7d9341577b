// The same packet of two connections, by which points it came and what its header shows of who handled it: a hop that one passes and the other
// does not, a TTL that one loses and the other keeps, another station that put it on the link.
import type { FieldDifference, Parting } from '../model/finding';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { framesOf, type Sides, sameStop } from './sides';
import { listed, placeName } from './story';

/** Empty where both came the same way, or where one of them did not come to its receiver. */
export function compareWays(
  facts: Sides,
  role: string,
  ours: PacketFact,
  theirs: PacketFact,
): readonly Parting[] {
  if (ours.fate !== 'delivered' || theirs.fate !== 'delivered') return [];
  if (!sameStop(firstSighting(ours), firstSighting(theirs))) return [];
  return [...compareStops(facts, role, ours, theirs), ...compareHeaders(facts, role, ours, theirs)];
}

/** Between stops that both pass: what one passes there and the other does not. */
function compareStops(
  facts: Sides,
  role: string,
  ours: PacketFact,
  theirs: PacketFact,
): readonly Parting[] {
  const [mine, other] = [missingIn(theirs, ours), missingIn(ours, theirs)];
  // What a capture missed of one packet is no other way: only whole points count, and only between stops that both came to.
  const end = lastSighting(ours);
  if (mine.length + other.length === 0 || !sameStop(end, lastSighting(theirs))) return [];
  const names = (sightings: readonly SightingFact[]): string =>
    listed(sightings.map((sighting) => placeName(facts, sighting, ours.direction)));
  const [from, to] = [firstSighting(ours), end].map((sighting) =>
    placeName(facts, sighting, ours.direction),
  );
  return [
    {
      kind: 'way',
      text:
        mine.length === 0
          ? `On its way from ${from} to ${to} the ${facts.theirs} ${role} passes ${names(other)}; the ${facts.ours} one does not.`
          : other.length === 0
            ? `On its way from ${from} to ${to} the ${facts.ours} ${role} passes ${names(mine)}; the ${facts.theirs} one does not.`
            : `On its way from ${from} to ${to} the ${facts.theirs} ${role} passes ${names(other)}; the ${facts.ours} one passes ${names(mine)} instead.`,
      frames: framesOf(ours.way),
      siblingFrames: framesOf(theirs.way),
    },
  ];
}

/** Sightings of `packet` at points where the other one is never seen. */
function missingIn(other: PacketFact, packet: PacketFact): readonly SightingFact[] {
  const seen = new Set([...other.way, ...other.copies].map(({ point }) => point));
  return packet.way.filter(({ point }) => !seen.has(point));
}

/** At the first stop where both are seen and differ. */
function compareHeaders(
  facts: Sides,
  role: string,
  ours: PacketFact,
  theirs: PacketFact,
): readonly Parting[] {
  const sameTtl = firstSighting(ours).ttl === firstSighting(theirs).ttl;
  for (const there of theirs.way) {
    const here = ours.way.find((sighting) => sameStop(sighting, there));
    if (here === undefined) continue;
    const fields = differences(here, there, sameTtl);
    if (fields.length === 0) continue;
    const place = placeName(facts, here, ours.direction);
    const tell = (pick: (field: FieldDifference) => string): string =>
      listed(fields.map((field) => `${WORDS[field.field] ?? field.field} ${pick(field)}`));
    return [
      {
        kind: 'header',
        text: `At ${place} the ${facts.theirs} ${role} has ${tell(({ theirs: value }) => value)}, the ${facts.ours} one ${tell(({ ours: value }) => value)}.${tellRouted(facts, fields)}`,
        fields,
        frames: framesOf([here]),
        siblingFrames: framesOf([there]),
      },
    ];
  }
  return [];
}

const WORDS: Readonly<Record<string, string>> = {
  'ip.ttl': 'TTL',
  'eth.src': 'source MAC',
  'eth.dst': 'destination MAC',
};

/** TTLs are compared where the senders gave the same; MACs where the link has one end in common. */
function differences(
  here: SightingFact,
  there: SightingFact,
  sameTtl: boolean,
): readonly FieldDifference[] {
  const fields: FieldDifference[] = [];
  if (sameTtl && here.ttl !== there.ttl)
    fields.push({ field: 'ip.ttl', ours: `${here.ttl}`, theirs: `${there.ttl}` });
  const oneEnd =
    (here.sourceMac === there.sourceMac) !== (here.destinationMac === there.destinationMac);
  const known = here.sourceMac !== '' && there.sourceMac !== '';
  if (oneEnd && known && here.sourceMac !== there.sourceMac)
    fields.push({ field: 'eth.src', ours: here.sourceMac, theirs: there.sourceMac });
  if (oneEnd && known && here.destinationMac !== there.destinationMac)
    fields.push({ field: 'eth.dst', ours: here.destinationMac, theirs: there.destinationMac });
  return fields;
}

function tellRouted(facts: Sides, fields: readonly FieldDifference[]): string {
  const ttl = fields.find(({ field }) => field === 'ip.ttl');
  if (ttl === undefined) return '';
  const hops = Number(ttl.ours) - Number(ttl.theirs);
  const [more, fewer] = hops > 0 ? [facts.theirs, facts.ours] : [facts.ours, facts.theirs];
  const count = Math.abs(hops);
  return ` ${count === 1 ? 'One more router (or host stack)' : `${count} more routers (or host stacks)`} handled the ${more} one than the ${fewer} one.`;
}

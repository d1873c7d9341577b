// A connection of a simulated world as text: a row a packet, a column a stop, for whoever looks into a seed that fails.
import type { World } from './world';

/** Rows shown before and after the packet in question. */
const AROUND = 12;

/** The connection of two frames that are one packet or were taken for one, as `scoreTruth` names them: `a.pcap|b.pcap 3 5`. */
export function drawPair(world: World, pair: string | undefined): string {
  const [, fileA, fileB, frameA, frameB] = /^(.*)\|(.*) (\d+) (\d+)$/.exec(pair ?? '') ?? [];
  const [unit] = [`${fileA}#${frameA}`, `${fileB}#${frameB}`].flatMap(
    (key) => world.unitsOfFrame.get(key) ?? [],
  );
  return unit === undefined ? '' : drawConnection(world, unit);
}

export function drawConnection(world: World, unitId: number): string {
  const { units, plan } = world;
  const { connection } = units[unitId];
  const rows = units
    .map((unit, id) => ({ unit, id }))
    .filter(({ unit }) => unit.connection === connection)
    .sort((a, b) => a.unit.time - b.unit.time || a.id - b.id);
  const at = rows.findIndex(({ id }) => id === unitId);
  const { way } = units[unitId];
  const stops = way.map(({ point }) => plan.points[point].name.replace(/^node\d?-/, ''));
  const width = Math.max(...stops.map((name) => name.length)) + 1;
  const base = [0, 1].map(
    (direction) => rows.find(({ unit }) => unit.direction === direction)?.unit.sequence ?? 0,
  );
  const head = `    seconds   ${'packet'.padEnd(18)}${stops.map((name) => name.padEnd(width)).join('')}`;
  const lines = rows.slice(Math.max(0, at - AROUND), at + AROUND).map(({ unit, id }) => {
    const cells = unit.way.map((_, position) => {
      const seen = unit.seen.find((sighting) => sighting.position === position);
      const key = seen === undefined ? undefined : world.keyOf.get(seen.record);
      const mark =
        key === undefined
          ? unit.dropped !== null && position > unit.dropped
            ? '~'
            : '?'
          : `#${key.frame}`;
      return (unit.dropped === position ? `${mark}x` : mark).padEnd(width);
    });
    const ordered = unit.direction === units[unitId].direction ? cells : cells.reverse();
    const relative = (unit.sequence - base[unit.direction]) | 0;
    const packet = `${unit.direction === 0 ? '>' : '<'} ${unit.label} @${relative}${unit.doubled ? ' 2x' : ''}`;
    return `${id === unitId ? '=> ' : '   '}${(unit.time / 1e9).toFixed(6).padStart(9)}  ${packet.padEnd(18)}${ordered.join('')}`;
  });
  return [
    `world ${plan.seed} ${world.harsh ? 'harsh' : 'healthy'}: ${plan.kind}, ${plan.nat}, gso ${plan.gso}, mss ${plan.mss}, ${plan.timestamps ? '' : 'no '}timestamps, ${plan.ipIds ? '' : 'no '}ids, ${plan.sack ? '' : 'no '}sack`,
    head,
    ...lines,
  ].join('\n');
}

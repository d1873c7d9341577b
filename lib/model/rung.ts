// The rung of the key ladder by which a sighting was joined to its packet: written while joining (correlate/packets.ts, byte-ranges.ts), told by why.ts.
// Of two sightings the higher rung is what joined them: the rungs are in order of what each had to fall back on.

/** The index is the code. */
const RUNGS = [
  /** The packet's one sighting. */
  'alone',
  /** TCP: sequence, acknowledgement, flags, length, timestamps; else content and IP ID. */
  'key',
  /** TCP without timestamps to go by. */
  'key-without-timestamps',
  /** Several packets had the key: their IP IDs told them apart. */
  'ip-id',
  /** Several packets had the key: what they carried told them apart. */
  'payload',
  /** It carries the packet's bytes among others. */
  'bytes',
  /** Others were alike in everything: in order, at the delay that other packets show. */
  'order',
  /** The capture's own packet ids say so (pcapng's epb_packetid). */
  'packet-id',
] as const;
export type Rung = (typeof RUNGS)[number];

export const rungCode = (rung: Rung): number => RUNGS.indexOf(rung);
export const rungOf = (code: number): Rung => RUNGS[code] ?? 'alone';

export const RUNG_ALONE = rungCode('alone');
export const RUNG_KEY = rungCode('key');
export const RUNG_KEY_WITHOUT_TIMESTAMPS = rungCode('key-without-timestamps');
export const RUNG_IP_ID = rungCode('ip-id');
export const RUNG_PAYLOAD = rungCode('payload');
export const RUNG_BYTES = rungCode('bytes');
export const RUNG_ORDER = rungCode('order');
export const RUNG_PACKET_ID = rungCode('packet-id');

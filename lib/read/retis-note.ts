// What Retis writes of each packet into the pcapng that it makes of its events: a custom option (its own enterprise number, in use and not
// registered) with the event as JSON. Its tracking section names the packet, whatever rewrites it: the buffer's address, and when it was first seen.
import { readUint32 } from './container-reader';
import { optionText } from './pcapng-options';

/** Custom options with text: one that may be copied to other files, one that may not (draft-ietf-opsawg-pcapng, section 3.5.1). */
const CUSTOM_TEXT: readonly number[] = [2988, 19_372];
const RETIS_ENTERPRISE = 70_000;

/** The section, and of the one that its post-processing makes the same section within. */
const TRACKING = /"(?:skb[-_])?tracking"\s*:\s*\{(?:\s*"skb"\s*:\s*\{)?([^{}]*)\}/;
const HEAD = /"orig_head"\s*:\s*(\d{1,20})(?!\d)/;
const FIRST_SEEN = /"timestamp"\s*:\s*(\d{1,20})(?!\d)/;

/** Spreads the time over 64 bits: addresses of buffers differ in few of theirs. */
const GOLDEN = 0x9e37_79b9_7f4a_7c15n;

/** The packet's id in 64 bits; undefined where the option is another's, or no packet was tracked. Numbers of 64 bits are read as text: JSON's lose digits. */
export function retisPacketId(
  code: number,
  bytes: Uint8Array,
  start: number,
  length: number,
  littleEndian: boolean,
): bigint | undefined {
  if (!CUSTOM_TEXT.includes(code) || length < 4) return undefined;
  if (readUint32(bytes, start, littleEndian) !== RETIS_ENTERPRISE) return undefined;
  const section = TRACKING.exec(optionText(bytes, start + 4, length - 4))?.[1] ?? '';
  const [head, seen] = [HEAD, FIRST_SEEN].map((pattern) => pattern.exec(section)?.[1]);
  if (head === undefined || seen === undefined) return undefined;
  return BigInt.asUintN(64, BigInt(seen) * GOLDEN) ^ BigInt.asUintN(64, BigInt(head));
}

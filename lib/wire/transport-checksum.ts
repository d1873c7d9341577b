// Whether the checksum of the TCP segment or UDP datagram at hand is wrong. Adding up all bytes of all frames would cost more than decoding them,
// so it is asked of what opens a conversation, of short segments and datagrams, and of tunnels that send one.
import { STATUS_FRAGMENT } from '../model/packet-status';
import { checksumState } from './checksum';
import type { DecodedFrame } from './decoded-frame';

/** `at`: offset of the header; `length`: with the payload; `field`: offset of the checksum within the header. What the card was to fill in, or was not captured whole, is not wrong. */
export function isChecksumWrong(
  bytes: Uint8Array,
  frame: DecodedFrame,
  at: number,
  length: number,
  field: number,
): boolean {
  if (frame.status & STATUS_FRAGMENT || frame.isRouted) return false;
  const { source, destination, family, protocol, end } = frame;
  const place = { source, destination, family, protocol, end, start: at, length, field };
  return checksumState(bytes, place) === 'wrong';
}

// The one home of shifts: what a leg's sequence numbers and timestamps are more than those of its connection, since a firewall or a SYN proxy
// between the points adds a constant for each direction. sequence-shifts.ts finds them; whoever compares numbers of two points takes them off here.
import { sequenceAdd } from '../../base/sequence-number';
import type { PacketColumns } from '../../model/packet-columns';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';

/** Numbers a leg has: sequence numbers of tuple direction 0 and 1, timestamps of tuple direction 0 and 1. */
export const SHIFT_NUMBERS = 4;
export type LegShift = readonly [number, number, number, number];
export const NO_SHIFT: LegShift = [0, 0, 0, 0];

/** Rows are legs. There is none at all where no leg is shifted, which is nearly always. */
export interface LegShifts {
  /** SHIFT_NUMBERS a leg, modulo 2³². */
  readonly values: Uint32Array;
  /**
   * Legs of one half of a connection that a proxy opened in two handshakes: one number a half. 0: whoever shifts the numbers passes the
   * handshake on.
   */
  readonly half: Uint32Array;
  /** Two numbers a leg of a half: the first sequence number behind the SYN of tuple direction 0 and 1. */
  readonly opening: Uint32Array;
  /** Tuple direction of the SYN, by leg of a half. */
  readonly opener: Uint8Array;
}

/** A TCP header's numbers. */
export interface TcpNumbers {
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly timestampValue: number;
  readonly timestampEcho: number;
}

/** The numbers of one frame as captured. */
export const readNumbers = (columns: PacketColumns, i: number): TcpNumbers => ({
  flags: columns.flags[i],
  sequence: columns.sequence[i],
  acknowledgement: columns.acknowledgement[i],
  timestampValue: columns.timestampValue[i],
  timestampEcho: columns.timestampEcho[i],
});

/** What the sequence numbers of a leg's tuple direction are more than those of its connection. */
export const sequenceShift = (
  shifts: LegShifts | undefined,
  leg: number,
  direction: number,
): number => (shifts === undefined ? 0 : shifts.values[leg * SHIFT_NUMBERS + direction]);

/** Whether any number of the leg has to be changed before it is compared. */
export const isShifted = ({ values, half }: LegShifts, leg: number): boolean => {
  const at = leg * SHIFT_NUMBERS;
  return (values[at] | values[at + 1] | values[at + 2] | values[at + 3]) !== 0 || half[leg] !== 0;
};

/** A frame's numbers as its connection counts them. `direction`: of the tuple. The same object where the leg is not shifted. */
export function withoutShift<N extends TcpNumbers>(
  shifts: LegShifts | undefined,
  leg: number,
  direction: number,
  numbers: N,
): N {
  if (shifts === undefined || !isShifted(shifts, leg)) return numbers;
  const at = leg * SHIFT_NUMBERS;
  const acknowledges = (numbers.flags & TCP_ACK) !== 0;
  const less = (value: number, index: number): number =>
    sequenceAdd(value, -shifts.values[at + index]);
  return {
    ...numbers,
    sequence: less(numbers.sequence, direction),
    acknowledgement: acknowledges
      ? less(numbers.acknowledgement, direction ^ 1)
      : numbers.acknowledgement,
    timestampValue: numbers.timestampValue === 0 ? 0 : less(numbers.timestampValue, 2 + direction),
    timestampEcho:
      acknowledges && numbers.timestampEcho !== 0
        ? less(numbers.timestampEcho, 2 + (direction ^ 1))
        : numbers.timestampEcho,
  };
}

/**
 * The half of its connection that a packet of a handshake belongs to: a proxy takes it and sends its own on. 0 for every other packet.
 * SYNs, and the bare acknowledgement that ends the handshake.
 */
export function halfOfOpening(
  shifts: LegShifts | undefined,
  leg: number,
  direction: number,
  { flags, sequence, acknowledgement }: TcpNumbers,
  payload: number,
): number {
  if (shifts === undefined || shifts.half[leg] === 0) return 0;
  if (flags & TCP_SYN) return shifts.half[leg];
  const bare =
    direction === shifts.opener[leg] &&
    payload === 0 &&
    (flags & (TCP_ACK | TCP_FIN | TCP_RST)) === TCP_ACK;
  return bare &&
    sequence === shifts.opening[leg * 2 + direction] &&
    acknowledgement === shifts.opening[leg * 2 + (direction ^ 1)]
    ? shifts.half[leg]
    : 0;
}

// A field of the filter language: its Wireshark name, its kind, and how its values are read from a sighting.
import type { FilterSubject } from './subject';

/**
 * What a field's values are.
 * `number`: numbers. `flag`: 0 or 1. `seconds`: numbers of seconds. `time`: a moment, ns after the base. `text`: strings.
 * `address`: number of an address in the tuple table, or its text where it stands elsewhere in a header. `mac`: text `0a:58:…`. `bytes`: bytes of the frame. `presence`: there or not, without value.
 */
export type FieldKind =
  | 'number'
  | 'flag'
  | 'seconds'
  | 'time'
  | 'text'
  | 'address'
  | 'mac'
  | 'bytes'
  | 'presence';

export type Value = number | string | Uint8Array;

/** The bytes that decide it were not read. */
export const UNREAD = Symbol('unread');

/** One value of a sighting; undefined: it has none. */
export type Getter = (subject: FilterSubject) => Value | undefined | typeof UNREAD;

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** For the help card and the completion. */
  readonly label: string;
  /** A field can have several values: `ip.addr` is source and destination. */
  readonly getters: readonly Getter[];
  /** Of a protocol: the frame's bytes from its header on, which can be searched and sliced. */
  readonly bytes?: Getter;
  /** Wireshark's words for some of a number's values. */
  readonly words?: Readonly<Record<string, number>>;
  /** Values that someone may choose among. */
  readonly choices?: readonly string[];
}

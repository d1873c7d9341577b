// Options of TCP as fields of the tree: those of RFC 9293, 7323, 2018, and fast open (RFC 7413), MD5 (2385), AO (5925), user timeout (5482), accurate ECN, experiments (6994); multipath's have a file of their own.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint32 } from './bytes';
import { fieldAt, showBytes, showHex16 } from './field';
import { describeMptcp } from './mptcp-options';
import {
  OPTION_END,
  OPTION_MSS,
  OPTION_NOP,
  OPTION_SACK,
  OPTION_SACK_PERMITTED,
  OPTION_TIMESTAMPS,
  OPTION_WINDOW_SCALE,
} from './tcp';

const OPTION_MD5 = 19;
const OPTION_USER_TIMEOUT = 28;
const OPTION_AUTHENTICATION = 29;
const OPTION_MPTCP = 30;
const OPTION_FAST_OPEN = 34;
/** Accurate ECN's two orders of its counters. */
const OPTION_ACCURATE_ECN_0 = 172;
const OPTION_ACCURATE_ECN_1 = 174;
/** RFC 4727 and RFC 6994: this one and the next. */
const OPTION_EXPERIMENT = 253;
/** RFC 7323 section 2.3: a greater shift counts as this. */
const GREATEST_SHIFT = 14;

/** Options whose content is not taken apart: name and label. */
const OTHER_OPTIONS: Readonly<Record<number, readonly [string, string]>> = {
  6: ['echo', 'Echo (obsolete)'],
  7: ['echoreply', 'Echo reply (obsolete)'],
  11: ['cc', 'Connection count (obsolete)'],
  12: ['ccnew', 'New connection count (obsolete)'],
  13: ['ccecho', 'Connection count echo (obsolete)'],
  20: ['scps', 'SCPS capabilities'],
  27: ['qs', 'Quick-Start response'],
};

/** Every option with its bytes; what is cut or contradicts itself ends the list as one field. */
export function describeTcpOptions(bytes: Uint8Array, from: number, end: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  for (let at = from; at < end; ) {
    const kind = bytes[at];
    const length =
      kind === OPTION_END || kind === OPTION_NOP ? 1 : at + 1 < end ? bytes[at + 1] : 0;
    if (length === 0 || (length === 1 && kind > OPTION_NOP) || at + length > end) {
      const value = `cut or malformed option of kind ${kind}`;
      fields.push({
        ...fieldAt('tcp.options.unknown', 'Option', value, at, end - at),
        isWrong: true,
      });
      return fields;
    }
    fields.push(describeOption(bytes, kind, at, length));
    if (kind === OPTION_END) return fields;
    at += length;
  }
  return fields;
}

function describeOption(
  bytes: Uint8Array,
  kind: number,
  start: number,
  length: number,
): ProtocolField {
  const option = (
    name: string,
    label: string,
    value: string,
    content: readonly ProtocolField[] = [],
  ): ProtocolField =>
    fieldAt(`tcp.options.${name}`, label, value, start, length, [
      ...(length === 1
        ? []
        : [
            fieldAt('tcp.option_kind', 'Kind', `${kind}`, start, 1),
            fieldAt('tcp.option_len', 'Length', `${length}`, start + 1, 1),
          ]),
      ...content,
    ]);
  const at = start + 2;
  const number = (name: string, label: string, place: number, size: 1 | 2 | 4): ProtocolField => {
    const value =
      size === 1 ? bytes[place] : size === 2 ? uint16(bytes, place) : uint32(bytes, place);
    return fieldAt(`tcp.options.${name}`, label, `${value}`, place, size);
  };
  const rest = (name: string, label: string, place: number): ProtocolField[] =>
    place < start + length
      ? [
          fieldAt(
            `tcp.options.${name}`,
            label,
            showBytes(bytes, place, start + length - place),
            place,
            start + length - place,
          ),
        ]
      : [];
  switch (kind) {
    case OPTION_END:
      return option('eol', 'End of options', '');
    case OPTION_NOP:
      return option('nop', 'No operation', '');
    case OPTION_MSS:
      if (length !== 4) break;
      return option('mss', 'Maximum segment size', `${uint16(bytes, at)}`, [
        number('mss_val', 'Value', at, 2),
      ]);
    case OPTION_WINDOW_SCALE: {
      if (length !== 3) break;
      const shift = bytes[at];
      return option(
        'wscale',
        'Window scale',
        `${shift} (× ${2 ** Math.min(shift, GREATEST_SHIFT)})`,
        [number('wscale.shift', 'Shift', at, 1)],
      );
    }
    case OPTION_SACK_PERMITTED:
      if (length !== 2) break;
      return option('sack_perm', 'SACK permitted', 'yes');
    case OPTION_TIMESTAMPS:
      if (length !== 10) break;
      return option('timestamp', 'Timestamps', `${uint32(bytes, at)},${uint32(bytes, at + 4)}`, [
        number('timestamp.tsval', 'Value', at, 4),
        number('timestamp.tsecr', 'Echo reply', at + 4, 4),
      ]);
    case OPTION_SACK: {
      const edges: ProtocolField[] = [];
      const ranges: string[] = [];
      for (let place = at; place + 8 <= start + length; place += 8) {
        edges.push(
          number('sack_le', 'Left edge', place, 4),
          number('sack_re', 'Right edge', place + 4, 4),
        );
        ranges.push(`${uint32(bytes, place)}–${uint32(bytes, place + 4)}`);
      }
      return option('sack', 'SACK', ranges.join(', '), edges);
    }
    case OPTION_MPTCP: {
      if (length < 3) break;
      const { value, fields } = describeMptcp(bytes, start, length);
      return { ...option('', 'Multipath TCP', value, fields), name: 'mptcp' };
    }
    case OPTION_MD5:
      if (length !== 18) break;
      return option('md5', 'MD5 signature', '16 bytes', rest('md5.digest', 'Digest', at));
    case OPTION_AUTHENTICATION:
      if (length < 4) break;
      return option('ao', 'Authentication', `key ${bytes[at]}`, [
        number('ao.keyid', 'Key', at, 1),
        number('ao.rnextkeyid', 'Next key to receive', at + 1, 1),
        ...rest('ao.mac', 'Code', at + 2),
      ]);
    case OPTION_FAST_OPEN:
      return length === 2
        ? option('tfo', 'Fast Open', 'asks for a cookie')
        : option(
            'tfo',
            'Fast Open',
            `cookie of ${length - 2} bytes`,
            rest('tfo.cookie', 'Cookie', at),
          );
    case OPTION_USER_TIMEOUT: {
      if (length !== 4) break;
      const timeout = uint16(bytes, at) & 0x7fff;
      const unit = bytes[at] & 0x80 ? 'minutes' : 'seconds';
      return option('user_to', 'User timeout', `${timeout} ${unit}`, [
        fieldAt('tcp.options.user_to_granularity', 'Unit', unit, at, 2),
        fieldAt('tcp.options.user_to_val', 'Timeout', `${timeout}`, at, 2),
      ]);
    }
    case OPTION_ACCURATE_ECN_0:
    case OPTION_ACCURATE_ECN_1:
      return option('acc_ecn', 'Accurate ECN', `${Math.floor((length - 2) / 3)} counters`);
    case OPTION_EXPERIMENT:
    case OPTION_EXPERIMENT + 1:
      return length >= 4
        ? option('experimental', 'Experiment', `identifier ${showHex16(bytes, at)}`, [
            fieldAt('tcp.options.experimental.exid', 'Identifier', showHex16(bytes, at), at, 2),
            ...rest('experimental.data', 'Data', at + 2),
          ])
        : option('experimental', 'Experiment', `${length} bytes`);
  }
  const other = OTHER_OPTIONS[kind];
  if (other !== undefined) return option(other[0], other[1], `${length - 2} bytes`);
  return option(
    'unknown',
    'Option',
    `kind ${kind}, ${length} bytes`,
    rest('unknown.payload', 'Content', at),
  );
}

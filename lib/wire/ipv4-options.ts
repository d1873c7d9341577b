// Options of IPv4 (RFC 791 section 3.1, RFC 2113, RFC 1108) as fields of the tree; the columns need none of them.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint32 } from './bytes';
import { fieldAt, showBytes, showHex16, showIpv4 } from './field';

const OPTION_END = 0;
const OPTION_NOP = 1;
const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_SOURCE_ROUTE = 131;
const STREAM = 136;
const STRICT_SOURCE_ROUTE = 137;
const ROUTER_ALERT = 148;
/** Type, length and the pointer that counts from 1. */
const ROUTE_BYTES = 3;

/** Wireshark's name after `ip.options.`, and plain words. */
const OPTIONS: Readonly<Record<number, readonly [string, string]>> = {
  [OPTION_END]: ['eol', 'End of options'],
  [OPTION_NOP]: ['nop', 'No operation'],
  [RECORD_ROUTE]: ['record_route', 'Record route'],
  11: ['mtu_probe', 'MTU probe'],
  12: ['mtu_reply', 'MTU reply'],
  25: ['qs', 'Quick-Start'],
  [TIMESTAMP]: ['timestamp', 'Timestamps'],
  82: ['traceroute', 'Traceroute'],
  130: ['security', 'Security'],
  [LOOSE_SOURCE_ROUTE]: ['route', 'Loose source route'],
  133: ['ext_security', 'Extended security'],
  134: ['cipso', 'Commercial security'],
  [STREAM]: ['sid', 'Stream identifier'],
  [STRICT_SOURCE_ROUTE]: ['source_route', 'Strict source route'],
  [ROUTER_ALERT]: ['routeralert', 'Router alert'],
  149: ['sdb', 'Selective directed broadcast'],
};

/** Whether the header of so many bytes asks for a route that is not yet at its end: then the destination is a hop (RFC 791). */
export function isSourceRouted(bytes: Uint8Array, header: number, headerEnd: number): boolean {
  for (const { at, type, length } of walkOptions(bytes, header, headerEnd))
    if (
      (type === LOOSE_SOURCE_ROUTE || type === STRICT_SOURCE_ROUTE) &&
      length >= ROUTE_BYTES &&
      bytes[at + 2] <= length
    )
      return true;
  return false;
}

/** Every option with its bytes; what is cut or contradicts itself ends the list as one field. */
export function describeIpv4Options(bytes: Uint8Array, from: number, end: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  for (const { at, type, length } of walkOptions(bytes, from, end)) {
    if (length === 0)
      fields.push({
        ...fieldAt('ip.opt.len.invalid', 'Option', `cut or malformed, type ${type}`, at, end - at),
        isWrong: true,
      });
    else fields.push(describeOption(bytes, type, at, length));
  }
  return fields;
}

interface Option {
  readonly at: number;
  readonly type: number;
  /** 0: no honest length; the last one then. */
  readonly length: number;
}

function* walkOptions(bytes: Uint8Array, from: number, end: number): Generator<Option> {
  for (let at = from; at < end; ) {
    const type = bytes[at];
    const claimed = type <= OPTION_NOP ? 1 : at + 1 < end ? bytes[at + 1] : 0;
    const isHonest = claimed >= (type <= OPTION_NOP ? 1 : 2) && at + claimed <= end;
    yield { at, type, length: isHonest ? claimed : 0 };
    if (!isHonest || type === OPTION_END) return;
    at += claimed;
  }
}

function describeOption(
  bytes: Uint8Array,
  type: number,
  at: number,
  length: number,
): ProtocolField {
  const known = OPTIONS[type];
  const children = [fieldAt('ip.opt.type', 'Type', `${type}`, at, 1)];
  if (length > 1) children.push(fieldAt('ip.opt.len', 'Length', `${length}`, at + 1, 1));
  const content = contentOf(bytes, type, at, length);
  return fieldAt(
    known === undefined ? 'ip.opt.type' : `ip.options.${known[0]}`,
    known === undefined ? 'Option' : known[1],
    [known === undefined ? `type ${type}` : '', ...content.map(({ value }) => value)]
      .filter((text) => text !== '')
      .join(', '),
    at,
    length,
    length === 1 ? [] : [...children, ...content],
  );
}

function contentOf(bytes: Uint8Array, type: number, at: number, length: number): ProtocolField[] {
  if (type === ROUTER_ALERT && length >= 4)
    return [fieldAt('ip.opt.ra', 'Value', `${uint16(bytes, at + 2)}`, at + 2, 2)];
  if (type === STREAM && length >= 4)
    return [fieldAt('ip.opt.sid', 'Stream', showHex16(bytes, at + 2), at + 2, 2)];
  if (type === RECORD_ROUTE || type === LOOSE_SOURCE_ROUTE || type === STRICT_SOURCE_ROUTE)
    return describeRoute(bytes, type, at, length);
  if (type === TIMESTAMP && length >= 4) return describeTimestamps(bytes, at, length);
  return length > 2
    ? [fieldAt('', 'Content', showBytes(bytes, at + 2, length - 2), at + 2, length - 2)]
    : [];
}

function describeRoute(
  bytes: Uint8Array,
  type: number,
  at: number,
  length: number,
): ProtocolField[] {
  if (length < ROUTE_BYTES) return [];
  const fields = [fieldAt('ip.opt.ptr', 'Pointer', `${bytes[at + 2]}`, at + 2, 1)];
  for (let place = at + ROUTE_BYTES; place + 4 <= at + length; place += 4) {
    const isPassed = place - at + 1 < bytes[at + 2];
    const name = type === RECORD_ROUTE || isPassed ? 'ip.rec_rt' : 'ip.src_rt';
    // A place behind the pointer of a recorded route is still free.
    if (type === RECORD_ROUTE && !isPassed) break;
    fields.push(fieldAt(name, 'Address', showIpv4(bytes, place), place, 4));
  }
  return fields;
}

function describeTimestamps(bytes: Uint8Array, at: number, length: number): ProtocolField[] {
  const withAddress = (bytes[at + 3] & 0x0f) !== 0;
  const fields = [
    fieldAt('ip.opt.ptr', 'Pointer', `${bytes[at + 2]}`, at + 2, 1),
    fieldAt('ip.opt.overflow', 'Hosts without room', `${bytes[at + 3] >>> 4}`, at + 3, 1),
    fieldAt('ip.opt.flag', 'Kind', `${bytes[at + 3] & 0x0f}`, at + 3, 1),
  ];
  const step = withAddress ? 8 : 4;
  for (let place = at + 4; place + step <= at + length; place += step) {
    if (withAddress)
      fields.push(fieldAt('ip.opt.time_stamp_addr', 'Address', showIpv4(bytes, place), place, 4));
    const time = place + step - 4;
    fields.push(fieldAt('ip.opt.time_stamp', 'Time, ms', `${uint32(bytes, time)}`, time, 4));
  }
  return fields;
}

// Filters that a click on something offers: from an endpoint, from a field and its value; and how one is put to the filter that is in force.
import type { FieldKind } from './field';
import { compileFilter, FILTER_FIELDS, isPlainSearch } from './filter';
import { numberOfText, parseNumber } from './literals';

/** `only`: in the place of the filter in force. `and`, `not`: narrows it. */
export type QuickHow = 'only' | 'and' | 'not';

const isFilter = (text: string): boolean => compileFilter(text, 0n).ok;

/** `10.0.0.1:80` → its address, its port, both; an address alone has one filter. None where the text is no endpoint. */
export function filtersOfEndpoint(endpoint: string, protocol = 'tcp'): readonly string[] {
  const match =
    /^\[([0-9a-f:.]+)\](?::(\d+))?$/i.exec(endpoint) ??
    /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d+))?$/.exec(endpoint) ??
    /^([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})$/i.exec(endpoint);
  if (match === null) return [];
  const [, address, port] = match;
  const byAddress = `${address.includes(':') ? 'ipv6' : 'ip'}.addr == ${address}`;
  const ported = protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp';
  const byPort = port === undefined ? [] : [`${ported}.port == ${port}`];
  return [byAddress, ...byPort, ...byPort.map((one) => `${byAddress} && ${one}`)].filter(isFilter);
}

/** A field as the inspector shows it: `tcp.flags`, `0x0002 [S]`. None where the filter does not know the field or the value says nothing to it. */
export function filtersOfField(name: string, value: string): readonly string[] {
  const field = FILTER_FIELDS.find((one) => one.name === name);
  if (field === undefined) return [];
  if (field.kind === 'presence') return [name];
  const written = writeValue(field.kind, value);
  return written === undefined ? [] : [`${name} == ${written}`].filter(isFilter);
}

/** What stands behind `==` for a value that the inspector shows; undefined where that is a description. */
function writeValue(kind: FieldKind, value: string): string | undefined {
  const [first] = value.split(/\s+/);
  if (kind === 'text') return JSON.stringify(value);
  if (kind === 'bytes') return /^([0-9a-f]{2})+$/i.test(value) ? value : undefined;
  if (kind !== 'number' && kind !== 'flag') return first;
  // Hexadecimal stays as it is shown; `TCP (6)` is 6, `set` is 1.
  return parseNumber(first) === undefined ? numberOfText(value)?.toString() : first;
}

/** Bytes of frames: hexadecimal pairs as such (`16 03 01`), anything else as text. */
export function filterOfBytes(text: string): string {
  const pairs = text.trim().split(/[\s:]+/);
  return pairs.length > 1 && pairs.every((pair) => /^[0-9a-f]{2}$/i.test(pair))
    ? `frame contains ${pairs.join(':')}`
    : `frame contains ${JSON.stringify(text)}`;
}

/** Words that were searched are no filter that could be narrowed: the new one takes their place. */
export function applyQuickFilter(inForce: string, filter: string, how: QuickHow): string {
  const wanted = how === 'not' ? `!(${filter})` : filter;
  const base = inForce.trim();
  if (how === 'only' || base === '' || isPlainSearch(base) || !isFilter(base)) return wanted;
  const joined = (text: string): string => (/\|\||\bor\b/.test(text) ? `(${text})` : text);
  return `${joined(base)} && ${joined(wanted)}`;
}

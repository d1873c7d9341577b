// Options of IPv6's hop-by-hop and destination headers (RFC 8200 section 4.2) as fields of the tree.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint32 } from './bytes';
import { fieldAt, named, showBytes } from './field';

const PAD_1 = 0;
const PAD_N = 1;
const TUNNEL_LIMIT = 4;
const ROUTER_ALERT = 5;
const MINIMUM_PMTU = 0x30;
const JUMBO = 0xc2;

const NAMES: Readonly<Record<number, string>> = {
  [PAD_1]: 'Pad1',
  [PAD_N]: 'PadN',
  [TUNNEL_LIMIT]: 'Tunnel encapsulation limit',
  [ROUTER_ALERT]: 'Router alert',
  [MINIMUM_PMTU]: 'Minimum path MTU',
  99: 'RPL',
  [JUMBO]: 'Jumbo payload',
  201: 'Home address',
};

/** Every option with its bytes; one that is cut ends the list. */
export function describeIpv6Options(bytes: Uint8Array, from: number, end: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  for (let at = from; at < end; ) {
    const type = bytes[at];
    const length = type === PAD_1 ? 1 : at + 1 < end ? bytes[at + 1] + 2 : 0;
    if (length === 0 || at + length > end) {
      const cut = fieldAt('ipv6.opt', 'Option', `cut or malformed, type ${type}`, at, end - at);
      fields.push({ ...cut, isWrong: true });
      return fields;
    }
    const children = [fieldAt('ipv6.opt.type', 'Type', named(NAMES, type), at, 1)];
    if (type !== PAD_1)
      children.push(fieldAt('ipv6.opt.length', 'Length', `${length - 2}`, at + 1, 1));
    const content = contentOf(bytes, type, at + 2, length - 2);
    if (content !== null) children.push(content);
    const value = [named(NAMES, type), content?.value ?? '']
      .filter((text) => text !== '')
      .join(': ');
    fields.push(fieldAt('ipv6.opt', 'Option', value, at, length, children));
    at += length;
  }
  return fields;
}

function contentOf(
  bytes: Uint8Array,
  type: number,
  at: number,
  length: number,
): ProtocolField | null {
  if (type === TUNNEL_LIMIT && length === 1)
    return fieldAt('ipv6.opt.tel', 'Limit', `${bytes[at]}`, at, 1);
  if (type === ROUTER_ALERT && length === 2)
    return fieldAt('ipv6.opt.router_alert', 'Value', `${uint16(bytes, at)}`, at, 2);
  if (type === MINIMUM_PMTU && length === 4)
    return fieldAt('ipv6.opt.pmtu.min', 'Minimum', `${uint16(bytes, at)}`, at, 2);
  if (type === JUMBO && length === 4)
    return fieldAt('ipv6.opt.jumbo', 'Length', `${uint32(bytes, at)}`, at, 4);
  if (length <= 0) return null;
  return type === PAD_N
    ? fieldAt('ipv6.opt.padn', 'Padding', `${length} bytes`, at, length)
    : fieldAt('ipv6.opt.unknown', 'Content', showBytes(bytes, at, length), at, length);
}

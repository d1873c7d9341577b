// The name of the tunnel in a sighting's encapsulation.
import { TUNNEL_KINDS } from '../model/encapsulation';

const TUNNEL = new RegExp(`\\b(${TUNNEL_KINDS.join('|')})(?: \\d+(?![.:\\da-f]))?`);

/** `vxlan 42` of `vlan 7, vxlan 42 10.0.0.1 > 10.0.0.2`; empty without a tunnel. */
export function tunnelText(encapsulation: string): string {
  const match = TUNNEL.exec(encapsulation);
  return match === null ? '' : match[0];
}

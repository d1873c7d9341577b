// Endpoints as text, taken apart: the other half of `formatEndpoint` in tuple-table.ts.

export interface Endpoint {
  readonly address: string;
  /** Null where the protocol has no ports. */
  readonly port: number | null;
}

/** `10.0.0.1:80`, `[fd00::1]:80`, or an address alone. */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    const port = Number(text.slice(close + 2));
    return { address: text.slice(1, close), port: text[close + 1] === ':' ? port : null };
  }
  const colon = text.indexOf(':');
  // An IPv6 address without port has several colons and no bracket.
  if (colon < 0 || text.includes(':', colon + 1)) return { address: text, port: null };
  return { address: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** IPv4 multicast and limited broadcast (RFC 1112, RFC 919), IPv6 multicast (RFC 4291 section 2.7). */
export function isGroupAddress(address: string): boolean {
  if (address.includes(':')) return address.toLowerCase().startsWith('ff');
  const first = Number(address.slice(0, address.indexOf('.')));
  return (first >= 224 && first < 240) || address === '255.255.255.255';
}

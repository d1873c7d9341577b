// An endpoint in less room: leading parts of the address go first, never part of a number, the port last of all.

/** `10.128.3.202:60170` → `…3.202:60170` → `…202:60170` → `:60170`, the longest with at most `room` characters; the shortest when none has so few. */
export function shortenEndpoint(endpoint: string, room: number): string {
  if (endpoint.length <= room) return endpoint;
  const portAt = findPort(endpoint);
  const address = endpoint.slice(0, portAt).replace(/[[\]]/g, '');
  const port = endpoint.slice(portAt);
  const separator = address.includes(':') ? ':' : '.';
  const parts = address.split(separator);
  for (let kept = parts.length - 1; kept > 0; kept--) {
    const short = `…${parts.slice(-kept).join(separator)}${port}`;
    if (short.length <= room) return short;
  }
  return port === '' ? `…${parts[parts.length - 1]}` : port;
}

/** Where `:port` begins; the length where there is none. A bare IPv6 address has colons of its own. */
function findPort(endpoint: string): number {
  const bracket = endpoint.lastIndexOf(']');
  if (bracket >= 0) return bracket + 1;
  const colon = endpoint.indexOf(':');
  return colon >= 0 && colon === endpoint.lastIndexOf(':') ? colon : endpoint.length;
}

// Display filters for Wireshark of what is chosen: a connection as each point saw it (NAT changes its tuple), a frame of a file.
import type { Point } from './capture';
import type { ConnectionSummary } from './connection';
import { parseEndpoint } from './endpoint';
import type { FrameReference } from './finding';
import { frameFilter } from './finding-frames';

export interface WiresharkFilter {
  /** What it shows, and of which file: `frame 7 of node-tun0.pcap`. */
  readonly name: string;
  readonly filter: string;
}

/** Protocols whose ports Wireshark has under their own name. */
const PORTED: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);

export const filterOfFrame = ({ file, frame }: FrameReference): WiresharkFilter => ({
  name: `frame ${frame} of ${file}`,
  filter: frameFilter([frame]),
});

/** Both directions between two endpoints; addresses within tunnels count too, as Wireshark takes each occurrence. */
export function filterOfTuple(protocol: string, client: string, server: string): string {
  const ends = [parseEndpoint(client), parseEndpoint(server)];
  const isArp = protocol === 'arp';
  const addresses = ends.map(({ address }) =>
    isArp
      ? `(arp.src.proto_ipv4 == ${address} || arp.dst.proto_ipv4 == ${address})`
      : `${address.includes(':') ? 'ipv6' : 'ip'}.addr == ${address}`,
  );
  const ports = ends.flatMap(({ port }) =>
    port !== null && PORTED.has(protocol) ? [`${protocol}.port == ${port}`] : [],
  );
  const named = isArp || ports.length > 0 ? [] : [nameProtocol(protocol, client)];
  return [...new Set([...addresses, ...ports, ...named])].join(' && ');
}

/** What no port tells: Wireshark's name of the protocol, or the number that we write in its place. */
function nameProtocol(protocol: string, address: string): string {
  const number = /^ip-(\d+)$/.exec(protocol)?.[1];
  if (number === undefined) return protocol;
  return `${address.includes(':') ? 'ipv6.nxt' : 'ip.proto'} == ${number}`;
}

type Legged = Pick<ConnectionSummary, 'protocol' | 'legs'>;

/** The connections at each point that saw one, in the order of their ways; several tuples there (before and after NAT) are joined. */
export const filtersOfPoints = (
  connections: readonly (Legged & Pick<ConnectionSummary, 'points'>)[],
  points: readonly Point[],
): readonly { readonly point: Point; readonly filter: string }[] =>
  [...new Set(connections.flatMap((connection) => connection.points))].flatMap((id) => {
    const point = points.find((one) => one.id === id);
    if (point === undefined) return [];
    const there = connections.map(({ protocol, legs }) => ({
      protocol,
      legs: legs.filter((leg) => leg.point === id),
    }));
    const filter = filterOfLegs(there);
    return filter === '' ? [] : [{ point, filter }];
  });

/** The connections in any file, or in all of them merged: every tuple that they have on their way. Empty without legs. */
export function filterOfLegs(connections: readonly Legged[]): string {
  const tuples = new Set(
    connections.flatMap(({ protocol, legs }) =>
      legs.map(({ client, server }) => filterOfTuple(protocol, client, server)),
    ),
  );
  return tuples.size === 1 ? [...tuples][0] : [...tuples].map((one) => `(${one})`).join(' || ');
}

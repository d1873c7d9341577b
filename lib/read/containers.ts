// The table of container readers: a new format is a row here.
import type { ContainerReader, FrameSink } from './container-reader';
import { isPcap, PcapReader } from './pcap';
import { isPcapng, PcapngReader } from './pcapng';

interface Container {
  readonly name: string;
  readonly matches: (head: Uint8Array) => boolean;
  readonly create: (head: Uint8Array, sink: FrameSink) => ContainerReader;
}

export const CONTAINERS: readonly Container[] = [
  {
    name: 'pcap (micro- and nanoseconds, both byte orders, all patched variants)',
    matches: isPcap,
    create: (head, sink) => new PcapReader(head, sink),
  },
  {
    name: 'pcapng (several sections and interfaces, names, comments, drop counts)',
    matches: isPcapng,
    create: (_, sink) => new PcapngReader(sink),
  },
];

/** The reader for a file that begins with `head`; undefined where it is none of ours. */
export const findContainerReader = (
  head: Uint8Array,
  sink: FrameSink,
): ContainerReader | undefined =>
  CONTAINERS.find(({ matches }) => matches(head))?.create(head, sink);

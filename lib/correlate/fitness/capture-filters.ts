// Filters that captures were taken with, as pcapng keeps them (if_filter), and what such a filter hides when it names an address that is translated.
import ipaddr from 'ipaddr.js';
import type { Correlation } from '../correlate';

export interface CaptureFilter {
  readonly text: string;
  /** Connections that have packets with an address that the filter names, and others without any: these never came into the file. */
  readonly hidden: number;
}

type Network = ReturnType<typeof ipaddr.parseCIDR>;

const ADDRESS =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]*:[\da-f:.]*)(?:\/\d{1,3})?(?![\w.:])/gi;
/** What a filter leaves out by negation is another matter than what it asks for. */
const NEGATED = /(^|[\s(])(not\b|!)/i;

/** Addresses and networks that the filter asks for. */
function namedNetworks(filter: string): readonly Network[] {
  if (NEGATED.test(filter)) return [];
  return (filter.match(ADDRESS) ?? []).flatMap((text): Network[] => {
    const [address, length] = text.split('/');
    if (!ipaddr.isValid(address)) return [];
    const parsed = ipaddr.parse(address);
    const whole = parsed.kind() === 'ipv4' ? 32 : 128;
    return [[parsed, Math.min(whole, Number(length ?? whole))]];
  });
}

/** Filters of the capture that `lead` leads. */
export function findFilters(correlation: Correlation, lead: number): readonly CaptureFilter[] {
  const { summary } = correlation.input.captures[lead];
  const texts = new Set(summary.interfaces.flatMap(({ details }) => details?.filter?.trim() || []));
  return [...texts].map((text) => ({
    text,
    hidden: countHidden(correlation, namedNetworks(text)),
  }));
}

function countHidden({ input, legs, connections }: Correlation, named: readonly Network[]): number {
  if (named.length === 0) return 0;
  const { tuples } = input;
  const known = new Map<number, boolean>();
  const isNamed = (address: number): boolean => {
    let answer = known.get(address);
    if (answer === undefined) {
      const parsed = ipaddr.parse(tuples.addressName(address));
      answer = named.some(
        ([network, length]) => network.kind() === parsed.kind() && parsed.match(network, length),
      );
      known.set(address, answer);
    }
    return answer;
  };
  let hidden = 0;
  for (let connection = 0; connection < connections.count; connection += 1) {
    let asked = false;
    let others = false;
    for (
      let l = connections.firstLeg[connection];
      l < connections.firstLeg[connection + 1];
      l += 1
    ) {
      const tuple = legs.tuple[connections.legs[l]] * 2;
      if (isNamed(tuples.sourceAddress(tuple)) || isNamed(tuples.destinationAddress(tuple)))
        asked = true;
      else others = true;
    }
    if (asked && others) hidden += 1;
  }
  return hidden;
}

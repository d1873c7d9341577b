// Numbers for link contexts (lib/model/capture.ts): what frames share below IP. Kept as numbers while parsing, made into objects once per block.
import type { LinkContext, ShellName, Tunnel } from '../model/capture';
import { SHELL_NAMES, TUNNEL_KINDS } from '../model/encapsulation';
import { formatAddress, formatMac } from './address-text';
import { uint16, uint32 } from './bytes';
import {
  type DecodedFrame,
  NO_IDENTIFIER,
  NO_IFINDEX,
  TUNNEL_VXLAN,
  TUNNEL_VXLAN_GPE,
} from './decoded-frame';
import { InternTable } from './intern-table';
import type { TupleInterner } from './tuple-interner';

// Columns of a row of `links`.
const INTERFACE = 0;
const IFINDEX = 1;
const DIRECTION = 2;
const SOURCE_HIGH = 3;
const SOURCE_LOW = 4;
const DESTINATION_HIGH = 5;
const DESTINATION_LOW = 6;
const VLANS = 7;
const TUNNELS = 8;
/** Alike frames of one moment before this one, where the link names no interface. */
const OCCURRENCE = 9;
const LABELS = 10;
/** PPPoE's, plus 1. */
const SESSION = 11;
/** As DecodedFrame has it; 0: as usual. */
const SHELLS = 12;
const LINK_WIDTH = 13;

/** In SOURCE_HIGH and DESTINATION_HIGH, whose addresses have 16 bits there: none. */
const NO_MAC = 0x10000;
/** The `link` column has 16 bits. Beyond this many contexts the MACs are left out, which leaves room for the rest. */
const CONTEXTS_WITH_MACS = 60_000;
const MAXIMUM_CONTEXTS = 65_536;
/** Words of different options of tunnels. Some carry a time or a counter of each packet (in-band telemetry), which would make each packet's link another. */
const MOST_OPTION_WORDS = 4096;

const POLICY_APPLIED = 0x0008_0000;
const NOT_LEARNED = 0x0040_0000;

const DIRECTIONS = ['unknown', 'in', 'out', 'unknown'] as const;

export class LinkInterner {
  /** MACs had to be left out of some contexts, or contexts of some frames are another's. */
  exceeded = false;
  /** Options of tunnels had to be left out. */
  optionsExceeded = false;
  private readonly links = new InternTable(LINK_WIDTH);
  /** Lists from their end: rows [number of the list before + 1, …]; list 0 is empty. */
  private readonly lists = new InternTable(2);
  private readonly tunnelLists = new InternTable(6);
  private readonly key = new Uint32Array(LINK_WIDTH);
  private readonly listKey = new Uint32Array(2);
  private readonly tunnelKey = new Uint32Array(6);
  private taken = 0;

  constructor(private readonly addresses: TupleInterner) {}

  /** Number of the frame's context; `direction` is what the container said, the link's own word counts more. */
  intern(
    bytes: Uint8Array,
    frame: DecodedFrame,
    interfaceIndex: number,
    direction: number,
    occurrence = 0,
  ): number {
    const { key } = this;
    key[OCCURRENCE] = occurrence;
    key[INTERFACE] = interfaceIndex;
    key[IFINDEX] = frame.ifindex;
    key[DIRECTION] = frame.direction === 0 ? direction : frame.direction;
    const withMacs = this.links.count < CONTEXTS_WITH_MACS;
    this.setMac(bytes, withMacs ? frame.sourceMac : -1, SOURCE_HIGH);
    this.setMac(bytes, withMacs ? frame.destinationMac : -1, DESTINATION_HIGH);
    key[VLANS] = frame.vlanCount === 0 ? 0 : this.internList(frame.vlans, frame.vlanCount);
    key[LABELS] = frame.labelCount === 0 ? 0 : this.internList(frame.labels, frame.labelCount);
    key[TUNNELS] = frame.tunnelCount === 0 ? 0 : this.internTunnels(bytes, frame);
    key[SESSION] = frame.session + 1;
    key[SHELLS] = frame.hasInnerTags ? frame.shellOrder : 0;
    if (!withMacs) this.exceeded = true;
    if (this.links.count >= MAXIMUM_CONTEXTS) return 0;
    return this.links.intern(key);
  }

  /** Contexts interned since the call before. */
  take(): LinkContext[] {
    const contexts: LinkContext[] = [];
    for (; this.taken < this.links.count; this.taken++) contexts.push(this.contextOf(this.taken));
    return contexts;
  }

  private setMac(bytes: Uint8Array, at: number, column: number): void {
    this.key[column] = at < 0 ? NO_MAC : uint16(bytes, at);
    this.key[column + 1] = at < 0 ? 0 : uint32(bytes, at + 2);
  }

  private internList(numbers: Uint16Array | Uint32Array, count: number): number {
    let list = 0;
    for (let i = 0; i < count; i++) list = this.extendList(list, numbers[i]);
    return list;
  }

  private extendList(list: number, value: number): number {
    this.listKey[0] = list;
    this.listKey[1] = value;
    return this.lists.intern(this.listKey) + 1;
  }

  /** Options of tunnel `index`, as a list of their words. */
  private internOptions(bytes: Uint8Array, frame: DecodedFrame, index: number): number {
    const words = frame.tunnelOptionWords[index];
    if (words === 0) return 0;
    if (this.lists.count > MOST_OPTION_WORDS) {
      this.optionsExceeded = true;
      return 0;
    }
    let list = 0;
    for (let word = 0; word < words; word++)
      list = this.extendList(list, uint32(bytes, frame.tunnelOptions[index] + word * 4));
    return list;
  }

  private internTunnels(bytes: Uint8Array, frame: DecodedFrame): number {
    const { tunnelKey } = this;
    let list = 0;
    for (let i = 0; i < frame.tunnelCount; i++) {
      const family = frame.tunnelFamilies[i];
      tunnelKey[0] = list;
      tunnelKey[1] = frame.tunnelKinds[i];
      tunnelKey[2] = frame.tunnelIdentifiers[i];
      tunnelKey[3] = this.addresses.internAddress(bytes, frame.tunnelSources[i], family);
      tunnelKey[4] = this.addresses.internAddress(bytes, frame.tunnelDestinations[i], family);
      tunnelKey[5] = this.internOptions(bytes, frame, i);
      list = this.tunnelLists.intern(tunnelKey) + 1;
    }
    return list;
  }

  private contextOf(row: number): LinkContext {
    const { links } = this;
    const ifindex = links.get(row, IFINDEX);
    const labels = links.get(row, LABELS);
    const session = links.get(row, SESSION);
    const shells = links.get(row, SHELLS);
    return {
      interface: links.get(row, INTERFACE),
      ifindex: ifindex === NO_IFINDEX ? null : ifindex,
      direction: DIRECTIONS[links.get(row, DIRECTION)],
      sourceMac: macText(links.get(row, SOURCE_HIGH), links.get(row, SOURCE_LOW)),
      destinationMac: macText(links.get(row, DESTINATION_HIGH), links.get(row, DESTINATION_LOW)),
      vlans: this.listOf(links.get(row, VLANS)),
      ...(labels === 0 ? {} : { labels: this.listOf(labels) }),
      ...(session === 0 ? {} : { session: session - 1 }),
      tunnels: this.tunnelsOf(links.get(row, TUNNELS)),
      ...(shells === 0 ? {} : { shells: shellNames(shells) }),
      occurrence: links.get(row, OCCURRENCE),
    };
  }

  private listOf(last: number): number[] {
    const numbers: number[] = [];
    for (let list = last; list !== 0; list = this.lists.get(list - 1, 0))
      numbers.unshift(this.lists.get(list - 1, 1));
    return numbers;
  }

  private tunnelsOf(last: number): Tunnel[] {
    const { tunnelLists } = this;
    const tunnels: Tunnel[] = [];
    for (let list = last; list !== 0; list = tunnelLists.get(list - 1, 0)) {
      const row = list - 1;
      const identifier = tunnelLists.get(row, 2);
      const options = tunnelLists.get(row, 5);
      const kind = tunnelLists.get(row, 1);
      tunnels.unshift({
        kind: TUNNEL_KINDS[kind],
        identifier: identifier === NO_IDENTIFIER ? null : identifier,
        source: this.addressText(tunnelLists.get(row, 3)),
        destination: this.addressText(tunnelLists.get(row, 4)),
        ...(kind === TUNNEL_VXLAN_GPE ? { generic: true } : {}),
        ...(options === 0 ? {} : keptWords(kind, this.listOf(options))),
      });
    }
    return tunnels;
  }

  private addressText(row: number): string {
    const entry = new Uint8Array(17);
    this.addresses.writeAddress(entry, 0, row);
    return formatAddress(entry, 1, entry[0]);
  }
}

function macText(high: number, low: number): string | null {
  if (high === NO_MAC) return null;
  const bytes = new Uint8Array(6);
  new DataView(bytes.buffer).setUint16(0, high);
  new DataView(bytes.buffer).setUint32(2, low);
  return formatMac(bytes, 0);
}

/** Below the leading one, outermost first. */
function shellNames(order: number): ShellName[] {
  const names: ShellName[] = [];
  for (let rest = order; rest > 1; rest >>>= 2) names.unshift(SHELL_NAMES[rest & 3]);
  return names;
}

/** What the words of a tunnel's header say: VXLAN's first, with a group policy (draft-smith-vxlan-group-policy section 2.1), or Geneve's options. */
function keptWords(kind: number, words: readonly number[]): Pick<Tunnel, 'group' | 'options'> {
  if (kind !== TUNNEL_VXLAN) return { options: optionsText(words) };
  const [word] = words;
  return {
    group: {
      id: word & 0xffff,
      applied: (word & POLICY_APPLIED) !== 0,
      unlearned: (word & NOT_LEARNED) !== 0,
    },
  };
}

/** Options of Geneve (RFC 8926 section 3.5) from their words: class, type and data in hex digits. */
function optionsText(words: readonly number[]): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const options: string[] = [];
  for (let at = 0; at < words.length; ) {
    const head = words[at];
    const data = words.slice(at + 1, at + 1 + (head & 0x1f));
    const parts = [hex(head >>> 16, 4), hex((head >>> 8) & 0xff, 2)];
    if (data.length > 0) parts.push(data.map((word) => hex(word, 8)).join(''));
    options.push(parts.join('-'));
    at += 1 + (head & 0x1f);
  }
  return options.join('+');
}

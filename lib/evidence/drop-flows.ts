// Flows that drop, of the switch's tables and of its datapath, as counters of the packets that met them.
export type Take = (name: string, value: number) => void;

/** `ovs-ofctl dump-flows`: flows that drop, named by table and match. */
export function dropFlow(line: string, take: Take): boolean {
  const found = /\b(table=\d+), n_packets=(\d+), .*?(priority=\S+) actions=drop$/.exec(line);
  if (found === null) return false;
  take(`flow ${found[1]},${found[3]} actions=drop`, Number(found[2]));
  return true;
}

/** What a field of a datapath flow without a mask, or with one that ignores all of it, looks like: it says nothing. */
const WILDCARD = /\/(?:0|0\.0\.0\.0|00:00:00:00:00:00|::)(?=[,)]|$)/;
/** Fields that tell a reader which packets meet the flow. */
const TELLING = ['ct_state', 'in_port', 'ipv4', 'ipv6', 'tcp', 'udp'];
/** Bits of ct_state, as the kernel numbers them. */
const STATES = ['new', 'est', 'rel', 'rpl', 'inv', 'trk', 'snat', 'dnat'];

/** `ovs-dpctl dump-flows -m`: `…, packets:3, bytes:222, used:0.950s, flags:S, dp:ovs, actions:drop` */
export function datapathDrop(line: string, take: Take): boolean {
  const found = /\bpackets:(\d+), bytes:\d+, .*\bactions:drop(?:,|$)/.exec(line);
  if (found === null) return false;
  const match = line.slice(0, found.index);
  const fields = TELLING.flatMap((field) => {
    const value = new RegExp(`\\b${field}\\(([^)]*)\\)`).exec(match)?.[1];
    if (value === undefined) return [];
    if (field === 'ct_state') return stateOf(value) ?? [];
    const told = value
      .split(',')
      .filter((part) => !WILDCARD.test(part) && /^(src|dst|proto)=|^[^=]+$/.test(part));
    return told.length === 0 ? [] : [`${field}(${told.join(',')})`];
  });
  take(`datapath flow ${fields.join(',')} actions=drop`, Number(found[1]));
  return true;
}

/** `0x30/0x33` and `+inv+trk-new-est`, as the latter; undefined: it matches on no state. */
function stateOf(value: string): string | undefined {
  if (/^[+-]/.test(value)) return `ct_state=${value}`;
  const [bits, mask = '0xff'] = value.split('/');
  const [set, cared] = [Number(bits), Number(mask)];
  if (!Number.isInteger(set) || !Number.isInteger(cared) || cared === 0) return undefined;
  const told = (isSet: boolean): string =>
    STATES.filter((_, bit) => (cared >> bit) & 1 && ((set >> bit) & 1) === Number(isSet))
      .map((name) => `${isSet ? '+' : '-'}${name}`)
      .join('');
  return `ct_state=${told(true)}${told(false)}`;
}

// Interfaces out of what `ip address` and `ip link` print: as text, one line each (`-o`), with details (`-d`), in colour, and as JSON (`-j`).
import type { InterfaceList, InterfaceRecord } from '../model/evidence';

/** `4: veth5b024d2c@if2: <BROADCAST,UP> mtu 1450 …`, and `-o`'s `6: tun0    inet 10.128.2.1/23 …`. */
const HEAD =
  /^(\d{1,10}): ([^\s:@]{1,64})(?:@[^\s:]+)?(?:: <[A-Z0-9_,-]*> mtu \d| +(?:inet6?|link)[ /])/;
const MAC = /\blink\/\S+ ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b/;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const NO_MAC = '00:00:00:00:00:00';

interface Draft {
  readonly ifindex: number;
  readonly name: string;
  mac: string | null;
}

/** Lists of interfaces in `text`, one for each namespace; none where it holds no such output. */
export function parseIpInterfaces(text: string): readonly InterfaceList[] {
  return /^\s*\[/.test(text) ? parseJson(text) : parseLines(text);
}

function parseLines(text: string): readonly InterfaceList[] {
  const lists: Map<number, Draft>[] = [];
  let current: Draft | null = null;
  for (const line of text.replace(COLOURS, '').split(/\r?\n/)) {
    const head = HEAD.exec(line);
    if (head !== null) current = takeHead(lists, Number(head[1]), head[2]);
    // What is not indented belongs to no interface.
    else if (!/^\s/.test(line)) current = null;
    const mac = current?.mac === null ? MAC.exec(line)?.[1] : undefined;
    if (current !== null && mac !== undefined && mac !== NO_MAC) current.mac = mac;
  }
  return lists.map((list) => [...list.values()]);
}

/** A number that comes again under another name begins the list of another namespace. */
function takeHead(lists: Map<number, Draft>[], ifindex: number, name: string): Draft {
  const known = lists.at(-1)?.get(ifindex);
  if (known?.name === name) return known;
  if (lists.length === 0 || known !== undefined) lists.push(new Map());
  const draft: Draft = { ifindex, name, mac: null };
  lists.at(-1)?.set(ifindex, draft);
  return draft;
}

function parseJson(text: string): readonly InterfaceList[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  const list = new Map<number, InterfaceRecord>();
  for (const entry of value) {
    const record = recordOf(entry);
    if (record !== null) list.set(record.ifindex, record);
  }
  return list.size === 0 ? [] : [[...list.values()]];
}

function recordOf(entry: unknown): InterfaceRecord | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { ifindex, ifname, address } = entry as Readonly<Record<string, unknown>>;
  if (typeof ifindex !== 'number' || !Number.isSafeInteger(ifindex)) return null;
  if (typeof ifname !== 'string' || ifname.length > 64) return null;
  const hasMac =
    typeof address === 'string' && address !== NO_MAC && MAC.test(`link/ether ${address}`);
  return { ifindex, name: ifname, mac: hasMac ? address : null };
}

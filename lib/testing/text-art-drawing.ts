// The syntax of text-art.ts: endpoints, settings, lanes and rows as values. What packets they become is decided there.

export type ArtLink = 'ethernet' | 'vxlan' | 'raw' | 'sll' | 'sll2';
export type ArtTuple = readonly [source: string, destination: string];

export interface ArtRow {
  readonly line: number;
  readonly seconds: number;
  readonly fromLeft: boolean;
  readonly connection: string;
  /** tcpdump's letters: `S`, `S.`, `P.`. */
  readonly flags: string;
  readonly length: number;
  readonly again: boolean;
  /** A SYN with an initial sequence number of its own. */
  readonly renewed: boolean;
  /** Numbers of its own instead of the drawing's. */
  readonly sequence: number | null;
  readonly acknowledgement: number | null;
  /** It never reached the other end: some cell says `~`. */
  readonly lost: boolean;
  /** By lane, every lane; empty where the packet was not seen. */
  readonly cells: ReadonlyMap<string, readonly ArtTuple[]>;
}

export interface Drawing {
  readonly lanes: readonly string[];
  readonly rows: readonly ArtRow[];
  readonly hopNs: number;
  readonly clocksNs: ReadonlyMap<string, number>;
  readonly links: ReadonlyMap<string, ArtLink>;
  readonly shifts: readonly ArtShift[];
}

/** Numbers that one end chose, as one lane shows them: so much more than that end did. */
export interface ArtShift {
  readonly lane: string;
  readonly end: 'left' | 'right';
  readonly kind: 'sequence' | 'stamps';
  readonly by: number;
}

const FLAGS: Readonly<Record<string, string>> = {
  S: 'S',
  SA: 'S.',
  A: '.',
  P: 'P.',
  F: 'F.',
  FA: 'F.',
  R: 'R',
  RA: 'R.',
};
const LINKS: readonly string[] = ['ethernet', 'vxlan', 'raw', 'sll', 'sll2'];
const UNITS: Readonly<Record<string, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 };

const ENDPOINT = /^(\w+)\s*=\s*(\S+:\d+)$/;
const HOP = /^hop\s+([\d.]+)(s|ms|us|ns)$/;
const CLOCK = /^clock\s+(\w[\w-]*)\s+([+-]?[\d.]+)(s|ms|us|ns)$/;
const SHIFT = /^shift\s+(\w[\w-]*)\s+(left|right)\s+(sequence|stamps)\s+([+-]\d+)$/;
const LINK = /^link\s+(\w[\w-]*)\s+(\w+)$/;
const ROW =
  /^([\d.]+)\s*([<>])\s*(?:(\w+):)?([A-Z]+)(?:\/(\d+))?(\*?)(?:\s+(new))?(?:\s+seq=(\d+))?(?:\s+ack=(\d+))?$/;

export function parseDrawing(text: string): Drawing {
  const endpoints = new Map<string, string>();
  const clocksNs = new Map<string, number>();
  const links = new Map<string, ArtLink>();
  const shifts: ArtShift[] = [];
  const rows: ArtRow[] = [];
  let hopNs = 20_000;
  let lanes: readonly string[] = [];
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\s+#.*$/, '').trim();
    if (line === '' || line.startsWith('#')) return;
    const [head, ...cells] = line.split('|').map((part) => part.trim());
    if (cells.length > 0) {
      if (lanes.length === 0) lanes = cells;
      else rows.push(parseRow(index + 1, head, cells, lanes, endpoints));
      return;
    }
    const shift = line.match(SHIFT);
    if (shift) {
      const [, lane, end, kind, by] = shift;
      shifts.push({ lane, end, kind, by: Number(by) } as ArtShift);
    } else if (!takeSetting(line, endpoints, clocksNs, links)) {
      const hop = line.match(HOP);
      if (hop === null) throw new Error(`line ${index + 1}: not understood: ${line}`);
      hopNs = Number(hop[1]) * UNITS[hop[2]];
    }
  });
  return { lanes, rows, hopNs, clocksNs, links, shifts };
}

/** Endpoints, clocks and links; false where the line is none of these. */
function takeSetting(
  line: string,
  endpoints: Map<string, string>,
  clocksNs: Map<string, number>,
  links: Map<string, ArtLink>,
): boolean {
  const endpoint = line.match(ENDPOINT);
  const clock = line.match(CLOCK);
  const link = line.match(LINK);
  if (endpoint) endpoints.set(endpoint[1], endpoint[2]);
  else if (clock) clocksNs.set(clock[1], Math.round(Number(clock[2]) * UNITS[clock[3]]));
  else if (link && LINKS.includes(link[2])) links.set(link[1], link[2] as ArtLink);
  else return false;
  return true;
}

function parseRow(
  line: number,
  head: string,
  cells: readonly string[],
  lanes: readonly string[],
  endpoints: ReadonlyMap<string, string>,
): ArtRow {
  const match = head.match(ROW);
  if (match === null || !(match[4] in FLAGS)) throw new Error(`line ${line}: no packet: ${head}`);
  if (cells.length !== lanes.length)
    throw new Error(`line ${line}: ${cells.length} cells for ${lanes.length} lanes`);
  const [, seconds, arrow, connection, flags, length, again, renewed, sequence, acknowledgement] =
    match;
  const row: ArtRow = {
    line,
    seconds: Number(seconds),
    fromLeft: arrow === '>',
    connection: connection ?? 'a',
    flags: FLAGS[flags],
    length: Number(length ?? 0),
    again: again === '*',
    renewed: renewed === 'new',
    sequence: sequence === undefined ? null : Number(sequence),
    acknowledgement: acknowledgement === undefined ? null : Number(acknowledgement),
    lost: cells.some((cell) => cell.includes('~')),
    cells: new Map(lanes.map((lane, index) => [lane, parseCell(line, cells[index], endpoints)])),
  };
  if ([...row.cells.values()].every((tuples) => tuples.length === 0))
    throw new Error(`line ${line}: seen nowhere`);
  return row;
}

function parseCell(
  line: number,
  cell: string,
  endpoints: ReadonlyMap<string, string>,
): readonly ArtTuple[] {
  return cell
    .split(/\s+/)
    .filter((word) => word !== '-' && word !== '~' && word !== '')
    .map((word): ArtTuple => {
      const [source, destination] = word.split('>').map((name) => endpoints.get(name));
      if (source === undefined || destination === undefined)
        throw new Error(`line ${line}: unknown endpoint in ${word}`);
      return [source, destination];
    });
}

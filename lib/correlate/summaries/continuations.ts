// "Possibly continues as": the other side of a proxy, offered with its grounds and never joined. What links two connections is an address: one ends
// at it and the other begins there, or both have the client's end in common; then times, and what both carried, must fit.
import { formatDuration } from '../../base/time';
import type { ConnectionSummary } from '../../model/connection';
import type { Continuation } from '../../model/continuation';
import { parseEndpoint } from '../../model/endpoint';
import { PROTOCOL_TCP } from '../../model/protocols';
import type { Correlation } from '../correlate';
import { captureOfRow } from '../input/input';

/** Payloads looked at for equal contents, of each direction: a proxy shows itself in its first requests. */
const CONTENTS_LOOKED_AT = 16;
/** Shorter payloads repeat by chance. */
const TELLING_PAYLOAD = 12;
/** Bytes that the payload digest covers (lib/wire). */
const DIGEST_BYTES = 64;
/** Equal byte counts below this are no ground: a greeting has as many. */
const TELLING_BYTES = 64;
/** Both sides of a proxy end within this of each other: longer than a proxy lingers, shorter than the timeouts it closes idle ones by. */
const CLOSE_SPAN_NS = 1e9;
/** Connections opened within one are tried in order of time; no more than these. */
const MOST_CANDIDATES = 64;

/** What one connection carried. */
interface Carried {
  readonly bytes: readonly [number, number];
  /** Contents by direction. */
  readonly contents: ReadonlySet<string>;
  /** Capture of the first sighting. */
  readonly capture: number;
}

/** `connections`: summaries in the order of `correlation.order`. Answers for one connection at a time, by its position. */
export class Continuations {
  private readonly carried = new Map<number, Carried>();
  /** Positions of TCP connections by the client's address, and by its address and port, in order of time. */
  private byClient: Map<string, number[]> | undefined;
  private byServer: Map<string, number[]> | undefined;

  constructor(
    private readonly correlation: Correlation,
    private readonly connections: readonly ConnectionSummary[],
  ) {}

  of(position: number): readonly Continuation[] {
    const own = this.connections[position];
    if (own?.protocol !== 'tcp') return [];
    this.buildIndex();
    const clients = addressesOf(own, 'client');
    const servers = addressesOf(own, 'server');
    const sameEnd = this.lookUp(this.byClient, [endOf(own)]);
    const behind = [...this.lookUp(this.byClient, servers), ...sameEnd];
    const before = [...this.lookUp(this.byServer, clients), ...sameEnd];
    return [
      ...this.weigh(position, behind, (other) => this.compare(position, other), 'behind'),
      ...this.weigh(position, before, (other) => this.compare(other, position), 'before'),
    ];
  }

  private weigh(
    position: number,
    candidates: readonly number[],
    compare: (other: number) => Comparison | undefined,
    side: Continuation['side'],
  ): Continuation[] {
    const { firstTime } = this.connections[position];
    const near = [...new Set(candidates)]
      .filter((other) => other !== position)
      .sort(
        (a, b) =>
          Math.abs(this.connections[a].firstTime - firstTime) -
            Math.abs(this.connections[b].firstTime - firstTime) || a - b,
      )
      .slice(0, MOST_CANDIDATES);
    const fitting = near.flatMap((other) => {
      const found = compare(other);
      return found === undefined ? [] : [{ other, ...found }];
    });
    const strong = fitting.filter(({ alike }) => alike);
    // Times alone: only where no other connection fits as well.
    const offered = strong.length > 0 ? strong : fitting.length === 1 ? fitting : [];
    return offered.map(({ other, grounds }) => {
      const { id, client, server } = this.connections[other];
      return { connection: id, client, server, side, grounds };
    });
  }

  /** What speaks for the second being opened by a proxy for the first; undefined when something speaks against it. */
  private compare(first: number, second: number): Comparison | undefined {
    const [outer, inner] = [this.connections[first], this.connections[second]];
    const [carriedOuter, carriedInner] = [this.carriedBy(first), this.carriedBy(second)];
    const error = this.correlation.clocks.errorBetween(carriedOuter.capture, carriedInner.capture);
    const grounds = [linkText(outer, inner)];
    const alike: string[] = [];
    const contents = [...carriedOuter.contents].filter((one) => carriedInner.contents.has(one));
    if (contents.length > 0)
      alike.push(
        `${contents.length === 1 ? 'one payload is' : `${contents.length} payloads are`} alike in the first ${DIGEST_BYTES} bytes`,
      );
    const [up, down] = carriedOuter.bytes;
    const sameBytes = up === carriedInner.bytes[0] && down === carriedInner.bytes[1];
    if (sameBytes && Math.min(up, down) > 0 && up + down >= TELLING_BYTES)
      alike.push(`both carry ${up} bytes there and ${down} back`);
    if (error === null) {
      // Nothing bounds these clocks: what was carried must say it twice.
      return alike.length === 2 ? { grounds: [...grounds, ...alike], alike: true } : undefined;
    }
    const opened = inner.firstTime - outer.firstTime;
    // Of one that was not seen to end, the next packet may be yet to come.
    const alive = outer.close === 'open' ? CLOSE_SPAN_NS : 0;
    if (opened < -error || inner.firstTime > outer.lastTime + alive + error) return undefined;
    grounds.push(`it opens ${formatDuration(Math.max(0, opened))} later`);
    const closed = inner.lastTime - outer.lastTime;
    const closes =
      Math.abs(closed) <= CLOSE_SPAN_NS + error && outer.close !== 'open' && inner.close !== 'open';
    if (closes) grounds.push(`they end within ${formatDuration(Math.abs(closed))} of each other`);
    return alike.length > 0 || closes
      ? { grounds: [...grounds, ...alike], alike: alike.length > 0 }
      : undefined;
  }

  private carriedBy(position: number): Carried {
    let carried = this.carried.get(position);
    if (carried === undefined) {
      carried = readCarried(this.correlation, this.correlation.order[position]);
      this.carried.set(position, carried);
    }
    return carried;
  }

  private lookUp(
    index: ReadonlyMap<string, readonly number[]> | undefined,
    keys: Iterable<string>,
  ): number[] {
    return [...keys].flatMap((key) => index?.get(key) ?? []);
  }

  private buildIndex(): void {
    if (this.byClient !== undefined) return;
    this.byClient = new Map();
    this.byServer = new Map();
    for (let position = 0; position < this.connections.length; position += 1) {
      const connection = this.connections[position];
      if (connection.protocol !== 'tcp') continue;
      for (const address of addressesOf(connection, 'client'))
        put(this.byClient, address, position);
      put(this.byClient, endOf(connection), position);
      for (const address of addressesOf(connection, 'server'))
        put(this.byServer, address, position);
    }
  }
}

interface Comparison {
  readonly grounds: readonly string[];
  /** What they carried is alike, not only their times. */
  readonly alike: boolean;
}

const put = (index: Map<string, number[]>, key: string, position: number): void => {
  const list = index.get(key);
  if (list) list.push(position);
  else index.set(key, [position]);
};

/** Client's address and port where its packets begin. */
const endOf = ({ client }: ConnectionSummary): string => `end ${client}`;

const addressesOf = (connection: ConnectionSummary, end: 'client' | 'server'): Set<string> =>
  new Set(
    [connection[end], ...connection.legs.map((leg) => leg[end])].map(
      (text) => parseEndpoint(text).address,
    ),
  );

function linkText(outer: ConnectionSummary, inner: ConnectionSummary): string {
  const clients = addressesOf(inner, 'client');
  const shared = [...addressesOf(outer, 'server')].find((address) => clients.has(address));
  return shared === undefined
    ? `both have the client’s end ${outer.client}`
    : `${shared} ends the one and begins the other`;
}

function readCarried(correlation: Correlation, connection: number): Carried {
  const { journeys, input, connections } = correlation;
  const bytes: [number, number] = [0, 0];
  const contents = new Set<string>();
  const looked = [0, 0];
  const from = journeys.firstJourney[connection];
  const isTcp = connections.protocol[connection] === PROTOCOL_TCP;
  for (let j = from; isTcp && j < journeys.firstJourney[connection + 1]; j += 1) {
    const length = (journeys.bytes.end(j) - journeys.bytes.start(j)) | 0;
    const direction = journeys.direction[j];
    if (length <= 0 || journeys.retransmission[j] === 1) continue;
    bytes[direction] += length;
    if (length < TELLING_PAYLOAD || looked[direction] >= CONTENTS_LOOKED_AT) continue;
    looked[direction] += 1;
    const globalRow = journeys.sightingRow[journeys.firstSighting[j]];
    const capture = captureOfRow(input, globalRow);
    const { table } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const digest = table.get('payloadDigest', row);
    const covered = Math.min(DIGEST_BYTES, table.payloadLength(row));
    if (digest !== 0) contents.add(`${direction} ${covered} ${digest}`);
  }
  const firstRow = journeys.sightingRow[journeys.firstSighting[from]];
  return { bytes, contents, capture: captureOfRow(input, firstRow) };
}

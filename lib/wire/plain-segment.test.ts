// The short way of plain TCP segments makes the rows that the decoders make: over frames of all kinds, cut and damaged ones among them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKET_COLUMNS, type PacketColumns, viewPacketColumns } from '../model/packet-columns';
import { tcpFrame, udpFrame, vxlanFrame } from '../testing/frame-builder';
import { BlockBuilder } from './block-builder';
import { LINK_ETHERNET } from './link-types';
import { PlainSegments } from './plain-segment';

interface Record {
  readonly bytes: Uint8Array;
  readonly captured: number;
  readonly wire: number;
}

const NAMES = Object.keys(PACKET_COLUMNS) as (keyof PacketColumns)[];

/** Rows of the frames, and what was interned, as plain numbers. */
function build(records: readonly Record[]): unknown {
  const builder = new BlockBuilder();
  records.forEach(({ bytes, captured, wire }, i) => {
    builder.time = i * 1000;
    builder.offset = i;
    builder.frame(bytes, 0, captured, wire, i % 2, LINK_ETHERNET, i % 3, 0);
  });
  builder.finish();
  const [block] = builder.takeBlocks();
  const columns = viewPacketColumns(block.buffer);
  return {
    rows: records.map((_, row) =>
      Object.fromEntries(NAMES.map((name) => [name, columns[name][row]])),
    ),
    addresses: [...block.addresses],
    tuples: [...block.tuples],
    links: block.links,
    sparse: Object.values(block.sparse).map((values) => [...values]),
  };
}

/** How many of the frames the short way took. */
function countPlain(records: readonly Record[]): number {
  const { write } = PlainSegments.prototype;
  let taken = 0;
  PlainSegments.prototype.write = function (this: PlainSegments, ...parameters) {
    const done = write.apply(this, parameters);
    if (done) taken += 1;
    return done;
  };
  try {
    build(records);
  } finally {
    PlainSegments.prototype.write = write;
  }
  return taken;
}

function buildWithDecoders(records: readonly Record[]): unknown {
  const { write } = PlainSegments.prototype;
  PlainSegments.prototype.write = () => false;
  try {
    return build(records);
  } finally {
    PlainSegments.prototype.write = write;
  }
}

const REQUEST = new TextEncoder().encode('GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n');
const ANSWER = new TextEncoder().encode('HTTP/1.1 200 OK\r\n\r\n');
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '192.0.2.7');
const address6 = fc.constantFrom('fd00::1', 'fd00::2', '2001:db8::7');
const ends = fc
  .tuple(fc.boolean(), address, address, address6, address6)
  .chain(([isSix, source, destination, source6, destination6]) =>
    fc.tuple(fc.constantFrom(80, 443, 40_000), fc.constantFrom(80, 50_000)).map(([from, to]) => ({
      source: isSix ? `[${source6}]:${from}` : `${source}:${from}`,
      destination: isSix ? `[${destination6}]:${to}` : `${destination}:${to}`,
    })),
  );

const tcp = fc
  .record({
    ends,
    flags: fc.constantFrom('.', 'P.', 'S', 'S.', 'F.', 'R', 'R.'),
    sequence: fc.nat({ max: 0xffff_ffff }),
    acknowledgement: fc.nat({ max: 0xffff_ffff }),
    timestamps: fc.option(fc.tuple(fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 0xffff_ffff })), {
      nil: undefined,
    }),
    payload: fc.constantFrom<number | Uint8Array>(0, 1, 3, 63, 64, 65, 200, REQUEST, ANSWER),
    sacks: fc.constantFrom(undefined, undefined, [[1, 2] as const]),
    ttl: fc.nat(255),
    tos: fc.nat(255),
    dontFragment: fc.boolean(),
    moreFragments: fc.constantFrom(false, false, false, true),
    vlans: fc.constantFrom(undefined, undefined, [7]),
    sourceMac: fc.constantFrom('02:00:00:00:00:01', '02:00:00:00:01:01'),
  })
  .map(({ ends: { source, destination }, ...spec }) => tcpFrame({ ...spec, source, destination }));

const frame = fc.oneof(
  { weight: 6, arbitrary: tcp },
  {
    weight: 3,
    arbitrary: fc
      .tuple(tcp, fc.constantFrom(4789, 8472, 9999), fc.constantFrom(0, 1, 42), fc.boolean())
      .map(([inner, port, vni, hasSum]) => {
        const outer = vxlanFrame({
          source: '192.168.0.1:50000',
          destination: `192.168.0.2:${port}`,
          vni,
          inner,
        });
        if (!hasSum) outer.fill(0, 40, 42);
        return outer;
      }),
  },
  {
    weight: 1,
    arbitrary: ends.map((both) => udpFrame({ ...both, payload: 20 })),
  },
);

const record = fc
  .record({
    frame,
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(120)),
    padding: fc.constantFrom(0, 0, 6),
    damage: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      fc.tuple(fc.nat(110), fc.nat(255)),
    ),
  })
  .map(({ frame: built, cut, padding, damage }): Record => {
    const bytes = new Uint8Array(built.length + padding);
    bytes.set(built);
    if (damage !== undefined && damage[0] < bytes.length) bytes[damage[0]] = damage[1];
    return { bytes, captured: Math.max(0, bytes.length - cut), wire: bytes.length };
  });

describe('plain segments', () => {
  it('make the rows that the decoders make', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 12 }), (some) => {
        // Twice, so that tuples and links are known.
        const records = [...some, ...some, ...some, ...some];
        expect(build(records)).toEqual(buildWithDecoders(records));
      }),
      { numRuns: 100 },
    );
  });

  it('are most frames of ordinary traffic, within VXLAN and over IPv6 too', () => {
    const ordinary = [
      tcpFrame({ source: '10.0.0.1:40000', destination: '10.0.0.2:443', payload: 100 }),
      tcpFrame({ source: '[fd00::1]:40000', destination: '[fd00::2]:443', timestamps: [1, 2] }),
    ];
    const outer = vxlanFrame({
      source: '192.168.0.1:50000',
      destination: '192.168.0.2:4789',
      vni: 42,
      inner: ordinary[0],
    }).fill(0, 40, 42);
    const records = [...ordinary, outer].map(
      (bytes): Record => ({ bytes, captured: bytes.length, wire: bytes.length }),
    );
    // A tuple is learnt from the first frame, a link from the second.
    const turns = Array.from({ length: 12 }, () => records).flat();
    expect(countPlain(turns)).toBeGreaterThan(turns.length / 2);
  });

  it('are the later requests of a conversation, whose first one said what it is', () => {
    const bytes = tcpFrame({
      source: '10.0.0.1:40000',
      destination: '10.0.0.2:80',
      payload: REQUEST,
    });
    const records = Array.from(
      { length: 60 },
      (): Record => ({ bytes, captured: bytes.length, wire: bytes.length }),
    );
    expect(countPlain(records)).toBeGreaterThan(records.length / 2);
    expect(build(records)).toEqual(buildWithDecoders(records));
  });
});

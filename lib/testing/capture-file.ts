// Capture files for tests: pcap in all variants, pcapng in both byte orders with several sections and interfaces. Frames come from frame-builder.ts.
import { join } from './frame-builder';

export interface CapturedFrame {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  /** Default: the length of `bytes`; more where the capture cut the frame. */
  readonly wireLength?: number;
}

export interface PcapOptions {
  /** Default 1, Ethernet. */
  readonly linkType?: number;
  readonly nanoseconds?: boolean;
  readonly bigEndian?: boolean;
  readonly snaplen?: number;
  /** The variant with 24-byte record headers of old patched kernels. */
  readonly modified?: boolean;
  /** Bytes of a record's header, where other programs patched it without saying so. */
  readonly recordHeaderBytes?: 20 | 24 | 28;
  /** Default 2.4. Before 2.3, and in 543.0, the length on the wire stands before the captured one. */
  readonly version?: readonly [major: number, minor: number];
}

export function pcapFile(
  frames: readonly CapturedFrame[],
  options: PcapOptions = {},
): Uint8Array<ArrayBuffer> {
  const littleEndian = !options.bigEndian;
  const recordHeaderBytes = options.recordHeaderBytes ?? (options.modified ? 24 : 16);
  const [major, minor] = options.version ?? [2, 4];
  const isSwapped = major === 543 || (major === 2 && minor < 4);
  const unit = options.nanoseconds ? 1n : 1000n;
  const file = new Uint8Array(
    frames.reduce((sum, { bytes }) => sum + recordHeaderBytes + bytes.length, 24),
  );
  const view = new DataView(file.buffer);
  const magic = options.modified ? 0xa1b2cd34 : options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  view.setUint32(0, magic, littleEndian);
  view.setUint16(4, major, littleEndian);
  view.setUint16(6, minor, littleEndian);
  view.setUint32(16, options.snaplen ?? 262144, littleEndian);
  view.setUint32(20, options.linkType ?? 1, littleEndian);
  let at = 24;
  for (const { timeNs, bytes, wireLength } of frames) {
    view.setUint32(at, Number(timeNs / 1_000_000_000n), littleEndian);
    view.setUint32(at + 4, Number((timeNs % 1_000_000_000n) / unit), littleEndian);
    view.setUint32(at + (isSwapped ? 12 : 8), bytes.length, littleEndian);
    view.setUint32(at + (isSwapped ? 8 : 12), wireLength ?? bytes.length, littleEndian);
    if (recordHeaderBytes >= 24) {
      // Interface index, protocol, packet type.
      view.setUint32(at + 16, 2, littleEndian);
      view.setUint16(at + 20, 0x0800, littleEndian);
    }
    file.set(bytes, at + recordHeaderBytes);
    at += recordHeaderBytes + bytes.length;
  }
  return file;
}

export interface PcapngInterfaceSpec {
  readonly linkType?: number;
  readonly snaplen?: number;
  readonly name?: string;
  readonly description?: string;
  /** if_tsresol as written: 6 (default), 9, 0x80 | 10 … */
  readonly resolution?: number;
  /** if_tsoffset in seconds. */
  readonly offsetSeconds?: bigint;
  /** Further options as written, by code. */
  readonly options?: readonly (readonly [code: number, value: string | Uint8Array])[];
}

export type PcapngBlock =
  | { readonly kind: 'interface'; readonly spec?: PcapngInterfaceSpec }
  | {
      readonly kind: 'enhanced' | 'obsolete';
      readonly interface?: number;
      /** Ticks of the interface's resolution: written as they are. */
      readonly ticks: bigint;
      readonly bytes: Uint8Array;
      readonly wireLength?: number;
      readonly comment?: string;
      /** epb_flags; 1 inbound, 2 outbound. */
      readonly flags?: number;
      /** epb_dropcount, or the drop count of an obsolete packet block. */
      readonly drops?: number;
      readonly packetId?: bigint;
      /** Others, by code. */
      readonly options?: readonly (readonly [code: number, value: Uint8Array])[];
      readonly verdict?: { readonly kind: number; readonly value: bigint };
    }
  | { readonly kind: 'simple'; readonly bytes: Uint8Array; readonly wireLength?: number }
  | {
      readonly kind: 'statistics';
      readonly interface?: number;
      readonly interfaceDrops?: bigint;
      readonly systemDrops?: bigint;
      /** Of the block, and isb_starttime; in the interface's ticks. Default 0: not said. */
      readonly ticks?: bigint;
      readonly startTicks?: bigint;
    }
  | {
      readonly kind: 'names';
      readonly names: readonly (readonly [address: Uint8Array, name: string])[];
    }
  | { readonly kind: 'other'; readonly type: number; readonly body: Uint8Array };

export interface PcapngSection {
  readonly bigEndian?: boolean;
  readonly comment?: string;
  readonly blocks: readonly PcapngBlock[];
}

export function pcapngFile(sections: readonly PcapngSection[]): Uint8Array<ArrayBuffer> {
  return join(...sections.map(writeSection));
}

function writeSection(section: PcapngSection): Uint8Array {
  const writer = new NumberWriter(section.bigEndian ?? false);
  const { u16, u32, u64 } = writer;
  const unknownLength = 0xffff_ffff_ffff_ffffn;
  const header = join(
    u32(0x1a2b3c4d),
    u16(1),
    u16(0),
    u64(unknownLength),
    writer.options([[1, section.comment]]),
  );
  const blocks = section.blocks.map((block) => writeBlock(writer, block));
  return join(writer.block(0x0a0d0d0a, header), ...blocks);
}

function writeBlock(writer: NumberWriter, block: PcapngBlock): Uint8Array {
  const { u16, u32, u64 } = writer;
  switch (block.kind) {
    case 'interface': {
      const spec = block.spec ?? {};
      const { resolution, offsetSeconds } = spec;
      const options = writer.options([
        [2, spec.name],
        [3, spec.description],
        [9, resolution === undefined ? undefined : Uint8Array.of(resolution)],
        [14, offsetSeconds === undefined ? undefined : u64(BigInt.asUintN(64, offsetSeconds))],
        ...(spec.options ?? []),
      ]);
      return writer.block(
        1,
        join(u16(spec.linkType ?? 1), u16(0), u32(spec.snaplen ?? 262144), options),
      );
    }
    case 'enhanced': {
      const options = writer.options([
        [1, block.comment],
        [2, block.flags === undefined ? undefined : u32(block.flags)],
        [4, block.drops === undefined ? undefined : u64(BigInt(block.drops))],
        [5, block.packetId === undefined ? undefined : u64(block.packetId)],
        [
          7,
          block.verdict === undefined
            ? undefined
            : join(Uint8Array.of(block.verdict.kind), u64(block.verdict.value)),
        ],
        ...(block.options ?? []),
      ]);
      return writer.block(
        6,
        join(
          u32(block.interface ?? 0),
          u32(Number(block.ticks >> 32n)),
          u32(Number(block.ticks & 0xffff_ffffn)),
          u32(block.bytes.length),
          u32(block.wireLength ?? block.bytes.length),
          padded(block.bytes),
          options,
        ),
      );
    }
    case 'obsolete':
      return writer.block(
        2,
        join(
          u16(block.interface ?? 0),
          u16(block.drops ?? 0xffff),
          u32(Number(block.ticks >> 32n)),
          u32(Number(block.ticks & 0xffff_ffffn)),
          u32(block.bytes.length),
          u32(block.wireLength ?? block.bytes.length),
          padded(block.bytes),
          writer.options([
            [1, block.comment],
            [2, block.flags === undefined ? undefined : u32(block.flags)],
          ]),
        ),
      );
    case 'names':
      return writer.block(
        4,
        join(
          ...block.names.map(([address, name]) => {
            const value = join(address, new TextEncoder().encode(`${name}\0`));
            return join(u16(address.length === 4 ? 1 : 2), u16(value.length), padded(value));
          }),
          u32(0),
        ),
      );
    case 'simple':
      return writer.block(
        3,
        join(u32(block.wireLength ?? block.bytes.length), padded(block.bytes)),
      );
    case 'statistics': {
      const { interfaceDrops, systemDrops } = block;
      const time = (ticks: bigint): Uint8Array =>
        join(u32(Number(ticks >> 32n)), u32(Number(ticks & 0xffff_ffffn)));
      const options = writer.options([
        [2, block.startTicks === undefined ? undefined : time(block.startTicks)],
        [5, interfaceDrops === undefined ? undefined : u64(interfaceDrops)],
        [7, systemDrops === undefined ? undefined : u64(systemDrops)],
      ]);
      return writer.block(5, join(u32(block.interface ?? 0), time(block.ticks ?? 0n), options));
    }
    case 'other':
      return writer.block(block.type, padded(block.body));
  }
}

const padded = (bytes: Uint8Array): Uint8Array =>
  join(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));

class NumberWriter {
  constructor(private readonly bigEndian: boolean) {}

  readonly u16 = (value: number): Uint8Array => this.number(2, BigInt(value));
  readonly u32 = (value: number): Uint8Array => this.number(4, BigInt(value));
  readonly u64 = (value: bigint): Uint8Array => this.number(8, value);

  block(type: number, body: Uint8Array): Uint8Array {
    const length = this.u32(12 + body.length);
    return join(this.u32(type), length, body, length);
  }

  /** Options with values, ended by the end mark; none at all where there are none. */
  options(options: readonly (readonly [number, string | Uint8Array | undefined])[]): Uint8Array {
    const written = options.flatMap(([code, value]) => {
      if (value === undefined) return [];
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      return [this.u16(code), this.u16(bytes.length), padded(bytes)];
    });
    return written.length === 0 ? new Uint8Array(0) : join(...written, this.u32(0));
  }

  private number(size: number, value: bigint): Uint8Array {
    const bytes = Uint8Array.from({ length: size }, (_, index) =>
      Number((value >> BigInt(8 * index)) & 0xffn),
    );
    return this.bigEndian ? bytes.reverse() : bytes;
  }
}

// One capture from bytes to columns: the reader (lib/read) hands frames to the decoders (lib/wire), full blocks go to the sink. Runs in a parse worker, in the command line and in tests alike.
import type { ColumnBuffer } from '../base/columns';
import { failure, type Result, success } from '../base/result';
import {
  type CaptureInterface,
  type CaptureSummary,
  type CaptureWarning,
  MOST_POINTS,
  NO_LINK_TYPE,
} from '../model/capture';
import type { ParsedBlock } from '../model/parsed-block';
import type { ByteSource } from '../read/byte-source';
import { CONTAINER_HEAD_BYTES, type ContainerReader } from '../read/container-reader';
import { findContainerReader } from '../read/containers';
import { describeStranger } from '../read/foreign-format';
import { streamFrames } from '../read/frame-stream';
import { describeReadFailure } from '../read/read-failure';
import { BlockBuilder } from '../wire/block-builder';
import { formatLinkType } from '../wire/link-type-names';
import { LINK_LINUX_SLL } from '../wire/link-types';

export interface ParseSink {
  /** Full blocks in order, the last one maybe short; awaited. */
  block(block: ParsedBlock): void | Promise<void>;
  progress(bytesRead: number, frames: number): void;
}

export interface ParseOptions {
  readonly signal?: AbortSignal;
  /** Gives the buffer of each block (BLOCK_BYTES bytes of zeros); an ArrayBuffer where it is left out. */
  readonly allocate?: () => ColumnBuffer;
}

/** Relative times are whole numbers up to here: 104 days. */
const EXACT_TIME = Number.MAX_SAFE_INTEGER;

/**
 * Reads all frames of `source`, which is decompressed already (lib/read/decompress.ts). What was readable before damage, or before the source could be read
 * no more, is kept, with a warning. Fails where not one frame's place can be known; rejects with AbortError.
 */
export async function parseCapture(
  source: ByteSource,
  sink: ParseSink,
  options: ParseOptions = {},
): Promise<Result<CaptureSummary, CaptureWarning>> {
  options.signal?.throwIfAborted();
  const builder = new BlockBuilder(options.allocate);
  const head = await whileReadable(source.read(0, CONTAINER_HEAD_BYTES));
  if (typeof head === 'string')
    return failure({ code: 'unreadable', text: `${source.name}: ${head}` });
  const reader = findContainerReader(head, builder);
  if (reader === undefined) return failure(describeStranger(source.name, head));
  const deliver = async (): Promise<void> => {
    for (const block of builder.takeBlocks()) await sink.block(block);
  };
  const end = await whileReadable(
    streamFrames(
      source,
      reader,
      async (bytesRead) => {
        await deliver();
        sink.progress(bytesRead, builder.frames);
      },
      options.signal,
    ),
  );
  const { frames } = builder;
  const damage = typeof end === 'string' ? describeLoss(end, frames) : end;
  const hasNothing = reader.interfaces.length === 0 || damage?.code === 'unreadable';
  if (damage !== null && frames === 0 && hasNothing)
    return failure({ ...damage, text: `${source.name}: ${damage.text}` });
  builder.finish();
  await deliver();
  return success(summarise(source, reader, builder, damage));
}

/** What is read; why not, where the source can no longer be read. */
async function whileReadable<T>(reading: Promise<T>): Promise<T | string> {
  try {
    return await reading;
  } catch (error) {
    const reason = describeReadFailure(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

const describeLoss = (reason: string, frames: number): CaptureWarning => ({
  code: 'unreadable',
  text:
    frames === 0
      ? reason
      : `${frames} ${frames === 1 ? 'frame was' : 'frames were'} read, then no more: ${reason}`,
});

function summarise(
  source: ByteSource,
  reader: ContainerReader,
  builder: BlockBuilder,
  damage: CaptureWarning | null,
): CaptureSummary {
  const hasFrames = builder.frames > 0;
  const interfaces = reader.interfaces.map(
    ({ name, description, linkType, snaplen, details }): CaptureInterface => ({
      name,
      description,
      linkType,
      snaplen,
      ...(details === undefined ? {} : { details }),
    }),
  );
  return {
    format: reader.format,
    frames: builder.frames,
    bytes: source.size,
    baseTime: reader.baseTime.toString(),
    firstTime: hasFrames ? builder.firstTime : null,
    lastTime: hasFrames ? builder.lastTime : null,
    snaplen: interfaces.reduce((greatest, { snaplen }) => Math.max(greatest, snaplen), 0),
    dropped: reader.dropped,
    interfaces,
    comments: reader.comments,
    ...(reader.names.length > 0 ? { names: reader.names } : {}),
    warnings: [
      ...(damage === null ? [] : [damage]),
      ...reader.warnings,
      // That a file without a whole record holds no frames goes without saying.
      ...(damage !== null && builder.frames === 0 ? [] : findOddities(interfaces, builder)),
    ],
    fingerprint: builder.fingerprint.finish(reader.baseTime),
  };
}

/** A cooked link that names no interface, and whose container names none either. */
const mayBeSeveral = ({ linkType, name }: CaptureInterface): boolean =>
  linkType === LINK_LINUX_SLL && (name === null || name === 'any');

function findOddities(
  interfaces: readonly CaptureInterface[],
  builder: BlockBuilder,
): CaptureWarning[] {
  const warnings: CaptureWarning[] = [];
  if (builder.frames === 0) {
    warnings.push({ code: 'empty', text: 'the capture holds no frames' });
    return warnings;
  }
  // Records that are no packets (pcapng's custom blocks) have a link type of no interface.
  const described = new Set(interfaces.map(({ linkType }) => linkType));
  described.delete(NO_LINK_TYPE);
  for (const [linkType, frames] of builder.undecoded)
    if (described.has(linkType))
      warnings.push({
        code: 'unknown-link-type',
        text: `${frames} ${frames === 1 ? 'frame' : 'frames'} of link type ${formatLinkType(linkType)} can't be decoded`,
      });
  if (builder.firstTime < -EXACT_TIME || builder.lastTime > EXACT_TIME)
    warnings.push({
      code: 'time-range',
      text: 'the times of its frames lie more than 104 days apart: they are not exact to the nanosecond',
    });
  if (interfaces.length > MOST_POINTS)
    warnings.push({
      code: 'link-contexts',
      text: `the capture has ${interfaces.length} interfaces: those with frames beyond the first ${MOST_POINTS - 1} are shown as one point`,
    });
  if (builder.interfacesUntold)
    warnings.push({
      code: 'interfaces-untold',
      text: 'this cooked capture (SLL v1) does not say at which interface a frame was seen: frames alike in every byte, one after the other, are taken for one packet at several interfaces. `tcpdump -y LINUX_SLL2 -i any` says it',
    });
  else if (interfaces.some(mayBeSeveral))
    warnings.push({
      code: 'interfaces-untold',
      text: 'this cooked capture (SLL v1) does not say at which interface a frame was seen: where it was taken at several (`-i any`), they are one point here. `tcpdump -y LINUX_SLL2 -i any` says it',
    });
  if (builder.tunnelOptionsExceeded)
    warnings.push({
      code: 'link-contexts',
      text: 'its tunnels have more different options (Geneve) or groups (VXLAN) than are kept: those of later packets are shown in the inspector only',
    });
  if (builder.linksExceeded)
    warnings.push({
      code: 'link-contexts',
      text: 'more than 60,000 different pairs of MAC addresses: those of later pairs are not kept',
    });
  return warnings;
}

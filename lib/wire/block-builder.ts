// Frames into blocks of columns: decodes each frame into one reused record and writes its row. Finished blocks wait in `takeBlocks`.
import type { ColumnBuffer } from '../base/columns';
import {
  BLOCK_BYTES,
  BLOCK_ROWS,
  CHECKPOINT_ROWS,
  LENGTH_OVERFLOW,
  type PacketColumns,
  viewPacketColumns,
} from '../model/packet-columns';
import { STATUS_ICMP_ERROR, STATUS_TIMESTAMPS } from '../model/packet-status';
import type { ParsedBlock } from '../model/parsed-block';
import {
  createSparseTables,
  finishSparseTables,
  type SparseName,
  type SparseTables,
} from '../model/sparse-tables';
import { TCP_SYN } from '../model/tcp-flags';
import { AlikeFrames } from './alike-frames';
import { viewOf } from './bytes';
import { decodeFrame } from './decode-frame';
import { DecodedFrame } from './decoded-frame';
import { FragmentPorts } from './fragment-ports';
import { FrameFingerprint } from './frame-fingerprint';
import { HintWriter, isDns } from './hint-writer';
import { LinkInterner } from './link-interner';
import { isKnownLinkType, LINK_ETHERNET, LINK_LINUX_SLL } from './link-types';
import { digestPayload } from './payload-digest';
import { PlainSegments } from './plain-segment';
import { writeQuote } from './quote';
import { TupleInterner } from './tuple-interner';

export class BlockBuilder {
  /** Of the frame that comes next, as the container readers give it (FrameSink). */
  time = 0;
  offset = 0;
  /** Frames taken so far. */
  frames = 0;
  firstTime = Number.POSITIVE_INFINITY;
  lastTime = Number.NEGATIVE_INFINITY;
  readonly fingerprint = new FrameFingerprint();
  private readonly decoded = new DecodedFrame();
  private readonly tuples = new TupleInterner();
  private readonly links = new LinkInterner(this.tuples);
  /** Frames alike in every byte came in one moment, on a link that names no interface. */
  interfacesUntold = false;
  private readonly alike = new AlikeFrames();
  private readonly hints = new HintWriter();
  private fragments: FragmentPorts | null = null;
  private readonly plain = new PlainSegments(this.hints);
  /** The bytes that the frames at hand lie in. */
  private bytes: Uint8Array = new Uint8Array(0);
  private view = viewOf(this.bytes);
  private finished: ParsedBlock[] = [];
  private buffer: ColumnBuffer | null = null;
  private columns!: PacketColumns;
  private rows = 0;
  /** Rows of the block at hand; none before the first frame. */
  private room = 0;
  private checkpoints = new Float64Array(0);
  private sparse: SparseTables = createSparseTables();
  /** Told, and not yet written. */
  private notes: { readonly table: SparseName; readonly values: readonly number[] }[] = [];

  /** `allocate` gives the buffer of a block: BLOCK_BYTES bytes of zeros. */
  constructor(private readonly allocate: () => ColumnBuffer = () => new ArrayBuffer(BLOCK_BYTES)) {}

  /** Frames by link type, of those that no decoder knows. */
  readonly undecoded = new Map<number, number>();

  /** Too many link contexts for the column: MACs of some frames are not kept. */
  get linksExceeded(): boolean {
    return this.links.exceeded;
  }

  /** Too many different options of tunnels: those of some frames are not kept. */
  get tunnelOptionsExceeded(): boolean {
    return this.links.optionsExceeded;
  }

  /** Takes what stands beside the frame that comes next: a row of a sparse table without the frame's number. */
  note(table: SparseName, values: readonly number[]): void {
    this.notes.push({ table, values });
  }

  frame(
    bytes: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    interfaceIndex: number,
    linkType: number,
    direction: number,
    checkBytes: number,
  ): void {
    const { time } = this;
    if (this.rows === this.room) this.nextBlock();
    if (bytes !== this.bytes) this.changeBytes(bytes);
    if (this.notes.length > 0) this.writeNotes(this.rows);
    const { columns, rows, plain, view } = this;
    const from = interfaceIndex * 4 + direction;
    if (
      linkType !== LINK_ETHERNET ||
      checkBytes > 0 ||
      !plain.write(view, start, capturedLength, wireLength, from, columns, rows)
    ) {
      if (!isKnownLinkType(linkType))
        this.undecoded.set(linkType, (this.undecoded.get(linkType) ?? 0) + 1);
      const length = wireLength - checkBytes;
      const captured = checkBytes === 0 ? capturedLength : Math.min(capturedLength, length);
      decodeFrame(bytes, start, captured, length, linkType, this.decoded);
      this.writeDecoded(
        bytes,
        start,
        capturedLength,
        wireLength,
        time,
        interfaceIndex,
        linkType,
        direction,
      );
      // A stream to or from DNS is left to the decoders, which see what it asks.
      if (!isDns(this.decoded)) plain.learn(columns.tuple[rows], columns.link[rows]);
    }
    columns.time[rows] = time;
    if (rows % CHECKPOINT_ROWS === 0) this.checkpoints[rows / CHECKPOINT_ROWS] = this.offset;
    if (time < this.firstTime) this.firstTime = time;
    if (time > this.lastTime) this.lastTime = time;
    this.fingerprint.fold(view, start, capturedLength, wireLength, time);
    this.rows = rows + 1;
    this.frames++;
  }

  /** The row of a frame that the decoders took apart, but for its time. */
  private writeDecoded(
    bytes: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    time: number,
    interfaceIndex: number,
    linkType: number,
    direction: number,
  ): void {
    const { decoded, columns, rows } = this;
    columns.tuple[rows] = this.tuples.internTuple(bytes, decoded);
    // What names no interface shows a packet that passes several as so many alike frames.
    const occurrence =
      linkType === LINK_LINUX_SLL
        ? this.alike.count(bytes, start, capturedLength, time, decoded.direction, isUnique(decoded))
        : 0;
    if (occurrence > 0) this.interfacesUntold = true;
    columns.link[rows] = this.links.intern(bytes, decoded, interfaceIndex, direction, occurrence);
    columns.sequence[rows] = decoded.sequence;
    columns.acknowledgement[rows] = decoded.acknowledgement;
    columns.timestampValue[rows] = decoded.timestampValue;
    columns.timestampEcho[rows] = decoded.timestampEcho;
    columns.payloadDigest[rows] = digestPayload(this.view, decoded);
    columns.ipId[rows] = decoded.ipId;
    columns.flags[rows] = decoded.flags;
    columns.window[rows] = decoded.window;
    columns.status[rows] = decoded.status;
    columns.ttl[rows] = decoded.ttl;
    columns.tos[rows] = decoded.tos;
    const payloadLength = decoded.payloadLength;
    if (
      capturedLength < LENGTH_OVERFLOW &&
      wireLength < LENGTH_OVERFLOW &&
      payloadLength < LENGTH_OVERFLOW
    ) {
      columns.capturedLength[rows] = capturedLength;
      columns.wireLength[rows] = wireLength;
      columns.payloadLength[rows] = payloadLength;
    } else this.writeLongLengths(capturedLength, wireLength, payloadLength);
    if (decoded.hasSynOptions) this.writeSynOptions(decoded);
    if (decoded.sackEdges > 0) this.writeSacks(decoded);
    if ((decoded.status & STATUS_ICMP_ERROR) !== 0)
      writeQuote(bytes, decoded, rows, this.tuples, this.sparse.quotes);
    if (payloadLength > 0 && decoded.payload < decoded.end)
      this.hints.write(this.view, bytes, decoded, rows, columns.tuple[rows], this.sparse.hints);
    else if ((decoded.flags & TCP_SYN) !== 0) this.hints.forget(columns.tuple[rows]);
    if (decoded.fragmentStart >= 0) {
      this.fragments ??= new FragmentPorts(this.tuples);
      const at = { row: rows, time, tuple: columns.tuple[rows], interfaceIndex, occurrence };
      this.fragments.write(bytes, decoded, at, this.sparse);
    }
  }

  private changeBytes(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  /** Ends the block at hand, so that `takeBlocks` gives all frames. */
  finish(): void {
    if (this.rows === 0) return;
    this.writeNotes(this.rows - 1);
    this.finishBlock();
  }

  /** Blocks finished since the call before. */
  takeBlocks(): readonly ParsedBlock[] {
    const blocks = this.finished;
    if (blocks.length > 0) this.finished = [];
    return blocks;
  }

  private writeNotes(row: number): void {
    for (const { table, values } of this.notes) {
      const rows = this.sparse[table];
      rows.push(row);
      for (const value of values) rows.push(value);
    }
    this.notes = [];
  }

  private writeLongLengths(captured: number, wire: number, payload: number): void {
    const { columns, rows } = this;
    const { overflow } = this.sparse;
    columns.capturedLength[rows] = Math.min(captured, LENGTH_OVERFLOW);
    columns.wireLength[rows] = Math.min(wire, LENGTH_OVERFLOW);
    columns.payloadLength[rows] = Math.min(payload, LENGTH_OVERFLOW);
    overflow.push(rows);
    overflow.push(captured);
    overflow.push(wire);
    overflow.push(payload);
  }

  private writeSynOptions(decoded: DecodedFrame): void {
    const { synOptions } = this.sparse;
    synOptions.push(this.rows);
    synOptions.push(decoded.mss);
    synOptions.push(decoded.windowScale);
    synOptions.push(decoded.sackPermitted);
  }

  private writeSacks(decoded: DecodedFrame): void {
    const { sackBlocks } = this.sparse;
    for (let i = 0; i + 1 < decoded.sackEdges; i += 2) {
      sackBlocks.push(this.rows);
      sackBlocks.push(decoded.sacks[i]);
      sackBlocks.push(decoded.sacks[i + 1]);
    }
  }

  private beginBlock(): void {
    this.buffer = this.allocate();
    this.room = BLOCK_ROWS;
    this.columns = viewPacketColumns(this.buffer);
    this.checkpoints = new Float64Array(BLOCK_ROWS / CHECKPOINT_ROWS);
    this.sparse = createSparseTables();
  }

  private nextBlock(): void {
    this.finishBlock();
    this.beginBlock();
  }

  private finishBlock(): void {
    if (this.buffer === null) return;
    this.fragments?.finishBlock(this.sparse.fragments.length);
    this.finished.push({
      rows: this.rows,
      buffer: this.buffer,
      checkpoints: this.checkpoints.slice(0, Math.ceil(this.rows / CHECKPOINT_ROWS)),
      sparse: finishSparseTables(this.sparse),
      addresses: this.tuples.takeAddresses(),
      tuples: this.tuples.takeTuples(),
      links: this.links.take(),
      texts: this.hints.takeTexts(),
    });
    this.buffer = null;
    this.rows = 0;
    this.room = 0;
  }
}

/** A field changes with each packet of its sender. */
const isUnique = ({ ipId, status }: DecodedFrame): boolean =>
  ipId !== 0 || (status & STATUS_TIMESTAMPS) !== 0;

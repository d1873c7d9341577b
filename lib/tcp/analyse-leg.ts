// TCP analysis of one leg: sets the bits that Wireshark 4.0.17 would show for the same frames. Always per point, before correlation:
// over a merged list every second sighting would look like a retransmission. The tests themselves are in analyse-segment.ts.
import { sequenceAdd } from '../base/sequence-number';
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import type { PacketTable } from '../model/packet-table';
import { TCP_ANALYSIS } from '../model/tcp-analysis';
import { TCP_ACK, TCP_SYN } from '../model/tcp-flags';
import { analyseSegment, type Segment } from './analyse-segment';
import { DirectionState } from './direction-state';

/** How long a segment counts as reordered where the handshake gave no round-trip time. */
const DEFAULT_REORDER_NS = 3_000_000;
const NO_TIME = Number.NaN;

/** State of the conversation at hand; legs are analysed one after the other, so one set serves them all. */
const conversation = {
  synTime: NO_TIME,
  roundTripNs: 0,
  /** One end offered no window scaling. */
  unscaled: false,
  ends: [new DirectionState(), new DirectionState()] as const,
};
const segment: Segment = {
  time: 0,
  sequence: 0,
  acknowledgement: 0,
  flags: 0,
  window: 0,
  length: 0,
};

/**
 * Writes TCP_ANALYSIS bits into the `analysis` column of `rows`: all frames of one undirected TCP tuple at one point, in file order.
 * Ports that are used again begin a conversation of their own, as in Wireshark.
 */
export function analyseLeg(table: PacketTable, rows: Uint32Array): void {
  startConversation();
  for (const row of rows) {
    const columns = table.columnsOf(row);
    const at = table.indexInBlock(row);
    const status = columns.status[at];
    if (!(status & STATUS_TRANSPORT) || status & STATUS_FRAGMENT) continue;
    segment.time = columns.time[at];
    segment.sequence = columns.sequence[at];
    segment.acknowledgement = columns.acknowledgement[at];
    segment.flags = columns.flags[at];
    segment.window = columns.window[at];
    segment.length = table.payloadLength(row);
    const direction = columns.tuple[at] & 1;
    columns.analysis[at] = analyseRow(
      direction,
      segment.flags & TCP_SYN ? table.synOptionsOf(row).windowScale : 0,
    );
  }
}

function analyseRow(direction: number, windowScale: number): number {
  const own = conversation.ends[direction];
  const peer = conversation.ends[direction ^ 1];
  const { sequence, flags, acknowledgement } = segment;
  let bits = 0;
  if (flags & TCP_SYN && own.started && sequence !== own.initialSequence) {
    // A SYN-ACK begins no conversation, but its numbers are those that hold from then on: sent again, it is no new use of the ports.
    if (flags & TCP_ACK) own.initialSequence = sequence;
    else startConversation();
    bits = TCP_ANALYSIS.reusedPorts;
  }
  if (!own.started) {
    own.started = true;
    own.initialSequence = flags & TCP_SYN ? sequence : sequenceAdd(sequence, -1);
  }
  if (!peer.started && flags & TCP_ACK) {
    peer.started = true;
    peer.initialSequence = sequenceAdd(acknowledgement, -1);
  }
  const reorderNs = conversation.roundTripNs || DEFAULT_REORDER_NS;
  bits |= analyseSegment(segment, own, peer, reorderNs);
  if (flags & TCP_SYN) {
    takeWindowScale(windowScale, own, peer);
    if (!(flags & TCP_ACK)) conversation.synTime = segment.time;
  } else if (flags & TCP_ACK && conversation.roundTripNs === 0) {
    const elapsed = segment.time - conversation.synTime;
    if (elapsed > 0) conversation.roundTripNs = elapsed;
  }
  return bits;
}

/** Scaling holds only where both ends offer it (RFC 7323 section 2.2); `offered` 0xffff: the SYN has no such option. */
function takeWindowScale(offered: number, own: DirectionState, peer: DirectionState): void {
  if (offered === 0xffff) conversation.unscaled = true;
  if (conversation.unscaled) own.windowScale = peer.windowScale = 0;
  else own.windowScale = offered;
}

function startConversation(): void {
  conversation.synTime = NO_TIME;
  conversation.roundTripNs = 0;
  conversation.unscaled = false;
  conversation.ends[0].reset();
  conversation.ends[1].reset();
}

// D20: frames larger than the wire carries. The kernel hands down, or puts together, many segments as one (TSO, GSO, GRO). To be read right, not to be mended.
import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksSecondPoint } from '../lacks';
import type { PacketFact, SightingFact } from '../packet-facts';
import type { Rule } from '../rule';
import { emptyParts, findingId, listed, pointNames, step } from '../story';

const ID = 'offload-artefact';
const CITED = 16;

export const offloadArtefact: Rule = {
  id: ID,
  title: 'Frames that carry several segments',
  needs: 'a packet that two points saw',
  judge(facts) {
    if (facts.sample.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const shared = facts.sample.filter((packet) => packet.way.some((sighting) => sighting.shared));
    if (shared.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.sample.length, 'packet')} looked at: each is one frame at every point.`,
      };
    return {
      result: 'found',
      findings: [tell(facts, shared)],
      reason: `${shared.length} of ${counted(facts.sample.length, 'packet')} looked at travel in one frame with others at some point.`,
    };
  },
};

function tell(facts: CaseFacts, shared: readonly PacketFact[]): Finding {
  const whole = largestFrame(shared);
  const pieces = shared.filter(({ way }) => way.some((sighting) => isFrame(sighting, whole)));
  const joined = shared.flatMap(({ way }) => way.filter((sighting) => sighting.shared));
  const cut = shared.flatMap(({ way }) => way.filter((sighting) => !sighting.shared));
  const cutHere = pieces.flatMap(({ way }) => way.filter((sighting) => !sighting.shared));
  return {
    ...emptyParts,
    id: findingId(ID, pieces[0].connection),
    rule: ID,
    severity: 'note',
    ...weigh(0.95, 'The bytes of one frame are found again, in the same order, in several others.'),
    title: `Frames of up to ${whole.payloadLength} bytes of payload carry several segments`,
    summary: `At ${pointNames(facts, joined)} one frame carries what other points (${pointNames(facts, cut)}) see as several. That is segmentation offload: no jumbo frames, no IP fragments, no retransmission. Frames are matched by their bytes.`,
    connections: [...new Set(shared.map(({ connection }) => connection))],
    between: null,
    steps: [
      step(
        `One frame at ${facts.points[whole.point].name} carries ${whole.payloadLength} bytes of ${whole.source} > ${whole.destination}.`,
        [whole],
      ),
      step(
        `The same bytes are ${counted(pieces.length, 'packet')} at ${cutHere.length > 0 ? pointNames(facts, cutHere) : 'other points'}${cutHere.length > 0 ? `, of ${listed(sizes(cutHere))} bytes` : ''}.`,
        (cutHere.length > 0 ? cutHere : pieces.flatMap(({ way }) => way)).slice(0, CITED),
      ),
    ],
    alternatives: [],
    confirm: [
      {
        text: 'On the host of each point: which offloads are on.',
        command:
          "ethtool -k eth0 | grep -E 'segmentation-offload|generic-receive-offload|tx-checksumming'",
      },
    ],
    fix: null,
    references: [
      {
        title: 'Wireshark wiki: capture setup, offloading',
        url: 'https://wiki.wireshark.org/CaptureSetup/Offloading',
      },
    ],
  };
}

const isFrame = (a: SightingFact, b: SightingFact): boolean =>
  a.file === b.file && a.frame === b.frame;

function largestFrame(packets: readonly PacketFact[]): SightingFact {
  const frames = packets.flatMap(({ way }) => way.filter((sighting) => sighting.shared));
  return frames.reduce((largest, frame) =>
    frame.payloadLength > largest.payloadLength ? frame : largest,
  );
}

/** The least and the greatest payload, once each. */
function sizes(sightings: readonly SightingFact[]): readonly string[] {
  const lengths = sightings.map(({ payloadLength }) => payloadLength);
  return [...new Set([Math.min(...lengths), Math.max(...lengths)])].map(String);
}

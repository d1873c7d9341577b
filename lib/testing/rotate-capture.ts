// A classic pcap file cut into a rotated series, as tcpdump and dumpcap name them, and an analysis of it told in the frames of the whole file.
import type { AnalysisView } from '../model/analysis-view';
import type { JourneyWindow } from '../model/journey-window';
import { type ByteSource, memorySource } from '../read/byte-source';

export interface RotatedCapture {
  readonly whole: string;
  readonly members: readonly ByteSource[];
  /** Frames of the members before, by member. */
  readonly framesBefore: readonly number[];
}

/** Name of member `place`, whose first frame was captured at `time` (seconds since 1970). */
export type RotationNames = (whole: string, place: number, time: number) => string;

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;

const stamp = (time: number, pattern: string): string => {
  const digits = new Date(time * 1000).toISOString().replace(/\D/g, '');
  return pattern.replace(/Y|[mdHMS]/g, (field) =>
    field === 'Y'
      ? digits.slice(0, 4)
      : digits.slice(
          ...({ m: [4, 6], d: [6, 8], H: [8, 10], M: [10, 12], S: [12, 14] } as const)[
            field as 'm'
          ],
        ),
  );
};

const stem = (whole: string): string => whole.replace(/\.pcap$/, '');

export const ROTATIONS: Readonly<Record<string, RotationNames>> = {
  'tcpdump -C': (whole, place) => (place === 0 ? whole : `${whole}${place}`),
  'tcpdump -C -W': (whole, place) => `${whole}${String(place).padStart(2, '0')}`,
  'tcpdump -G': (whole, _, time) => `${stem(whole)}-${stamp(time, 'Y-m-d_H:M:S')}.pcap`,
  'tcpdump -G, seconds since 1970': (whole, _, time) => `${stem(whole)}_${time}.pcap`,
  'dumpcap -b': (whole, place, time) =>
    `${stem(whole)}_${String(place + 1).padStart(5, '0')}_${stamp(time, 'YmdHMS')}.pcap`,
};

/** Little-endian pcap only, as all committed captures are. Cuts at shares of the frames, and where seconds change, so that names that tell seconds differ. */
export async function rotateCapture(
  source: ByteSource,
  names: RotationNames,
  shares: readonly number[] = [1 / 3, 2 / 3],
): Promise<RotatedCapture> {
  const bytes = await source.read(0, source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  for (let at = HEADER_BYTES; at + RECORD_BYTES <= bytes.length; ) {
    starts.push(at);
    at += RECORD_BYTES + view.getUint32(at + 8, true);
  }
  const secondOf = (frame: number): number => view.getUint32(starts[frame], true);
  const cuts = [0];
  for (const share of shares) {
    let frame = Math.max(cuts[cuts.length - 1] + 1, Math.round(starts.length * share));
    while (frame < starts.length && secondOf(frame) === secondOf(frame - 1)) frame += 1;
    if (frame < starts.length) cuts.push(frame);
  }
  return {
    whole: source.name,
    framesBefore: cuts,
    members: cuts.map((frame, place) => {
      const end = place + 1 < cuts.length ? starts[cuts[place + 1]] : bytes.length;
      const part = new Uint8Array(HEADER_BYTES + end - starts[frame]);
      part.set(bytes.subarray(0, HEADER_BYTES));
      part.set(bytes.subarray(starts[frame], end), HEADER_BYTES);
      return memorySource(part, names(source.name, place, secondOf(frame)));
    }),
  };
}

/** The analysis as if the whole files had been read: journeys name their frames. */
export function asWhole(view: AnalysisView, rotated: readonly RotatedCapture[]): AnalysisView {
  const places = new Map(
    rotated.flatMap(({ whole, members, framesBefore }) =>
      members.map(({ name }, place) => [name, { whole, before: framesBefore[place] }] as const),
    ),
  );
  return {
    ...view,
    journeysOf: (connections, limit): JourneyWindow => {
      const window = view.journeysOf(connections, limit);
      const { sightings } = window;
      return {
        ...window,
        files: window.files.map((file) => places.get(file)?.whole ?? file),
        sightings: {
          ...sightings,
          frame: sightings.frame.map(
            (frame, row) => frame + (places.get(window.files[sightings.capture[row]])?.before ?? 0),
          ),
        },
      };
    },
  };
}

import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { type MatchCorrection, NO_CORRECTIONS } from '../../model/corrections';
import { textArtSources } from '../../testing/text-art';

/** One connection translated between the points, and another that shares no packet with it. */
const DRAWING = `
  cli = 10.0.0.1:40000
  svc = 172.30.0.1:80
  pod = 10.0.0.2:8080
  cl2 = 10.0.0.3:41000
  time      packet |  left     | right
  0      > S       |  cli>svc  | cli>pod
  0.001  < SA      |  svc>cli  | pod>cli
  0.002  > A       |  cli>svc  | cli>pod
  1      > b:S     |  cl2>svc  | -
  1.001  < b:SA    |  svc>cl2  | -
`;

const analyse = async (
  matches: (fingerprints: readonly string[]) => readonly MatchCorrection[],
) => {
  const sources = textArtSources(DRAWING);
  const found = await analyseSources(sources);
  const fingerprints = found.analysis.captures.map(({ summary }) => summary.fingerprint);
  const corrections = { ...NO_CORRECTIONS, matches: matches(fingerprints) };
  const { analysis } = await analyseSources(textArtSources(DRAWING), undefined, corrections);
  return analysis.connections.map(({ client, points }) => `${client} ${points.join(' ')}`);
};

describe('legs corrected by hand', () => {
  it('are joined as the packets say without corrections', async () => {
    expect(await analyse(() => [])).toEqual(['10.0.0.1:40000 p1 p2', '10.0.0.3:41000 p1']);
  });

  it('are kept apart', async () => {
    const apart = await analyse(([left, right]) => [
      {
        kind: 'forbid',
        first: { capture: left, frame: 1 },
        second: { capture: right, frame: 1 },
      },
    ]);
    expect(apart).toContain('10.0.0.1:40000 p1');
    expect(apart).toContain('10.0.0.1:40000 p2');
  });

  it('are joined whatever the packets say, and each runs the way its frame does', async () => {
    const pinned = await analyse(([left, right]) => [
      { kind: 'pin', first: { capture: left, frame: 4 }, second: { capture: right, frame: 1 } },
    ]);
    expect(pinned).toEqual(['10.0.0.1:40000 p1 p2']);
  });

  it('are left alone where a capture or a frame is not here', async () => {
    const other = await analyse(([left]) => [
      { kind: 'forbid', first: { capture: left, frame: 1 }, second: { capture: 'ff', frame: 1 } },
      { kind: 'pin', first: { capture: left, frame: 99 }, second: { capture: left, frame: 1 } },
    ]);
    expect(other).toHaveLength(2);
  });

  it('have their packets joined although something shifts their numbers and nothing else would prove it', async () => {
    const drawing = `
      cli = 10.0.0.1:40000
      srv = 10.0.0.9:443
      nat = 192.0.2.7:61000
      vip = 192.0.2.8:443
      shift right left sequence +70000
      shift right right sequence -4000
      time      packet |  left     | right
      0      > S       |  cli>srv  | nat>vip
      0.001  < SA      |  srv>cli  | vip>nat
      0.002  > A       |  cli>srv  | nat>vip
      0.010  > P/100   |  cli>srv  | nat>vip
      0.011  < P/200   |  srv>cli  | vip>nat
    `;
    const analyseWith = async (matches: readonly MatchCorrection[]) =>
      (await analyseSources(textArtSources(drawing), undefined, { ...NO_CORRECTIONS, matches }))
        .analysis;
    const apart = await analyseWith([]);
    expect(apart.connections).toHaveLength(2);
    const [left, right] = apart.captures.map(({ summary }) => summary.fingerprint);
    const pin = (frame: number): MatchCorrection => ({
      kind: 'pin',
      first: { capture: left, frame },
      second: { capture: right, frame },
    });
    // By frames that run either way: the pin says which way round the legs are.
    for (const frame of [4, 5]) {
      const pinned = await analyseWith([pin(frame)]);
      expect(pinned.connections).toHaveLength(1);
      const { journeys, journeyCount, sightings } = pinned.journeysOf([0]);
      expect(Array.from(journeys.sightingCount.subarray(0, journeyCount))).toEqual([2, 2, 2, 2, 2]);
      expect(pinned.connections[0]).toMatchObject({ handshake: 'complete', retransmissions: 0 });
      const data = journeys.firstSighting[3];
      expect(sightings.sequenceShift[data + 1] - sightings.sequenceShift[data]).toBe(70_000);
    }
  });
});

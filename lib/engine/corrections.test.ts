// What is corrected by hand, through the engine: the analysis runs again, nothing is read again, and taking it back brings the first one back.
import { describe, expect, it } from 'vitest';
import { type Corrections, correctHost, NO_CORRECTIONS, nudgeClock } from '../model/corrections';
import { memorySource } from '../read/byte-source';
import { type CapturedFrame, pcapFile } from '../testing/capture-file';
import { EnginePage } from '../testing/engine-page';
import { tcpFrame } from '../testing/frame-builder';
import { textArtSources } from '../testing/text-art';

const TWO_HOSTS = `
  cli = 10.0.0.1:40000
  srv = 10.0.0.9:443
  hop 2ms
  clock right +5ms
  time      packet |  left     | right
  0      > S       |  cli>srv  | cli>srv
  0.010  < SA      |  srv>cli  | srv>cli
  0.020  > A       |  cli>srv  | cli>srv
  0.030  > P/100   |  cli>srv  | cli>srv
  0.040  < P/100   |  srv>cli  | srv>cli
`;

const fingerprintOf = ({ engine }: EnginePage, file: string): string => {
  const row = engine.status().captures.find((capture) => capture.file === file);
  if (row?.status.state !== 'ready') throw new Error(`${file} is not read`);
  return row.status.summary.fingerprint;
};

describe('a clock set by hand', () => {
  it('is moved, its bound grows by as much, and is as solved again when taken back', async () => {
    const page = new EnginePage();
    await page.open(textArtSources(TWO_HOSTS));
    const offset = () => {
      const clock = page.engine.status().clocks.find(({ state }) => state !== 'reference')!;
      return { host: clock.host, ...clock.segments[0] };
    };
    const before = offset();
    const file = before.host === 'h2' ? 'right.pcap' : 'left.pcap';
    page.engine.setCorrections(nudgeClock(NO_CORRECTIONS, fingerprintOf(page, file), 700_000));
    await page.ready();
    expect(offset().offsetNs - before.offsetNs).toBeCloseTo(700_000, 0);
    expect(offset().errorNs! - before.errorNs!).toBeCloseTo(700_000, 0);
    page.engine.setCorrections(NO_CORRECTIONS);
    await page.ready();
    expect(offset()).toEqual(before);
  });

  it('shows by its residuals when it is set where packets would arrive before they leave', async () => {
    const page = new EnginePage();
    await page.open(textArtSources(TWO_HOSTS));
    const residuals = () => page.engine.ask('clockResiduals', { host: 'h2' });
    const right = (await residuals())!;
    expect(right.time).toHaveLength(5);
    expect(right.impossible).toBe(0);
    expect([...right.residual].map(Math.sign)).toEqual(
      [...right.arriving].map((arriving) => (arriving === 1 ? 1 : -1)),
    );
    const clock = page.engine.status().clocks.find(({ state }) => state !== 'reference')!;
    const file = clock.host === 'h2' ? 'right.pcap' : 'left.pcap';
    page.engine.setCorrections(nudgeClock(NO_CORRECTIONS, fingerprintOf(page, file), 4_000_000));
    await page.ready();
    expect((await residuals())!.impossible).toBeGreaterThan(0);
  });
});

describe('hosts', () => {
  const ONE_HOST = `
    cli = 10.0.0.1:40000
    srv = 10.0.0.9:443
    hop 20us
    time      packet |  left     | right
    0      > S       |  cli>srv  | cli>srv
    0.010  < SA      |  srv>cli  | srv>cli
    0.020  > A       |  cli>srv  | cli>srv
  `;
  const open = async (drawing: string): Promise<EnginePage> => {
    const page = new EnginePage();
    await page.open(textArtSources(drawing));
    return page;
  };
  const correct = async (page: EnginePage, corrections: Corrections): Promise<void> => {
    page.engine.setCorrections(corrections);
    await page.ready();
  };
  const sharing = ({ engine }: EnginePage) => engine.status().clocks.map(({ shared }) => shared);

  it('are two where one capture is taken out, and each latency has a bound then', async () => {
    const page = await open(ONE_HOST);
    expect(sharing(page)).toEqual([{ confidence: 'certain', apartNs: 0 }]);
    const capture = fingerprintOf(page, 'right.pcap');
    await correct(page, correctHost(NO_CORRECTIONS, { kind: 'alone', capture }));
    const { clocks } = page.engine.status();
    expect(clocks.map(({ state }) => state)).toEqual(['reference', 'solved']);
    expect(clocks[1].segments[0].errorNs).toBeGreaterThan(10_000);
    await correct(page, NO_CORRECTIONS);
    expect(sharing(page)).toEqual([{ confidence: 'certain', apartNs: 0 }]);
  });

  it('are one where someone says so, and what packets say against it stays as a bound', async () => {
    const page = await open(TWO_HOSTS);
    const [capture, other] = ['left.pcap', 'right.pcap'].map((file) => fingerprintOf(page, file));
    expect(sharing(page)).toEqual([undefined, undefined]);
    const together = correctHost(NO_CORRECTIONS, { kind: 'with', capture, other });
    await correct(page, together);
    const [only, ...more] = sharing(page);
    expect(more).toEqual([]);
    expect(only?.confidence).toBe('by-hand');
    // Their clocks are 5 ms apart, and a way takes 2 ms.
    expect(only?.apartNs).toBeGreaterThan(5_000_000);
    await correct(page, correctHost(together, { kind: 'alone', capture: other }));
    expect(sharing(page)).toEqual([undefined, undefined]);
  });
});

describe('points', () => {
  const START = 1_700_000_000_000_000_000n;
  const frame = (micros: number, vlan: number): CapturedFrame => ({
    timeNs: START + BigInt(micros) * 1000n,
    bytes: tcpFrame({
      source: '10.0.0.1:40000',
      destination: '10.0.0.9:443',
      sequence: 1000 + micros,
      vlans: [vlan],
    }),
  });
  const source = () =>
    memorySource(
      pcapFile([frame(0, 7), frame(10, 8), frame(20, 7)], { nanoseconds: true }),
      'trunk.pcap',
    );
  const names = ({ engine }: EnginePage) =>
    engine.status().points.map(({ name, frames }) => `${name} ${frames}`);

  it('are split by VLAN, and merged again', async () => {
    const page = new EnginePage();
    await page.open([source()]);
    expect(names(page)).toEqual(['trunk 3']);
    const [point] = page.engine.status().points;
    expect(point.splits).toEqual(['vlan']);
    const { capture, key: place } = point.place!;
    const split = { kind: 'split', capture, place, by: 'vlan' } as const;
    page.engine.setCorrections({ ...NO_CORRECTIONS, points: [split] });
    await page.ready();
    expect(names(page)).toEqual(['trunk vlan 7 2', 'trunk vlan 8 1']);
    const [into, from] = page.engine.status().points.map((one) => one.place!.key);
    const merge = { kind: 'merge', capture, place: from, into } as const;
    page.engine.setCorrections({ ...NO_CORRECTIONS, points: [split, merge] });
    await page.ready();
    expect(names(page)).toEqual(['trunk vlan 7 3']);
  });
});

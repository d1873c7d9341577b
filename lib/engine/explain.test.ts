import { describe, expect, it } from 'vitest';
import { scenarioSources } from '../testing/committed-captures';
import { textArtSources } from '../testing/text-art';
import { analyseSources } from './analyse';
import { explainFrames } from './explain';

const explain = async (
  sources: Awaited<ReturnType<typeof scenarioSources>>,
  first: readonly [string, number],
  second: readonly [string, number],
) => {
  const { analysis } = await analyseSources(sources);
  const frame = ([file, number]: readonly [string, number]) => ({ file, frame: number });
  return explainFrames(analysis, frame(first), frame(second));
};

const [CPE, BAW] = ['article-3.1-cpe.pcap', 'article-3.1-baw.pcap'];
const result = ({ fields }: Awaited<ReturnType<typeof explain>>, name: string) =>
  fields.find(({ field }) => field === name)?.result;

describe('explainFrames', () => {
  it('tells one packet by what NAT leaves alone, and names the retries it was chosen among', async () => {
    const told = await explain(scenarioSources('article-3.1'), [CPE, 1], [BAW, 1]);
    expect(told).toMatchObject({ verdict: 'one-packet', ambiguous: false });
    expect(result(told, 'tcp.seq_raw')).toBe('equal');
    expect(result(told, 'ip.dst')).toBe('rewritten');
    expect(told.rivals).toHaveLength(4);
    expect(told.rivals[0].differs.join()).toContain('tcp.options.timestamp.tsval');
  });

  it('tells a SYN from its retry by the timestamps', async () => {
    const told = await explain(scenarioSources('article-3.1'), [CPE, 1], [CPE, 4]);
    expect(told.verdict).toBe('two-packets');
    expect(result(told, 'tcp.options.timestamp.tsval')).toBe('differs');
  });

  it('tells the two ways of a connection, two connections, and what is not there', async () => {
    const sources = () =>
      textArtSources(`
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  srv = 10.0.0.2:80
  time   packet | left    | right
  0      > S    | cli>srv | cli>srv
  0.001  < SA   | srv>cli | srv>cli
  1      > b:S  | two>srv | two>srv`);
    const left = (frame: number) => ['left.pcap', frame] as const;
    expect((await explain(sources(), left(1), left(2))).ground).toContain('opposite ways');
    expect((await explain(sources(), left(1), left(3))).verdict).toBe('two-connections');
    expect((await explain(sources(), left(1), left(9))).ground).toContain('left.pcap#9');
  });

  it('says which bytes a large segment shares with one that was cut from it', async () => {
    const sources = scenarioSources('overlay-skew');
    const { analysis } = await analyseSources(sources);
    const window = analysis.journeysOf(analysis.connections.map((_, index) => index));
    const { sightings, journeys, files } = window;
    const isPart = (row: number) => sightings.byteStart[row] !== sightings.byteEnd[row];
    const rowsOf = (journey: number) =>
      Array.from(
        { length: journeys.sightingCount[journey] },
        (_, position) => journeys.firstSighting[journey] + position,
      );
    const rows = Array.from({ length: window.journeyCount }, (_, journey) => rowsOf(journey)).find(
      (all) => all.some(isPart) && !all.every(isPart),
    )!;
    const first = rows.find(isPart)!;
    const last = rows.find((row) => !isPart(row))!;
    const at = (row: number) => ({
      file: files[sightings.capture[row]],
      frame: sightings.frame[row],
    });
    const told = explainFrames(analysis, at(first), at(last));
    expect(told.verdict).toBe('one-packet');
    expect(told.ground).toContain('segmentation offload');
  });
});

it('says of two connections that they may be both sides of a proxy, and why', async () => {
  const sources = textArtSources(`
  cli = 10.0.0.1:40000
  prx = 10.0.0.5:80
  out = 10.0.0.5:51000
  srv = 10.0.0.9:8080
  time     packet  | left    | right
  0      > S       | cli>prx | cli>prx
  0.001  < SA      | prx>cli | prx>cli
  0.002  > P/100   | cli>prx | cli>prx
  0.003  > b:S     | -       | out>srv
  0.004  < b:SA    | -       | srv>out
  0.005  > b:P/100 | -       | out>srv`);
  const told = await explain(sources, ['left.pcap', 3], ['right.pcap', 6]);
  expect(told.verdict).toBe('two-connections');
  expect(told.possiblyContinues.join()).toContain('10.0.0.5 ends the one and begins the other');
  expect(told.possiblyContinues.join()).toContain('one payload');
});

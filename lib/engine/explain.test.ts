import { describe, expect, it } from 'vitest';
import { scenarioSources } from '../testing/committed-captures';
import { datagramArtSources } from '../testing/datagram-art';
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

  it('says whether two points share a host, and how long the first and the last byte took', async () => {
    const told = await explain(
      scenarioSources('overlay-skew'),
      ['cart-eth0.pcap', 172],
      ['node2-ens3.pcap', 830],
    );
    expect(told.frames.map(({ role }) => role)).toEqual([
      'own interface of 10.42.2.20',
      'underlay',
    ]);
    expect(told.hosts).toContain('one host, certain');
    // As tshark prints them: 0.943902 at the pod; 0.943921, 0.943923 … 0.943950 on the wire, less the clock's drift of 120 ppm.
    expect(told.latency).toEqual({
      ns: expect.closeTo(21_000, -2),
      errorNs: 0,
      bytes: {
        firstByteNs: expect.closeTo(19_000, -2),
        lastByteNs: expect.closeTo(48_000, -2),
        packets: 46,
      },
    });
    const across = await explain(
      scenarioSources('overlay-skew'),
      ['node1-ens3.pcap', 179],
      ['node2-ens3.pcap', 829],
    );
    expect(across.hosts).toContain('two hosts');
    expect(across.latency?.ns).toBeGreaterThan(0);
    expect(across.latency?.errorNs).toBeGreaterThan(0);
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

describe('explainFrames, of what is no TCP', () => {
  const ENDS = `
    c = 10.1.1.11:5000
    n = 192.0.2.1:41000
    s = 198.51.100.9:7000
    r = 192.0.2.2:0`;

  it('tells an ICMP error by the packet it quotes, and whether that was translated back', async () => {
    const sources = (within: string) =>
      datagramArtSources(`${ENDS}
        time   packet                     | in            | out
        0      > ask udp 'is it open now?' | c>s           | n>s
        0.001  < error port of ask        | s>c(${within}) | s>n(n>s)`);
    const back = await explain(sources('c>s'), ['out.pcap', 2], ['in.pcap', 2]);
    expect(back).toMatchObject({ verdict: 'one-packet', rung: 'key' });
    expect(result(back, 'ip.dst')).toBe('rewritten');
    expect(result(back, 'ip.src#2')).toBe('rewritten');
    expect(result(back, 'udp.srcport#1')).toBe('rewritten');
    expect(back.fields.filter((field) => field.result === 'differs')).toEqual([]);
    const left = await explain(sources('n>s'), ['out.pcap', 2], ['in.pcap', 2]);
    expect(left.verdict).toBe('one-packet');
    expect(result(left, 'ip.src#2')).toBeUndefined();
    expect(left.ground).toContain('the quotation was not translated back');
    const about = await explain(sources('c>s'), ['in.pcap', 2], ['out.pcap', 1]);
    expect(about.verdict).toBe('two-connections');
    expect(about.ground).toContain('about the connection of the second');
  });

  it('names the bytes of the datagram that fragments share', async () => {
    const told = await explain(
      datagramArtSources(`${ENDS}
        time   packet      | in                    | out
        0      > udp 2000  | c>s[0-1480,1480-2008] | n>s`),
      ['in.pcap', 2],
      ['out.pcap', 1],
    );
    expect(told).toMatchObject({ verdict: 'one-packet', rung: 'bytes' });
    expect(told.ground).toContain('bytes 1472 to 2000 of the datagram');
  });

  it('takes the number of an echo, not its identifier', async () => {
    const told = await explain(
      datagramArtSources(`
        c = 10.1.1.11:77
        n = 192.0.2.1:6021
        s = 198.51.100.9:77
        t = 198.51.100.9:6021
        time   packet        | in  | out
        0      > echo:5 64   | c>s | n>t`),
      ['in.pcap', 1],
      ['out.pcap', 1],
    );
    expect(told.verdict).toBe('one-packet');
    expect(result(told, 'icmp.seq')).toBe('equal');
    expect(result(told, 'icmp.ident')).toBe('rewritten');
  });
});

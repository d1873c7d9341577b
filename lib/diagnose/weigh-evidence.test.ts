// Counters beside the captures speak for a finding, against it, or of another time.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { memorySource } from '../read/byte-source';
import { COLLISION, STEADY_DROP } from '../testing/cases';
import { textArtSources } from '../testing/text-art';

/** Text-art captures begin at this second. */
const START = 1_700_000_000;
const dated = (second: number): string =>
  new Date((START + second) * 1000)
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5 UTC $4');

const flows = (...samples: readonly (readonly [second: number, packets: number])[]): string =>
  samples
    .map(
      ([second, packets]) => `${dated(second)}
OFPST_FLOW reply (OF1.3) (xid=0x2):
 cookie=0x0, duration=2.0s, table=10, n_packets=${packets}, n_bytes=0, priority=10,ct_state=+inv+trk actions=drop`,
    )
    .join('\n');

const judge = async (drawing: string, text: string, rule: string) => {
  const evidence = memorySource(new TextEncoder().encode(text), 'counters.txt');
  const { diagnosis } = await analyseSources([...textArtSources(drawing), evidence]);
  return diagnosis.findings.find((finding) => finding.rule === rule)!;
};

describe('evidence', () => {
  it('that rises with the failing connections speaks for the finding, and cites its line', async () => {
    const bare = await judge(COLLISION, 'TcpExtListenDrops 0 0.0', 'tuple-collision');
    const finding = await judge(COLLISION, flows([-5, 3], [200, 8]), 'tuple-collision');
    expect(bare.evidence).toEqual([]);
    expect(finding.confidence).toBeGreaterThan(bare.confidence);
    expect(finding.evidence).toMatchObject([{ file: 'counters.txt', line: 6, speaks: 'for' }]);
    expect(finding.evidence[0].text).toContain('rises by 5, to 8');
    expect(finding.grounds.at(-1)).toMatchObject({ speaks: 'for' });
  });

  it('that stands still speaks against it', async () => {
    const bare = await judge(STEADY_DROP, 'TcpExtListenDrops 0 0.0', 'steady-drop');
    const finding = await judge(STEADY_DROP, flows([-5, 3], [200, 3]), 'steady-drop');
    expect(finding.confidence).toBeCloseTo(bare.confidence - 0.1);
    expect(finding.evidence).toMatchObject([{ line: 6, speaks: 'against' }]);
    expect(finding.evidence[0].text).toContain('stands still at 3');
  });

  it('of another time says nothing', async () => {
    const finding = await judge(STEADY_DROP, flows([-900, 3], [-800, 8]), 'steady-drop');
    expect(finding.evidence).toEqual([]);
  });

  it('that is 0 at the end has never risen, though it was looked at once', async () => {
    const finding = await judge(STEADY_DROP, flows([200, 0]), 'steady-drop');
    expect(finding.evidence).toMatchObject([{ speaks: 'against' }]);
    expect(finding.evidence[0].text).toContain('has never risen');
  });
});

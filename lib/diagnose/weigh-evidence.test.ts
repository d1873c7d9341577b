// Counters beside the captures speak for a finding, against it, or of another time.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { memorySource } from '../read/byte-source';
import { COLLISION, HALF_UNTRANSLATED, STEADY_DROP } from '../testing/cases';
import { TABLE_CARRIES_ON, TABLE_FULL } from '../testing/rule-cases/openings';
import { caseSources, RULE_CASES } from '../testing/rule-cases/registry';
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

const judge = async (drawing: string, text: string, rule: string) =>
  (await judgeAll(drawing, { 'counters.txt': text })).find((finding) => finding.rule === rule)!;

const judgeAll = async (drawing: string, files: Readonly<Record<string, string>>) => {
  const evidence = Object.entries(files).map(([name, text]) =>
    memorySource(new TextEncoder().encode(text), name),
  );
  const { diagnosis } = await analyseSources([...textArtSources(drawing), ...evidence]);
  return diagnosis.findings;
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

describe('counters that name a cause', () => {
  const drops = (at: number, value: number): string =>
    `${dated(at)}\n#kernel\nTcpExtIPReversePathFilter ${value} 0.0\n`;

  it('are told where packets alone say only that SYNs vanish', async () => {
    const finding = await judge(STEADY_DROP, drops(-5, 3) + drops(20, 9), 'steady-drop');
    expect(finding.summary).toContain('TcpExtIPReversePathFilter rises by 6');
    expect(finding.alternatives[0].rule).toBe('reverse-path-drop');
    expect(finding.fix).toContain('rp_filter=2');
  });

  it('are not where they rise by less than was lost', async () => {
    const finding = await judge(STEADY_DROP, drops(-5, 3) + drops(20, 4), 'steady-drop');
    expect(finding.evidence).toEqual([]);
    expect(finding.fix).toContain('policy');
  });
});

describe('a full table beside the captures', () => {
  const FULL = `${TABLE_FULL}${TABLE_CARRIES_ON}`;
  const logged = (value: number): string => `${dated(9)}\n${value}\n${dated(12)}\n${value}\n`;

  it('makes the consideration a verdict, and takes in the finding of where SYNs are lost', async () => {
    const graver = await judgeAll(FULL, {
      'nf_conntrack_count.txt': logged(65_530),
      'nf_conntrack_max.txt': logged(65_536),
    });
    expect(graver.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['conntrack-table-full', 'failure'],
    ]);
    const [finding] = graver;
    expect(finding.confidence).toBeCloseTo(0.8);
    expect(finding.title).toBe('Connection tracking is full between left and right');
    expect(finding.summary).not.toContain('Consider');
    expect(finding.summary).toContain('65530 of 65536');
    expect(finding.alternatives[0].rule).toBe('steady-drop');
  });

  it('with room speaks against it, and the finding of where stays', async () => {
    const all = await judgeAll(FULL, {
      'nf_conntrack_count.txt': logged(1200),
      'nf_conntrack_max.txt': logged(65_536),
    });
    expect(all.map(({ rule }) => rule)).toEqual(['steady-drop', 'conntrack-table-full']);
    expect(all[1].confidence).toBeLessThan(0.5);
    expect(all[1].evidence[0].speaks).toBe('against');
  });
});

describe('how busy processors were', () => {
  const SLOW_FIRST = RULE_CASES['upcall-delay'].fires as string;
  const mpstat = (idle: number): string => `Linux 5.14.0 (node)  11/14/2023  _x86_64_ (2 CPU)

22:13:24     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle
22:13:25     all    1.00    0.00    1.00    0.00    0.00   48.00    0.00    0.00    0.00   50.00
22:13:25       0    1.00    0.00    1.00    0.00    0.00   ${98 - idle}.00    0.00    0.00    0.00   ${idle}.00
`;

  it('is told, and moves no confidence: mpstat’s times have no zone', async () => {
    const { diagnosis } = await analyseSources(caseSources(SLOW_FIRST));
    const bare = diagnosis.findings.find(({ rule }) => rule === 'upcall-delay')!;
    for (const idle of [0, 90]) {
      const file = memorySource(new TextEncoder().encode(mpstat(idle)), 'mpstat.txt');
      const { diagnosis: told } = await analyseSources([...caseSources(SLOW_FIRST), file]);
      const finding = told.findings.find(({ rule }) => rule === 'upcall-delay')!;
      expect(finding.confidence).toBe(bare.confidence);
      expect(finding.severity).toBe('note');
      expect(finding.evidence).toHaveLength(1);
      expect(finding.grounds.at(-1)?.text).toContain('another moment');
    }
  });
});

describe('entries of connection tracking', () => {
  const entry = (to: string): string =>
    `tcp 6 84 TIME_WAIT src=10.128.2.10 dst=${to} sport=36440 dport=9443 src=10.128.2.6 dst=10.128.2.10 sport=9443 dport=36440 [ASSURED] mark=0 use=1`;

  it('that hold the tuple speak for its collision', async () => {
    const finding = await judge(COLLISION, entry('172.30.32.208'), 'tuple-collision');
    expect(finding.evidence).toMatchObject([{ line: 1, speaks: 'for' }]);
    expect(finding.evidence[0].text).toContain(
      '10.128.2.10:36440 > 172.30.32.208:9443, answered as 10.128.2.6:9443 > 10.128.2.10:36440 (TIME_WAIT)',
    );
  });

  it('of another tuple say nothing', async () => {
    const other = entry('172.30.32.208').replaceAll('36440', '36441');
    expect((await judge(COLLISION, other, 'tuple-collision')).evidence).toEqual([]);
  });

  it('with both translations speak for the reply that got one of them back', async () => {
    const finding = await judge(
      HALF_UNTRANSLATED,
      'tcp,orig=(src=10.128.3.202,dst=172.30.249.115,sport=60170,dport=9443),reply=(src=10.128.3.214,dst=10.128.3.202,sport=9443,dport=59906),protoinfo=(state=SYN_RECV)',
      'half-untranslated-reply',
    );
    expect(finding.evidence[0].text).toContain('needs both translated back');
  });
});

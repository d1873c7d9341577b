// half-untranslated-reply and untranslated-reply, from drawings: each fires on its fault, stays silent on the other's and in health.
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../model/finding';
import { analyseTextArt } from '../../testing/analyse-text-art';
import {
  COLLISION_RESOLVED,
  HALF_HEALTHY,
  HALF_UNTRANSLATED,
  STEADY_DROP,
  UNTRANSLATED,
} from '../../testing/cases';

const diagnoseText = async (text: string): Promise<Diagnosis> =>
  (await analyseTextArt(text)).diagnosis;

const resultOf = ({ rules }: Diagnosis, rule: string): string | undefined =>
  rules.find((result) => result.rule === rule)?.result;

/** The drawing without some of its lanes: not every point was captured. */
const without = (text: string, ...lanes: readonly string[]): string => {
  let dropped: readonly number[] | undefined;
  return text
    .split('\n')
    .map((line) => {
      const cells = line.split('|');
      if (cells.length === 1) return line;
      dropped ??= lanes.map((lane) => cells.findIndex((cell) => cell.trim() === lane));
      const kept = cells.filter((_, index) => !dropped?.includes(index));
      return kept.slice(1).every((cell) => /^\s*[-~]?\s*$/.test(cell)) ? '' : kept.join('|');
    })
    .join('\n');
};

describe('half-untranslated-reply', () => {
  it('tells the article’s 3.1 in steps, with the frames at each point', async () => {
    const diagnosis = await diagnoseText(HALF_UNTRANSLATED);
    expect(diagnosis.findings).toHaveLength(1);
    const [finding] = diagnosis.findings;
    expect(finding).toMatchObject({
      rule: 'half-untranslated-reply',
      severity: 'failure',
      between: ['p2', 'p1'],
    });
    expect(finding.confidence).toBeGreaterThan(0.9);
    const texts = finding.steps.map(({ text }) => text);
    expect(texts[0]).toContain('10.128.3.202:60170 starts a connection to 172.30.249.115:9443');
    expect(texts[1]).toContain('source 10.128.3.202:60170 → 10.128.3.202:59906');
    expect(texts[2]).toContain('its destination port was restored to 60170');
    expect(texts[2]).toContain('its source address is still 10.128.3.214');
    expect(texts[3]).toContain('answers with a RST');
    expect(texts[4]).toContain('ignores the RST');
    expect(texts[5]).toContain('1.01, 2.05 and 4.04 s');
    expect(texts[6]).toContain('fails to establish');
    expect(finding.steps[0].frames).toContainEqual({ file: 'left.pcap', frame: 1 });
    expect(finding.steps[2].frames).toEqual([{ file: 'left.pcap', frame: 2 }]);
    expect(finding.steps[3].frames).toEqual([{ file: 'left.pcap', frame: 3 }]);
    expect(finding.steps[4].frames).toEqual([{ file: 'right.pcap', frame: 3 }]);
    const cited = finding.steps.flatMap(({ frames }) =>
      frames.map(({ file, frame }) => `${file}#${frame}`),
    );
    for (let frame = 1; frame <= 10; frame++) expect(cited).toContain(`left.pcap#${frame}`);
    expect(resultOf(diagnosis, 'untranslated-reply')).toBe('healthy');
    expect(resultOf(diagnosis, 'tuple-collision')).toBe('healthy');
  });

  it('sees the same with no point between, on another link, and in a tunnel', async () => {
    for (const text of [
      without(HALF_UNTRANSLATED, 'tun'),
      `link left sll2\nlink right raw\n${HALF_UNTRANSLATED}`,
      `link right vxlan\nclock right -0.37s\n${HALF_UNTRANSLATED}`,
    ]) {
      const { findings } = await diagnoseText(text);
      expect(findings.map(({ rule }) => rule)).toEqual(['half-untranslated-reply']);
    }
  });

  it('sees it where the client is masqueraded: the address of the reply’s destination restored, its source not', async () => {
    const { findings } = await diagnoseText(
      HALF_UNTRANSLATED.replace('cpq = 10.128.3.202:59906', 'cpq = 192.0.2.9:33001'),
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['half-untranslated-reply']);
    expect(findings[0].steps[2].text).toContain('its destination address was restored');
  });

  it('infers it from the client’s side alone: the reset does not end what the server repeats', async () => {
    const { findings } = await diagnoseText(without(HALF_UNTRANSLATED, 'tun', 'right'));
    expect(findings.map(({ rule }) => rule)).toEqual(['half-untranslated-reply']);
    expect(findings[0].confidence).toBeLessThan(0.7);
    expect(findings[0].steps[4].text).toContain('goes on repeating the very SYN-ACK');
  });

  it('infers it from the server’s side alone: the reset comes from another port than the SYN', async () => {
    const { findings } = await diagnoseText(without(HALF_UNTRANSLATED, 'left', 'tun'));
    expect(findings.map(({ rule }) => rule)).toEqual(['half-untranslated-reply']);
    expect(findings[0].confidence).toBeLessThan(0.75);
    expect(findings[0].steps[2].text).toContain(
      'from another port of the client: 10.128.3.202:60170',
    );
    expect(findings[0].steps[2].frames).toEqual([{ file: 'right.pcap', frame: 3 }]);
  });

  it('tells it from the first SYN that the client’s capture has, where that began late', async () => {
    const late = HALF_UNTRANSLATED.replace('0       > S    | cpe>svc', '0       > S    | -      ')
      .replace('0.0002  < SA   | baw>cpe', '0.0002  < SA   | -      ')
      .replace('0.0004  > R    | cpe>baw', '0.0004  > R    | -      ');
    const { findings } = await diagnoseText(late);
    expect(findings.map(({ rule }) => rule)).toEqual(['half-untranslated-reply']);
    expect(findings[0].steps[0].text).toContain('10.128.3.202:60170 starts a connection');
    expect(findings[0].steps[0].frames[0]).toEqual({ file: 'left.pcap', frame: 1 });
    expect(findings[0].steps[2].frames).toEqual([{ file: 'left.pcap', frame: 2 }]);
  });

  it('is silent about a scan, which resets what it was rightly answered', async () => {
    const { findings } = await diagnoseText(`
      cli = 10.0.0.1:40000
      svc = 10.96.0.1:443
      pod = 10.0.0.2:8443
      time   packet | left    | right
      0      > S    | cli>svc | cli>pod
      0.0002 < SA   | svc>cli | pod>cli
      0.0003 > R    | cli>svc | cli>pod
      5      > b:S  | cli>svc | cli>pod
      5.0002 < b:SA | svc>cli | pod>cli
      5.0003 > b:R  | cli>svc | cli>pod`);
    expect(findings).toEqual([]);
  });

  it('is silent where a changed port is restored whole', async () => {
    const diagnosis = await diagnoseText(HALF_HEALTHY);
    expect(diagnosis.findings).toEqual([]);
    expect(resultOf(diagnosis, 'half-untranslated-reply')).toBe('healthy');
  });

  it('does not apply without a handshake', async () => {
    const midstream = HALF_HEALTHY.split('\n')
      .filter((line) => !/[<>] (S|SA) /.test(line))
      .join('\n');
    const diagnosis = await diagnoseText(midstream);
    expect(resultOf(diagnosis, 'half-untranslated-reply')).toBe('notApplicable');
    expect(resultOf(diagnosis, 'untranslated-reply')).toBe('notApplicable');
    expect(resultOf(diagnosis, 'tuple-collision')).toBe('notApplicable');
  });
});

describe('untranslated-reply', () => {
  it('tells a reply that the bridge switched past the translation', async () => {
    const diagnosis = await diagnoseText(UNTRANSLATED);
    expect(diagnosis.findings).toHaveLength(1);
    const [finding] = diagnosis.findings;
    expect(finding).toMatchObject({ rule: 'untranslated-reply', severity: 'failure' });
    expect(finding.confidence).toBeGreaterThan(0.9);
    expect(finding.summary).toContain('past the translation');
    expect(finding.steps[2].text).toContain(
      'its source address is still fd00:10:244::17 instead of fd00:10:96::7 and its source port is still 8080 instead of 80',
    );
    expect(finding.steps[4].text).toContain(
      'each later SYN is answered with a new sequence number',
    );
    expect(finding.fix).toContain('bridge-nf-call-ip6tables=1');
    expect(resultOf(diagnosis, 'half-untranslated-reply')).toBe('healthy');
  });

  it('finds a reply that nothing joins to its SYN, and says that the server’s side is missing', async () => {
    const diagnosis = await diagnoseText(without(UNTRANSLATED, 'bridge', 'right'));
    expect(diagnosis.findings.map(({ rule }) => rule)).toEqual(['untranslated-reply']);
    const [finding] = diagnosis.findings;
    expect(finding.confidence).toBeLessThan(0.7);
    expect(finding.summary).toContain('The server’s side was not captured');
    expect(finding.alternatives[0].rule).toBe('half-untranslated-reply');
  });

  it('finds a reply that takes another way to a client with two interfaces', async () => {
    const { diagnosis } = await analyseTextArt(`
  cli = 10.0.0.1:40000
  svc = 172.30.0.9:80
  pod = 10.1.0.2:8080
  time   packet   | eth0    | eth1    | right
  0      > S      | cli>svc | -       | cli>pod
  0.0002 < SA     | -       | pod>cli | pod>cli
  0.0004 > R      | -       | cli>pod | cli>pod
  1.02   > S*     | cli>svc | -       | cli>pod
  1.0202 < SA new | -       | pod>cli | pod>cli
  1.0204 > R      | -       | cli>pod | cli>pod`);
    const [finding, ...more] = diagnosis.findings.filter(({ severity }) => severity !== 'note');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: 'untranslated-reply', severity: 'failure' });
    expect(finding.summary).toContain('came by eth1, by which the request did not leave');
    expect(finding.confirm[0].command).toBe('ip route get 10.0.0.1 from 10.1.0.2');
  });

  it('is silent on other faults and in health', async () => {
    for (const text of [HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP, COLLISION_RESOLVED])
      expect(resultOf(await diagnoseText(text), 'untranslated-reply')).toBe('healthy');
  });
});

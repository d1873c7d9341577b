// What summaries say of the place and of how often: exact counts, and silence where they are not.
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../correlate/correlate';
import { analyseSources } from '../engine/analyse';
import type { ConnectionSummary } from '../model/connection';
import type { Finding } from '../model/finding';
import { countPassages } from '../model/lane-name';
import { captureScenarios, scenarioSources } from '../testing/committed-captures';
import { caseSources, RULE_CASES } from '../testing/rule-cases/registry';
import { buildFacts, pointFacts } from './facts';
import { withPlaceAndShare } from './how-often';
import { stopName } from './story';

const graver = ({ severity }: Finding): boolean => severity !== 'note';

describe('the place in a finding’s words', () => {
  const cases = [
    ...Object.entries(RULE_CASES).map(
      ([rule, { fires }]) => [rule, () => caseSources(fires)] as const,
    ),
    ...captureScenarios().map((name) => [name, () => scenarioSources(name)] as const),
  ];
  it.each(cases)('is named with both points wherever it is known: %s', async (_, sources) => {
    const { analysis, diagnosis } = await analyseSources(sources());
    const named = { points: pointFacts(analysis), passages: countPassages(analysis.connections) };
    for (const { between, direction, title, summary } of diagnosis.findings)
      for (const stop of between ?? [])
        expect(`${title} ${summary}`).toContain(stopName(named, stop, direction ?? 'forward'));
  });
});

it('a point is not named by another one whose name is longer', async () => {
  const { analysis, diagnosis } = await analyseSources(scenarioSources('sdn-nat-untranslated'));
  const facts = runToEnd(buildFacts(analysis));
  const hop = facts.hops.find(({ from, to }) => to === `${from}/2`)!;
  const name = (stop: string): string => stopName(facts, stop, hop.direction);
  const tell = (summary: string): string =>
    withPlaceAndShare(facts, {
      ...diagnosis.findings[0],
      title: '',
      summary,
      connections: [],
      between: [hop.from, hop.to],
      direction: hop.direction,
    }).summary;
  expect(name(hop.to)).toContain(name(hop.from));
  expect(tell(`Lost at ${name(hop.to)}.`)).toContain(
    `It happens between ${name(hop.from)} and ${name(hop.to)}.`,
  );
  expect(tell(`Lost between ${name(hop.from)} and ${name(hop.to)}.`)).not.toContain('It happens');
});

describe('how often', () => {
  it('counts the failed of all, and names what just they have in common', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('sdn-nat-untranslated'));
    const [{ summary, steps }] = diagnosis.findings.filter(graver);
    expect(summary).toContain(
      'could not open: between node-veth91c7e3aa and node-veth5b024d2c the reply’s destination port was restored',
    );
    expect(summary).toContain(
      'That is 3 of the 19 connections to 172.30.249.115:9443 whose SYN is in the captures; the other 16 opened. These are exactly the ones whose source port was changed on the way there: 3 of 3, against 0 of the 16 that opened.',
    );
    expect(steps.map(({ text }) => text).join(' ')).toContain(
      'The problem is at step 3, between node-veth91c7e3aa and node-veth5b024d2c: the SYN-ACK comes from 10.128.3.214:9443',
    );
  });

  it('says nothing in common of one among many that were led alike', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('sdn-tuple-collision'));
    const [{ summary }] = diagnosis.findings.filter(graver);
    expect(summary).toContain('That is 1 of the 9 connections to 10.128.3.214:9443');
    expect(summary).not.toContain('exactly the ones');
  });

  it('counts nothing where no other connection called the service', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('bridge-untranslated'));
    const [{ summary, between, direction }] = diagnosis.findings.filter(graver);
    expect(summary).not.toMatch(/That is|exactly/);
    expect([between, direction]).toEqual([['p4', 'p3'], 'reverse']);
  });
});

describe('what is in common', () => {
  it('is told only where it is exact: not where one that opened has it too, or does not show whether', async () => {
    const { analysis, diagnosis } = await analyseSources(scenarioSources('sdn-nat-untranslated'));
    const facts = runToEnd(buildFacts(analysis));
    const finding = { ...diagnosis.findings.filter(graver)[0], summary: '' };
    const tell = (
      change: (connection: ConnectionSummary) => Partial<ConnectionSummary>,
    ): string => {
      const spared = facts.connections.find(
        ({ server, handshake }) => server.endsWith(':9443') && handshake === 'complete',
      )!;
      const connections = facts.connections.map((one) =>
        one === spared ? { ...one, ...change(one) } : one,
      );
      return withPlaceAndShare({ ...facts, connections }, finding).summary;
    };
    expect(tell(() => ({}))).toContain('exactly the ones whose source port was changed');
    expect(tell(() => ({ translations: [] }))).not.toContain('exactly');
    const changed = tell(({ translations }) => ({
      translations: [
        ...translations,
        { ...translations[0], kind: 'snat', before: '10.0.0.1:1', after: '10.0.0.1:2' },
      ],
    }));
    expect(changed).not.toContain('exactly');
    expect(changed).toContain('3 of the 19 connections');
    expect(tell(() => ({ handshake: 'failed' }))).toContain('15 of the other 16 opened');
    expect(tell(() => ({ handshake: 'unseen' }))).toContain('3 of the 18 connections');
  });
});

describe('what rules say that found nothing', () => {
  it('names exactly what was looked at: a reset that answers a SYN, a copy beside the way', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('sdn-nat-untranslated'));
    const reasonOf = (id: string) => diagnosis.rules.find(({ rule }) => rule === id)!.reason;
    expect(reasonOf('refused-connection')).toBe(
      '19 handshakes seen: no SYN was answered with a reset or an ICMP error. 28 resets that clients sent while they tried to open answer no SYN: other rules look at them.',
    );
    expect(reasonOf('repeated-sighting')).toContain(
      'no point shows one of them as a second copy beside the way that it takes',
    );
  });
});

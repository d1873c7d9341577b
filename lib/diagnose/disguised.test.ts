// The committed captures as another network, another link or another tool would have given them: the same packets, hence the same verdicts.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import type { ByteSource } from '../read/byte-source';
import {
  captureScenarios,
  scenarioExpectation,
  scenarioSources,
} from '../testing/committed-captures';
import {
  captureFiles,
  cutTo,
  type Disguise,
  doubled,
  type KnownCapture,
  type KnownFrame,
  keeping,
  knownCapture,
  mergedFile,
  otherAddresses,
  overIpv6,
  rawIp,
  retimed,
  tagged,
} from '../testing/disguise-captures';
import { type Origin, scoreTruth, type Truth } from '../testing/score-truth';
import { seededRandom } from '../testing/seeded-random';

const DISGUISES: Readonly<Record<string, Disguise>> = {
  'other addresses, over IPv6, in a VLAN': (captures) =>
    tagged(42)(overIpv6(otherAddresses(99)(captures))),
  'raw IP links': rawIp,
  'time stamps of whole milliseconds': retimed((time) => time - (time % 1_000_000n)),
  'a clock of its own for each capture': retimed(
    (time, capture) => time + BigInt(capture) * 1_234_567_891n,
  ),
  'begun in the middle': keeping((_, __, share) => share > 0.3),
  'each frame twice in the first capture': doubled((index) => index === 0),
  'each frame twice in each capture but the first': doubled((index) => index > 0),
  'one frame in a hundred missed by each capture': (captures) => {
    const random = seededRandom(1);
    return keeping(() => random() >= 0.01)(captures);
  },
};

const HEALTHY = captureScenarios().filter(
  (scenario) => hasTruth(scenario) && scenarioExpectation(scenario).must.length === 0,
);

describe.each(Object.entries(DISGUISES))('%s', (_, disguise) => {
  it.each(captureScenarios().filter(hasTruth))('%s', async (scenario) => {
    const captures = disguise(await knownCaptures(scenario));
    const frames = new Map(captures.map(({ name, frames }) => [name, frames]));
    await expectTheSame(scenario, captureFiles(captures), captures, (file, frame) => [
      file,
      frames.get(file)?.[frame - 1].number ?? 0,
    ]);
  });
});

describe('all points in one pcapng', () => {
  it.each(captureScenarios().filter(hasTruth))('%s', async (scenario) => {
    const captures = await knownCaptures(scenario);
    const { source, order } = mergedFile(captures);
    await expectTheSame(scenario, [source], captures, (_, frame) => [
      order[frame - 1].file,
      order[frame - 1].frame,
    ]);
  });
});

it('packets lost are told from frames missed: of the 28 that the rule dropped, none is doubted where three captures after it miss one in a hundred', async () => {
  const captures = DISGUISES['one frame in a hundred missed by each capture'](
    await knownCaptures('sdn-loss'),
  );
  const { analysis } = await analyseSources(captureFiles(captures));
  expect(analysis.hops.filter(({ lost }) => lost > 0).map(({ lost }) => lost)).toEqual([28]);
});

it('datagrams cut before their content are not called lost where a translation hides them', async () => {
  const captures = cutTo(68)(await knownCaptures('sdn-dns'));
  const { analysis, diagnosis } = await analyseSources(captureFiles(captures));
  expect(analysis.hops.filter(({ lost }) => lost > 0)).toEqual([]);
  expect(diagnosis.findings.map(({ rule }) => rule)).toContain('dns-retry');
});

it('a connection whose replies take another way is one, though no point shows both ways', async () => {
  const [capture] = (await knownCaptures('sdn-healthy')).filter(({ name }) => /cpe/.test(name));
  const isSent = ({ bytes }: KnownFrame): boolean => bytes[26] === 10 && bytes[29] === 202;
  const oneWay = (name: string, keeps: (frame: KnownFrame) => boolean): KnownCapture => ({
    ...capture,
    name,
    frames: capture.frames.filter(keeps),
  });
  const both = await analyseSources(captureFiles([capture]));
  const parted = await analyseSources(
    captureFiles([oneWay('out.pcap', isSent), oneWay('in.pcap', (frame) => !isSent(frame))]),
  );
  const opened = ({ analysis }: typeof both): string[] =>
    analysis.connections
      .filter(({ handshake }) => handshake === 'complete')
      .map(({ client, server }) => `${client} ${server}`)
      .sort();
  expect(opened(both).length).toBeGreaterThan(20);
  expect(opened(parted)).toEqual(opened(both));
  expect(parted.analysis.hops.filter(({ lost }) => lost > 0)).toEqual([]);
});

async function expectTheSame(
  scenario: string,
  sources: readonly ByteSource[],
  captures: readonly KnownCapture[],
  origin: Origin,
): Promise<void> {
  const { analysis, diagnosis } = await analyseSources(sources);
  const score = scoreTruth(analysis, truthOf(scenario, captures), origin);
  expect(score.missed).toEqual([]);
  expect(score.wrong).toEqual([]);
  const { must, may } = scenarioExpectation(scenario);
  const found = diagnosis.findings.map(({ rule }) => rule);
  for (const rules of must)
    expect(rules.split('|').filter((rule) => found.includes(rule))).not.toEqual([]);
  const wanted = [...must.flatMap((rules) => rules.split('|')), ...may];
  const alarms = diagnosis.findings.filter(
    ({ rule, severity }) =>
      !wanted.includes(rule) &&
      (severity === 'failure' || (must.length === 0 && severity === 'warning')),
  );
  expect(alarms.map(({ title }) => title)).toEqual([]);
  if (HEALTHY.includes(scenario)) expect(analysis.hops.filter(({ lost }) => lost > 0)).toEqual([]);
}

/** The truth of the frames that are left. */
function truthOf(scenario: string, captures: readonly KnownCapture[]): Truth {
  const left = new Map(
    captures.map(({ name, frames }) => [name, new Set(frames.map(({ number }) => number))]),
  );
  const { frames, pairs } = readTruth(scenario);
  return {
    frames,
    pairs: Object.fromEntries(
      Object.entries(pairs).map(([files, list]) => {
        const [a, b] = files.split('|').map((file) => left.get(file));
        return [files, list.filter(([x, y]) => a?.has(x) && b?.has(y))];
      }),
    ),
  };
}

const knownCaptures = (scenario: string): Promise<readonly KnownCapture[]> =>
  Promise.all(scenarioSources(scenario).map(knownCapture));

function readTruth(scenario: string): Truth {
  const url = new URL(`../../e2e/captures/${scenario}/truth.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(url)).toString()) as Truth;
}

function hasTruth(scenario: string): boolean {
  try {
    return readTruth(scenario).pairs !== undefined;
  } catch {
    return false;
  }
}

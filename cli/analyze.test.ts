// The command line's contract on real captures: schemas, exit status, same input same bytes, the frames that each finding must cite.
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../lib/model/finding';
import {
  captureScenarios,
  scenarioExpectation,
  scenarioSources,
} from '../lib/testing/committed-captures';
import { type AnalyzeOptions, analyze } from './analyze';
import { EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE, UsageError } from './usage';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const load = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')));
const validAnalysis = load('analysis.schema.json');
const validJourney = load('journey.schema.json');

const EVIDENCE = join(import.meta.dirname, '..', 'e2e', 'captures', 'sdn-any', 'evidence');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hoplane-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a scenario's captures to disk and gives their paths. */
async function unpack(scenario: string): Promise<string[]> {
  const paths: string[] = [];
  for (const source of scenarioSources(scenario)) {
    const path = join(folder, `${scenario}-${source.name}`);
    writeFileSync(path, await source.read(0, source.size));
    paths.push(path);
  }
  return paths;
}

const quietly = (options: Partial<AnalyzeOptions> & { files: readonly string[] }) =>
  analyze({
    evidence: [],
    json: undefined,
    journeys: undefined,
    pdf: undefined,
    shareFile: undefined,
    failOn: undefined,
    quiet: true,
    ...options,
  });

interface AnalysisFile {
  readonly findings: readonly Finding[];
  readonly captures: readonly { readonly sha256: string | null }[];
}

async function analyseToJson(files: readonly string[], name: string): Promise<AnalysisFile> {
  const out = join(folder, `${name}.json`);
  expect(await quietly({ files, json: out })).toBe(EXIT_OK);
  return JSON.parse(readFileSync(out, 'utf8'));
}

const SCENARIOS = captureScenarios().filter((scenario) => {
  try {
    return scenarioExpectation(scenario) !== undefined;
  } catch {
    return false;
  }
});

describe('hoplane analyze on captures with known faults', () => {
  it.each(SCENARIOS)('%s: the right rule with its frames, and no false alarm', async (scenario) => {
    const analysis = await analyseToJson(await unpack(scenario), scenario);
    expect(validAnalysis(analysis), JSON.stringify(validAnalysis.errors)).toBe(true);
    const { must, may, frames } = scenarioExpectation(scenario);
    const found = analysis.findings.map((finding) => finding.rule);
    for (const rules of must) {
      const wanted = rules.split('|');
      expect(found.some((rule) => wanted.includes(rule))).toBe(true);
    }
    const allowed = [...must.flatMap((rules) => rules.split('|')), ...may];
    const alarms = analysis.findings.filter(
      ({ rule, severity }) =>
        !allowed.includes(rule) &&
        (severity === 'failure' || (severity === 'warning' && must.length === 0)),
    );
    expect(alarms).toEqual([]);
    for (const [rule, expected] of Object.entries(frames ?? {})) {
      const cited = new Set(
        analysis.findings
          .filter((finding) => finding.rule === rule)
          .flatMap((finding) => finding.steps.flatMap((step) => step.frames))
          .map(({ file, frame }) => `${file} ${frame}`),
      );
      const absent = expected.filter(
        ([file, frame]) => !cited.has(`${join(folder, `${scenario}-${file}`)} ${frame}`),
      );
      expect(absent).toEqual([]);
    }
  });
});

describe('hoplane analyze', () => {
  it('writes the same bytes whatever the order of the files', async () => {
    const files = await unpack('sdn-nat-untranslated');
    const written = await Promise.all(
      [files, [...files].reverse()].map(async (ordered, run) => {
        const [json, journeys, pdf] = ['json', 'ndjson', 'pdf'].map((kind) =>
          join(folder, `run${run}.${kind}`),
        );
        await quietly({ files: ordered, json, journeys, pdf });
        return [json, journeys, pdf].map((path) => readFileSync(path));
      }),
    );
    for (const kind of [0, 1, 2]) expect(written[0][kind].equals(written[1][kind])).toBe(true);
    const lines = written[0][1].toString().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(800);
    for (const line of lines)
      expect(validJourney(JSON.parse(line)), JSON.stringify(validJourney.errors)).toBe(true);
    expect(written[0][2].subarray(0, 5).toString()).toBe('%PDF-');
  }, 30_000);

  it('names on standard error what is no capture, analyses the rest, and exits 1', async () => {
    const said: string[] = [];
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
    const foreign = join(folder, 'notes.pcap');
    writeFileSync(foreign, 'minutes of the meeting');
    const json = join(folder, 'partial.json');
    const files = [foreign, join(folder, 'absent.pcap'), ...(await unpack('article-3.1'))];
    const status = await quietly({ files, json, failOn: 'failure' });
    spy.mockRestore();
    expect(status).toBe(EXIT_UNREADABLE);
    expect(said.join('')).toContain(`${foreign}: `);
    expect(said.join('')).toMatch(/absent\.pcap: no such file/);
    const analysis: AnalysisFile = JSON.parse(readFileSync(json, 'utf8'));
    expect(analysis.findings.map((finding) => finding.rule)).toEqual(['half-untranslated-reply']);
    expect(analysis.captures.every((capture) => /^[0-9a-f]{64}$/.test(capture.sha256 ?? ''))).toBe(
      true,
    );
  });

  it('takes a folder, and --fail-on decides the exit status', async () => {
    const failing = await unpack('article-3.1');
    expect(await quietly({ files: failing, failOn: 'failure' })).toBe(EXIT_FINDINGS);
    const healthy = mkdtempSync(join(folder, 'healthy-'));
    // Whatever its name is: a folder is searched by content.
    for (const source of scenarioSources('sdn-healthy'))
      writeFileSync(join(healthy, `${source.name}.log`), await source.read(0, source.size));
    writeFileSync(join(healthy, 'notes.pcap'), 'minutes of the meeting');
    expect(await quietly({ files: [healthy], failOn: 'warning' })).toBe(EXIT_OK);
  });

  it('names interfaces by --evidence, and says what of it is not read', async () => {
    const beside = mkdtempSync(join(folder, 'evidence-'));
    for (const name of readdirSync(EVIDENCE))
      copyFileSync(join(EVIDENCE, name), join(beside, name));
    const foreign = join(folder, 'softnet_stat.txt');
    writeFileSync(foreign, '00000001 00000000');
    const json = join(folder, 'named.json');
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const strange = mkdtempSync(join(folder, 'strange-'));
    copyFileSync(foreign, join(strange, 'x.txt'));
    const options = { files: await unpack('sdn-any'), evidence: [beside, foreign, strange], json };
    expect(await quietly(options)).toBe(EXIT_OK);
    const said = written.mock.calls.map(([text]) => text).join('');
    written.mockRestore();
    expect(said.trimEnd().split('\n').sort()).toEqual(
      [foreign, strange].map((path) => `${path}: evidence of a kind that is not read yet`).sort(),
    );
    const { points } = JSON.parse(readFileSync(json, 'utf8'));
    expect(points.map((point: { interface: string | null }) => point.interface)).toContain('tun0');
  });

  it('refuses wrong usage', async () => {
    await expect(quietly({ files: [] })).rejects.toThrow(UsageError);
    await expect(quietly({ files: ['x.pcap'], failOn: 'note' })).rejects.toThrow(UsageError);
    await expect(quietly({ files: ['x.pcap'], shareFile: 'x' })).rejects.toThrow(/not yet/);
    await expect(quietly({ files: ['b.pcap'], json: 'a.pcap' })).rejects.toThrow(
      /a\.pcap looks like a capture/,
    );
  });
});

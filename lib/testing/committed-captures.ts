// The captures under e2e/captures, as byte sources by scenario. `hoplane analyze` would be given the same files.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type ByteSource, memorySource } from '../read/byte-source';

const FOLDER = new URL('../../e2e/captures/', import.meta.url);

export const captureScenarios = (): readonly string[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && readdirSync(new URL(`${entry.name}/`, FOLDER)).some(isCapture),
    )
    .map((entry) => entry.name)
    .sort();

/** Captures of a scenario, decompressed, under the names they have in its expect.json and truth.json. */
export const scenarioSources = (scenario: string): readonly ByteSource[] =>
  readdirSync(scenarioUrl(scenario))
    .filter(isCapture)
    .sort()
    .map((file) => {
      const bytes = gunzipSync(readFileSync(new URL(file, scenarioUrl(scenario))));
      return memorySource(new Uint8Array(bytes), file.replace(/\.gz$/, ''));
    });

/** Compressed captures and archives, as the usual tools write them. */
export const packedFiles = (): readonly Uint8Array[] =>
  readdirSync(new URL('packed/', FOLDER)).map(
    (name) => new Uint8Array(readFileSync(new URL(`packed/${name}`, FOLDER))),
  );

export interface ScenarioExpectation {
  /** Rules that must give a finding; `a|b`: either. */
  readonly must: readonly string[];
  readonly may: readonly string[];
  /** Frames that a finding's steps cite at least, by rule. */
  readonly frames?: Readonly<Record<string, readonly (readonly [string, number])[]>>;
}

export const scenarioExpectation = (scenario: string): ScenarioExpectation =>
  JSON.parse(
    readFileSync(new URL('expect.json', scenarioUrl(scenario)), 'utf8'),
  ) as ScenarioExpectation;

/** The recording of tshark's TCP analysis beside a capture. */
export const tcpAnalysisRecording = (scenario: string, file: string): URL =>
  new URL(file.replace(/\.pcap(ng)?$/, '.tcp-analysis.tsv.gz'), scenarioUrl(scenario));

const scenarioUrl = (scenario: string): URL => new URL(`${scenario}/`, FOLDER);
const isCapture = (file: string): boolean => /\.pcap(ng)?\.gz$/.test(file);

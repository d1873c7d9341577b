// The committed captures against recordings of tshark: per tuple and file, as Wireshark sees a conversation.
import { describe, expect, it } from 'vitest';
import { CaptureIntake } from '../engine/intake';
import { parseCapture } from '../engine/parse-capture';
import { NO_TUPLE } from '../model/packet-columns';
import type { PacketTable } from '../model/packet-table';
import { PROTOCOL_TCP } from '../model/protocols';
import { TupleTable } from '../model/tuple-table';
import { type ByteSource, memorySource } from '../read/byte-source';
import {
  captureScenarios,
  scenarioSources,
  tcpAnalysisRecording,
} from '../testing/committed-captures';
import { RECORDED_SEGMENTS, randomSegmentsCapture } from '../testing/random-segments-capture';
import { formatTcpAnalysis, readTcpAnalysisRecording } from '../testing/tcp-analysis-recording';
import { analyseLeg } from './analyse-leg';

/** `scenario/file frame`: where tshark and ours differ, and why. None so far. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {};

async function analyseFile(
  source: ByteSource,
): Promise<{ readonly table: PacketTable; readonly rows: readonly number[] }> {
  const tuples = new TupleTable();
  const intake = new CaptureIntake(tuples);
  const parsed = await parseCapture(source, {
    block: (block) => intake.take(block),
    progress: () => {},
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  const { table } = intake;
  const legs = new Map<number, number[]>();
  const rows: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const directed = table.get('tuple', row);
    if (directed === NO_TUPLE || tuples.protocol(directed) !== PROTOCOL_TCP) continue;
    rows.push(row);
    const leg = legs.get(directed >>> 1);
    if (leg === undefined) legs.set(directed >>> 1, [row]);
    else leg.push(row);
  }
  for (const leg of legs.values()) analyseLeg(table, Uint32Array.from(leg));
  return { table, rows };
}

describe('TCP analysis of the committed captures', () => {
  for (const scenario of captureScenarios())
    for (const source of scenarioSources(scenario))
      it(`is tshark's: ${scenario}/${source.name}`, async () => {
        const recording = readTcpAnalysisRecording(tcpAnalysisRecording(scenario, source.name));
        const { table, rows } = await analyseFile(source);
        const ours = rows.map(
          (row) => `${row + 1} ${formatTcpAnalysis(table.get('analysis', row))}`,
        );
        const theirs = recording.map(({ frame, analysis }) => `${frame} ${analysis}`);
        const known = (line: string): boolean =>
          `${scenario}/${source.name} ${line.split(' ')[0]}` in KNOWN_DIFFERENCES;
        expect(ours.filter((line) => !known(line))).toEqual(theirs.filter((line) => !known(line)));
      });

  it("is tshark's: random segments, read from a file", async () => {
    const name = `seed-${RECORDED_SEGMENTS.seed}.pcap`;
    const recording = readTcpAnalysisRecording(tcpAnalysisRecording('random-segments', name));
    const { table, rows } = await analyseFile(memorySource(randomSegmentsCapture(), name));
    expect(rows.map((row) => formatTcpAnalysis(table.get('analysis', row)))).toEqual(
      recording.map(({ analysis }) => analysis),
    );
  });
});

// Recordings of tshark's tcp.analysis.* fields: `frame.number tcp.stream tcp.analysis`, one line a TCP frame, the fields' last words joined by commas.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { TCP_ANALYSIS, TCP_ANALYSIS_FIELDS, type TcpAnalysisName } from '../model/tcp-analysis';

const NAMES = Object.keys(TCP_ANALYSIS) as TcpAnalysisName[];
const FIELD = 'tcp.analysis.';

export interface RecordedFrame {
  readonly frame: number;
  readonly stream: number;
  /** `retransmission,spurious_retransmission`, in the order of TCP_ANALYSIS; empty where tshark shows none. */
  readonly analysis: string;
}

/** Reads a recording (.tsv.gz); `path` is a file path or URL. */
export function readTcpAnalysisRecording(path: string | URL): readonly RecordedFrame[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').replace(/\n$/, '').split('\n');
  if (lines[0] !== 'frame.number\ttcp.stream\ttcp.analysis')
    throw new Error(`${path} has the header ${lines[0]}`);
  return lines.slice(1).map((line) => {
    const [frame, stream, analysis] = line.split('\t');
    return { frame: Number(frame), stream: Number(stream), analysis };
  });
}

/** Bits of the `analysis` column as a recording writes them. */
export const formatTcpAnalysis = (bits: number): string =>
  NAMES.filter((name) => bits & TCP_ANALYSIS[name])
    .map((name) => TCP_ANALYSIS_FIELDS[name].slice(FIELD.length))
    .join(',');

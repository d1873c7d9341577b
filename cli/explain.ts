// `hoplane explain`: for two frames why they are, or are not, one packet.

import { absoluteNanoseconds } from '../lib/base/time';
import { analyseSources } from '../lib/engine/analyse';
import { explainFrames } from '../lib/engine/explain';
import { NO_CORRECTIONS } from '../lib/model/corrections';
import {
  describeContinuation,
  describeExplainedLatency,
  describeRival,
  type Explanation,
  VERDICT_WORDS,
} from '../lib/model/explanation';
import type { FrameReference } from '../lib/model/finding';
import { nodeStorage } from '../lib/read/node-storage';
import { openInputs } from './inputs';
import { openTextOutput, sayOf } from './output';
import { EXIT_OK, EXIT_UNREADABLE, UsageError } from './usage';

export interface ExplainOptions {
  /** Two frames, then captures. */
  readonly words: readonly string[];
  readonly json: string | undefined;
}

/** Returns the exit status. Captures that only the two frames name need not be named again. */
export async function explain({ words, json }: ExplainOptions): Promise<number> {
  const [first, second] = words.slice(0, 2).map(parseFrame);
  if (first === undefined || second === undefined)
    throw new UsageError('explain needs two frames, each as FILE#FRAME, then the captures');
  const inputs = await openInputs([...new Set([first.file, second.file, ...words.slice(2)])]);
  try {
    for (const { file, text } of inputs.unreadable) sayOf(file, text);
    const { analysis, failures } = await analyseSources(
      inputs.sources,
      undefined,
      NO_CORRECTIONS,
      nodeStorage,
    );
    for (const { file, warning } of failures) sayOf(file, warning.text);
    const explanation = explainFrames(analysis, first, second);
    const base = BigInt(analysis.baseTime);
    const out = openTextOutput(json ?? '-');
    await out.write(json === undefined ? textOf(explanation, base) : jsonOf(explanation, base));
    await out.end();
    return inputs.unreadable.length + failures.length > 0 ? EXIT_UNREADABLE : EXIT_OK;
  } finally {
    await inputs.close();
  }
}

function parseFrame(word: string | undefined): FrameReference | undefined {
  const match = /^(.+)#([1-9]\d*)$/.exec(word ?? '');
  return match === null ? undefined : { file: match[1], frame: Number(match[2]) };
}

const jsonOf = (explanation: Explanation, base: bigint): string =>
  `${JSON.stringify(
    {
      schema: 'hoplane.explanation/1',
      ...explanation,
      frames: explanation.frames.map((frame) => ({
        ...frame,
        time: absoluteNanoseconds(base, frame.time),
      })),
    },
    null,
    1,
  )}\n`;

function textOf(explanation: Explanation, base: bigint): string {
  const { verdict, ground, frames, fields, rivals } = explanation;
  const continuation = describeContinuation(explanation);
  const lines = [VERDICT_WORDS[verdict], ground];
  if (continuation !== undefined) lines.push(continuation);
  lines.push('');
  for (const { file, frame, point, role, time, source, ...one } of frames) {
    const { destination, label, sightings } = one;
    const who = role === null ? '' : ` (${role})`;
    lines.push(
      `${file}#${frame}  at ${point}${who}, ${absoluteNanoseconds(base, time)} ns since 1970`,
    );
    lines.push(`  ${source} > ${destination}  ${label}`);
    if (sightings.length > 0)
      lines.push(`  seen also as ${sightings.map((one) => `${one.file}#${one.frame}`).join(', ')}`);
  }
  const told = [explanation.hosts, describeExplainedLatency(explanation)].filter(
    (text) => text !== '',
  );
  if (told.length > 0) lines.push('', ...told);
  if (fields.length > 0) lines.push('');
  const width = Math.max(0, ...fields.map(({ field }) => field.length));
  for (const { field, first, second, result } of fields)
    lines.push(
      `  ${field.padEnd(width)}  ${result === 'equal' ? `= ${first}` : result === 'unset' ? `${first} in both: none is given, no evidence` : `${first} → ${second}  ${result}`}`,
    );
  if (rivals.length > 0)
    lines.push('', 'Other frames at the second frame’s point that repeat what the first carries:');
  for (const rival of rivals) lines.push(`  ${rival.file}#${rival.frame}  ${describeRival(rival)}`);
  return `${lines.join('\n')}\n`;
}

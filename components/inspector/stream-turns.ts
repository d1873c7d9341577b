// What a connection carried, as turns of a conversation: the runs of one side until the other speaks, or bytes are lacking.
import type { StreamRun } from '@/lib/store/workspace-state';

export type StreamLook = 'text' | 'bytes';

export interface StreamTurn {
  readonly direction: 0 | 1;
  readonly runs: readonly StreamRun[];
  /** Bytes lacking before it, and at its end. */
  readonly gap: number;
  readonly lacking: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function buildTurns(runs: readonly StreamRun[]): StreamTurn[] {
  const turns: StreamRun[][] = [];
  for (const run of runs) {
    const turn = turns[turns.length - 1];
    const last = turn?.[turn.length - 1];
    if (
      last !== undefined &&
      last.direction === run.direction &&
      last.lacking === 0 &&
      run.gap === 0
    )
      turn.push(run);
    else turns.push([run]);
  }
  return turns.map((turn) => ({
    direction: turn[0].direction,
    runs: turn,
    gap: turn[0].gap,
    lacking: turn[turn.length - 1].lacking,
    bytes: concatenate(turn.map(({ bytes }) => bytes)),
  }));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** UTF-8 as text; control characters and what is no UTF-8 as `·`, line ends kept. */
export const printText = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(bytes)
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to leave out
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd\u202a-\u202e\u2066-\u2069]/g, '·');

/** `47 45 54 20  GET ` in rows of `width` bytes. */
export function printHex(bytes: Uint8Array, width = 8): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += width) {
    const row = [...bytes.subarray(at, at + width)];
    const figures = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = row.map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
    );
    rows.push(`${figures.padEnd(width * 3 - 1)}  ${letters.join('')}`);
  }
  return rows.join('\n');
}

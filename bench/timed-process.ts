// A whole process, timed from its start to its end: by the clock, and in processor time, which a busy machine disturbs less.
import { spawnSync } from 'node:child_process';

export interface ProcessTime {
  readonly wall: number;
  /** User and system seconds of the process and its children. */
  readonly cpu: number;
}

/** Runs a command with its output thrown away; throws where it fails. */
export function timeProcess(command: string, words: readonly string[]): ProcessTime {
  const run = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$0" "$@" >/dev/null 2>/dev/null', command, ...words],
    { encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Error(`${command} failed: ${run.stderr}`);
  const [wall, user, system] = run.stderr.trim().split(' ').map(Number);
  return { wall, cpu: user + system };
}

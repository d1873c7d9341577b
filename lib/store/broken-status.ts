// What stands when the engine's worker is gone: captures that were being read will not be, all else is as it last was.
import type { EngineStatus } from '../engine/protocol';

export const breakStatus = (status: EngineStatus): EngineStatus => ({
  ...status,
  phase: status.analysed === null ? 'empty' : 'ready',
  captures: status.captures.map((capture) =>
    capture.status.state === 'reading'
      ? {
          ...capture,
          status: {
            state: 'failed',
            warning: { code: 'unreadable', text: 'it was not read: the analysis stopped' },
          },
        }
      : capture,
  ),
});

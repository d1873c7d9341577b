// What holds a cause together: how sure it is, apart from what happened, and what else would leave the same packets.
import type { FindingCause, OpenCause } from '../../model/finding';
import { type Weight, weigh } from '../confidence';

/** `text`: the cause in a sentence; `signature`: the fact that speaks for it, and what that is worth. */
export function blame(
  text: string,
  worth: number,
  signature: string,
  weights: readonly Weight[],
  open: readonly OpenCause[],
): FindingCause {
  const { confidence, grounds } = weigh(worth, signature, weights);
  return { held: { text, confidence, grounds }, open };
}

/** The packets show that it happened, and name no cause. */
export const unnamed = (open: readonly OpenCause[]): FindingCause => ({ held: null, open });

export const otherwise = (text: string, decides: string, command = ''): OpenCause => ({
  text,
  decides,
  command,
});

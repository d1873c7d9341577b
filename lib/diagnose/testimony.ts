// The shape of what evidence beside the captures says of a finding.
import type { Finding } from '../model/finding';

export interface Testimony {
  readonly told: Finding['evidence'];
  readonly speaks: 'for' | 'against';
  /** What it takes from the confidence where it speaks against. */
  readonly takes: number;
  /** It may be of another time than the packets: then it is told, and moves no confidence. */
  readonly isUndated?: boolean;
  /** The fact in a sentence. */
  readonly ground: string;
}

// The shape of what evidence beside the captures says of a finding.
import type { Finding } from '../model/finding';

export interface Testimony {
  readonly told: Finding['evidence'];
  readonly speaks: 'for' | 'against';
  /** What it takes from the confidence where it speaks against. */
  readonly takes: number;
  /** The fact in a sentence. */
  readonly ground: string;
}

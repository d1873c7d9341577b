// What a payload says of its conversation, as the protocols' own files find it and hint-writer.ts keeps it.
import type { HintKind } from '../model/sparse-tables';

export interface FoundHint {
  readonly kind: HintKind;
  /** For people, of printable characters: `A api.example.com`. */
  readonly text: string;
  /** As the sparse table `hints` has it. */
  readonly number: number;
}

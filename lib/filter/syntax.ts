// A filter as a tree. Places are characters of the text, so that every error can point at its cause.

export interface Place {
  readonly start: number;
  readonly end: number;
}

export type Quantifier = 'any' | 'all';
/** `==` any pair is equal, `!=` no pair is, `===` all are, `~=` some pair is not (Wireshark 4.0). */
export type Relation =
  | '=='
  | '!='
  | '==='
  | '!=='
  | '~='
  | '>'
  | '<'
  | '>='
  | '<='
  | 'contains'
  | '~';

export type Condition =
  | { readonly kind: 'or' | 'and' | 'xor'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'exists'; readonly operand: Operand }
  | {
      readonly kind: 'compare';
      readonly relation: Relation;
      readonly quantifier: Quantifier | null;
      readonly left: Operand;
      readonly right: Operand;
      readonly place: Place;
    }
  | { readonly kind: 'in'; readonly operand: Operand; readonly members: readonly Member[] };

/** One value, or a range of them with both ends. */
export interface Member {
  readonly low: Operand;
  readonly high: Operand | null;
}

export type Operand = Place &
  (
    | { readonly kind: 'field'; readonly name: string }
    | { readonly kind: 'literal'; readonly text: string; readonly quoted: boolean }
    | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Operand[] }
    | { readonly kind: 'slice'; readonly of: Operand; readonly ranges: readonly SliceRange[] }
    | {
        readonly kind: 'arithmetic';
        readonly sign: ArithmeticSign;
        readonly left: Operand;
        readonly right: Operand;
      }
  );

export type ArithmeticSign = '+' | '-' | '*' | '/' | '%' | '&';

/** `length` null: to the end. A negative offset counts from the end. */
export interface SliceRange {
  readonly offset: number;
  readonly length: number | null;
}

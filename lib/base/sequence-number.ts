// The one home of 32-bit sequence arithmetic (RFC 9293 section 3.4): nobody else subtracts two sequence numbers.

/** Signed distance a − b modulo 2³², in bytes: positive when a lies after b. */
export const sequenceDifference = (a: number, b: number): number => (a - b) | 0;

/** a + count modulo 2³², as an unsigned 32-bit number. */
export const sequenceAdd = (a: number, count: number): number => (a + count) >>> 0;

/** True when a lies strictly before b on the sequence circle. */
export const sequenceBefore = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** True when a lies before b or is b. */
export const sequenceAtOrBefore = (a: number, b: number): boolean => ((a - b) | 0) <= 0;

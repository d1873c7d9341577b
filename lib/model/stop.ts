// A stop is a point and a passage through it: `p3`, and `p3/2` for the second time one packet passes p3.

/** point index × 256 + passage (1 for the first). */
export type Stop = number;

export const NO_STOP: Stop = 0xffff_ffff;

export const makeStop = (pointIndex: number, passage: number): Stop => pointIndex * 256 + passage;
export const stopPoint = (stop: Stop): number => stop >>> 8;
export const stopPassage = (stop: Stop): number => stop & 0xff;

/** `p3` or `p3/2`, given the point's id. */
export const formatStop = (pointId: string, passage: number): string =>
  passage <= 1 ? pointId : `${pointId}/${passage}`;

/** `p3`, of `p3` and of `p3/2`. */
export const pointOfStop = (stop: string): string => stop.split('/')[0];

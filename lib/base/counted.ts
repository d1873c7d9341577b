// A count with its noun: `1 connection`, `2 connections`.

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

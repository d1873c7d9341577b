import { describe, expect, it } from 'vitest';
import { frameFilter, framesByFile } from './finding-frames';

describe('frames as a display filter', () => {
  it.each([
    [[4], 'frame.number == 4'],
    [[1, 4, 9], 'frame.number in {1, 4, 9}'],
    [[1, 2, 3, 7], 'frame.number in {1..3, 7}'],
    [[1, 2, 7, 8], 'frame.number in {1, 2, 7, 8}'],
    [[1, 2, 3, 4, 5], 'frame.number in {1..5}'],
  ])('%j', (frames, filter) => {
    expect(frameFilter(frames)).toBe(filter);
  });
});

it('frames are told file by file, in order of first mention, each once', () => {
  const frames = [
    { file: 'b.pcap', frame: 10 },
    { file: 'a.pcap', frame: 3 },
    { file: 'b.pcap', frame: 9 },
    { file: 'b.pcap', frame: 9 },
  ];
  expect(framesByFile(frames)).toEqual([
    { file: 'b.pcap', frames: [9, 10] },
    { file: 'a.pcap', frames: [3] },
  ]);
});

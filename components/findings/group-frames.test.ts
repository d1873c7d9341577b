import { describe, expect, it } from 'vitest';
import { groupFrames } from './group-frames';

const texts = (frames: Parameters<typeof groupFrames>[0], isOpen: boolean): string[] =>
  groupFrames(frames, isOpen).groups.map(
    ({ name, numbers }) => `${name} ${numbers.map((number) => `#${number}`).join(' ')}`,
  );

describe('the frames of a step', () => {
  const frames = [
    { file: 'cpe-eth0.pcap', frame: 65 },
    { file: 'cpe-eth0.pcap', frame: 66 },
    { file: 'node-tun0.pcap.gz', frame: 114 },
    { file: 'cpe-eth0.pcap', frame: 70 },
  ];

  it('name each file once for frames that follow each other', () => {
    expect(texts(frames, false)).toEqual(['cpe-eth0 #65 #66', 'node-tun0 #114', 'cpe-eth0 #70']);
  });

  it('name each file once when all are asked for', () => {
    expect(texts(frames, true)).toEqual(['cpe-eth0 #65 #66 #70', 'node-tun0 #114']);
  });

  it('count what they do not name', () => {
    const many = Array.from({ length: 1009 }, (_, i) => ({ file: 'a', frame: i + 1 }));
    expect(texts(many, false)).toEqual(['a #1 #2 #3 #4 #5 #6']);
    expect(groupFrames(many, false)).toMatchObject({ more: 1003, left: 0 });
    expect(groupFrames(many, true)).toMatchObject({ more: 0, left: 609 });
  });
});

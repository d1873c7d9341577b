import { describe, expect, it } from 'vitest';
import { describeFrames } from './describe-frames';

describe('describeFrames', () => {
  it('names each file once for frames that follow each other', () => {
    const frames = [
      { file: 'cpe-eth0.pcap', frame: 65 },
      { file: 'cpe-eth0.pcap', frame: 66 },
      { file: 'node-tun0.pcap.gz', frame: 114 },
      { file: 'cpe-eth0.pcap', frame: 70 },
    ];
    expect(describeFrames(frames)).toEqual(['cpe-eth0 #65 #66', 'node-tun0 #114', 'cpe-eth0 #70']);
  });

  it('counts what it does not name', () => {
    const frames = Array.from({ length: 9 }, (_, i) => ({ file: 'a', frame: i + 1 }));
    expect(describeFrames(frames)).toEqual(['a #1 #2 #3 #4 #5 #6', 'and 3 more']);
  });
});

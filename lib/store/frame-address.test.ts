import { describe, expect, it } from 'vitest';
import { findFrames } from './frame-address';

const FILES = [
  { file: 'cpe-eth0.pcap', frames: 100 },
  { file: 'tun0.pcap', frames: 20 },
];
const named = (text: string, nearest: string | null = null) =>
  findFrames(text, FILES, nearest).map(({ file, frame }) => `${file}#${frame}`);

describe('findFrames', () => {
  it.each([
    ['12', ['cpe-eth0.pcap#12', 'tun0.pcap#12']],
    ['#12', ['cpe-eth0.pcap#12', 'tun0.pcap#12']],
    ['tun0#12', ['tun0.pcap#12']],
    ['TUN0.pcap 12', ['tun0.pcap#12']],
    ['21', ['cpe-eth0.pcap#21']],
    ['tun0#21', []],
    ['0', []],
    ['tun0', []],
    ['veth#1', []],
  ])('%s', (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  it('names the file that is looked at first', () => {
    expect(named('7', 'tun0.pcap')).toEqual(['tun0.pcap#7', 'cpe-eth0.pcap#7']);
  });

  it('takes any number where a file’s frames are not known', () => {
    expect(findFrames('a#999', [{ file: 'a.pcap', frames: null }], null)).toHaveLength(1);
  });
});

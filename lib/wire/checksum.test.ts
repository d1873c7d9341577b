import { describe, expect, it } from 'vitest';
import { tcpFrame, udpFrame } from '../testing/frame-builder';
import { checksumState } from './checksum';

const PLACES = {
  udp: { protocol: 17, start: 34, field: 6 },
  tcp: { protocol: 6, start: 34, field: 16 },
} as const;

const state = (frame: Uint8Array, kind: keyof typeof PLACES, cut = frame.length) =>
  checksumState(frame, {
    ...PLACES[kind],
    source: 26,
    destination: 30,
    family: 4,
    length: frame.length - 34,
    end: cut,
  });

const ENDS = { source: '10.0.0.1:1000', destination: '10.0.0.2:2000' };

describe('checksumState', () => {
  it('knows a right one, of even and of odd length', () => {
    expect(state(udpFrame({ ...ENDS, payload: 'even' }), 'udp')).toBe('right');
    expect(state(tcpFrame({ ...ENDS, payload: 'odd' }), 'tcp')).toBe('right');
  });

  it('sees every damaged byte', () => {
    const frame = tcpFrame({ ...ENDS, payload: 'payload' });
    for (let at = 34; at < frame.length; at += 1) {
      const damaged = Uint8Array.from(frame);
      damaged[at] ^= 0x41;
      expect(state(damaged, 'tcp')).toBe('wrong');
    }
  });

  it('tells a checksum that is left to the card, one that is not there, and one that can’t be checked', () => {
    const frame = udpFrame({ ...ENDS, payload: 'data' });
    const length = frame.length - 34;
    let sum = 0x0a00 + 1 + 0x0a00 + 2 + 17 + length;
    sum = (sum & 0xffff) + (sum >>> 16);
    frame.set([sum >>> 8, sum & 0xff], 40);
    expect(state(frame, 'udp')).toBe('partial');
    frame.set([0, 0], 40);
    expect(state(frame, 'udp')).toBe('absent');
    const whole = tcpFrame({ ...ENDS, payload: 100 });
    expect(state(whole, 'tcp', whole.length - 1)).toBe('unknown');
  });
});

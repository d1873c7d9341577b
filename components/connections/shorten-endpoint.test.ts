import { describe, expect, it } from 'vitest';
import { shortenEndpoint } from './shorten-endpoint';

describe('shortenEndpoint', () => {
  it('leaves what fits', () => {
    expect(shortenEndpoint('10.128.3.202:60170', 18)).toBe('10.128.3.202:60170');
  });

  it('takes whole octets from the front', () => {
    expect([17, 14, 12, 10].map((room) => shortenEndpoint('10.128.3.202:60170', room))).toEqual([
      '…128.3.202:60170',
      '…3.202:60170',
      '…3.202:60170',
      '…202:60170',
    ]);
  });

  it('comes down to the port', () => {
    expect(shortenEndpoint('10.128.3.202:60170', 9)).toBe(':60170');
    expect(shortenEndpoint('10.128.3.202:60170', 3)).toBe(':60170');
  });

  it('keeps the last groups of IPv6', () => {
    expect(shortenEndpoint('[fd00:10:128::3ca]:443', 12)).toBe('…:3ca:443');
    expect(shortenEndpoint('fd00:10:128::3ca', 8)).toBe('…:3ca');
  });

  it('does not take the last group of a bare IPv6 address for a port', () => {
    expect(shortenEndpoint('fe80::1:2:3', 6)).toBe('…1:2:3');
  });
});

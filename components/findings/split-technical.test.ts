import { describe, expect, it } from 'vitest';
import { splitTechnical } from './split-technical';

const figures = (text: string) =>
  splitTechnical(text)
    .filter((part) => part.isFigure)
    .map((part) => part.text);

describe('splitTechnical', () => {
  it('finds endpoints, networks and MACs', () => {
    expect(
      figures(
        'From 10.128.3.202:60170 to 172.30.249.115:9443 (10.128.0.0/14) by 0a:58:0a:80:03:ca.',
      ),
    ).toEqual(['10.128.3.202:60170', '172.30.249.115:9443', '10.128.0.0/14', '0a:58:0a:80:03:ca']);
  });

  it('finds IPv6 with and without port', () => {
    expect(figures('fd00::1:2 and [fd00::1]:80')).toEqual(['fd00::1:2', '[fd00::1]:80']);
  });

  it('finds times of day whole, and no time in a MAC or an IPv6 address', () => {
    expect(figures('at 2021-01-12 09:14:02.111000 UTC, again 09:14:05.')).toEqual([
      '2021-01-12 09:14:02.111000',
      '09:14:05',
    ]);
    expect(figures('00:11:22:33:44:55 and 10:11:12::1')).toEqual([
      '00:11:22:33:44:55',
      '10:11:12::1',
    ]);
  });

  it('leaves spans, versions and ratios alone', () => {
    expect(figures('3 of 19 after 1.01, 2.05 s; kernel 4.18.0-254.el8; at 13:53')).toEqual([]);
  });

  it('loses nothing of the text', () => {
    const text = '10.0.0.1 then 10.0.0.2:80';
    expect(
      splitTechnical(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});

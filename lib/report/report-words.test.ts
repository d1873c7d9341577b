import { describe, expect, it } from 'vitest';
import { articleSnapshot } from '../testing/article-snapshot';
import { citeFrames, countOf, ReportNames, utcText } from './report-words';

describe('citations', () => {
  const names = new ReportNames(articleSnapshot);
  const frames = [
    { file: 'b.pcap', frame: 10 },
    { file: 'a.pcap', frame: 3 },
    { file: 'b.pcap', frame: 9 },
    { file: 'b.pcap', frame: 9 },
  ];

  it('name each file once, in order of first mention, frames by number', () => {
    expect(citeFrames(frames, names)).toEqual(['b.pcap #9 #10', 'a.pcap #3']);
  });
});

describe('names', () => {
  const withFiles = (...files: string[]) =>
    new ReportNames({
      ...articleSnapshot,
      captures: files.map((file) => ({ ...articleSnapshot.captures[0], file })),
    });

  it('of files leave the folder out unless two differ by it alone', () => {
    const names = withFiles('/a/one.pcap', '/a/two.pcap', '/b/two.pcap');
    expect(names.file('/a/one.pcap')).toBe('one.pcap');
    expect(names.file('/a/two.pcap')).toBe('/a/two.pcap');
    expect(names.file('unknown.pcap')).toBe('unknown.pcap');
  });

  it('of points are those given by hand, and never one for two', () => {
    const points = ['node1-ens3', 'node2-ens3', 'pod-eth0'].map((name, index) => ({
      ...articleSnapshot.points[0],
      id: `p${index + 1}`,
      name,
    }));
    const names = new ReportNames({
      ...articleSnapshot,
      points,
      view: {
        ...articleSnapshot.view,
        lanes: { order: [], hidden: [], names: { p3: 'the pod' } },
      },
    });
    expect(names.point('p1')).toBe('node1-ens3');
    expect(names.stop('p2/2', 'forward')).toBe('node2-ens3′');
    expect(names.point('p3')).toBe('the pod');
    expect(names.point('p9')).toBe('p9');
  });
});

it('counts and tells times', () => {
  expect(countOf(1, 'packet', 'packets')).toBe('1 packet');
  expect(countOf(1108, 'packet', 'packets')).toBe('1,108 packets');
  expect(utcText('1610442842111000000', 9)).toBe('2021-01-12 09:14:02.111000000');
  expect(utcText(null)).toBe('–');
});

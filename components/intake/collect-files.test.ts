import { describe, expect, it } from 'vitest';
import { describeLeftAside, looksLikeCapture, pickCaptures } from './collect-files';

describe('looksLikeCapture', () => {
  it.each(['cpe.pcap', 'A.PCAPNG', 'x.cap', 'x.pcap.gz', 'x.pcapng.zst', 'ring.pcap0', 'x.pcap12'])(
    'takes %s',
    (name) => expect(looksLikeCapture(name)).toBe(true),
  );
  it.each(['plan.json', 'pcap', 'pcap.txt', 'x.gz', '.DS_Store'])('leaves %s aside', (name) =>
    expect(looksLikeCapture(name)).toBe(false),
  );
});

describe('describeLeftAside', () => {
  const files = ['a.pcap', 'truth.json', 'plan.json'].map((name) => new File([], name));

  it('says nothing when all files were taken', () => {
    expect(describeLeftAside(pickCaptures(files.slice(0, 1)))).toBeNull();
  });

  it('counts what was left aside', () => {
    expect(describeLeftAside(pickCaptures(files))).toBe(
      '2 files of the folder do not look like a capture and were left aside.',
    );
  });

  it('says what to do when nothing is left', () => {
    expect(describeLeftAside(pickCaptures(files.slice(1, 2)))).toBe(
      '1 file of the folder does not look like a capture and was left aside. No capture was found: drop files themselves to read them whatever their name.',
    );
  });
});

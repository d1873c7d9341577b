import { describe, expect, it } from 'vitest';
import { onlyFolder } from './take-files';

describe('the folder of files that are opened', () => {
  it('is the one that all lie in, however deep', () => {
    expect(onlyFolder(['case/a.pcap', 'case/evidence/ip-a.txt'])).toBe('case');
  });

  it('is none where there are several, or a file beside them', () => {
    expect(onlyFolder(['case/a.pcap', 'case2/a.pcap'])).toBe('');
    expect(onlyFolder(['case/a.pcap', 'b.pcap'])).toBe('');
    expect(onlyFolder(['a.pcap'])).toBe('');
    expect(onlyFolder([])).toBe('');
  });
});

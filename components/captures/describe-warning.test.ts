import { describe, expect, it } from 'vitest';
import { describeWarning } from './describe-warning';

describe('describeWarning', () => {
  it('does not repeat the file, and adds the byte', () => {
    expect(
      describeWarning({ code: 'damaged', text: 'a.pcap: damaged record', offset: 20011 }, 'a.pcap'),
    ).toBe('damaged record. At byte 20,011.');
  });

  it('says the byte once', () => {
    expect(
      describeWarning({ code: 'cut-short', text: 'ends within byte 19998.', offset: 19998 }, 'b'),
    ).toBe('ends within byte 19998.');
  });
});

import { describe, expect, it } from 'vitest';
import { reportFileName, suggestTitle } from './report-title';

describe('the name of a report', () => {
  it('is that of the gravest fault, whatever stands before it', () => {
    const note = { severity: 'note', title: 'Large frames' } as const;
    const warning = { severity: 'warning', title: 'Packets are lost' } as const;
    const failure = { severity: 'failure', title: 'SYNs vanish' } as const;
    expect(suggestTitle([note, warning, failure], ['a.pcap'])).toBe('SYNs vanish');
    expect(suggestTitle([note, warning], ['a.pcap'])).toBe('Packets are lost');
  });

  it('names the captures where nothing is wrong, in whatever order they came', () => {
    const files = ['/x/cpe-eth0.pcap.gz', 'node-tun0.pcapng', 'baw-eth0.pcap'];
    expect(suggestTitle([], files)).toBe('No fault found in baw-eth0, cpe-eth0 and 1 more');
    expect(suggestTitle([], [])).toBe('Analysis');
  });

  it('makes a file name of words, with the day of the captures', () => {
    expect(
      reportFileName('SYN-ACK of 172.30.249.115:9443 is “half” translated…', '1795370965191083000'),
    ).toBe('2026-11-22-SYN-ACK-of-172.30.249.115-9443-is-half-translated.pdf');
    expect(reportFileName('../ /', null)).toBe('hoplane.pdf');
  });

  it('cuts a long one between two words', () => {
    const name = reportFileName('packets '.repeat(20), null);
    expect(name.length).toBeLessThanOrEqual(76);
    expect(name).toMatch(/^(packets-)+packets\.pdf$/);
    expect(reportFileName('x'.repeat(200), null).length).toBeLessThanOrEqual(76);
  });
});

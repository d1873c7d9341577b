import { describe, expect, it } from 'vitest';
import { analyseTextArt } from './analyse-text-art';
import { COLLISION, HALF_HEALTHY } from './cases';
import { textArtSources } from './text-art';

describe('text-art captures', () => {
  it('makes a file a lane, with the frames drawn there', async () => {
    const { analysis } = await analyseTextArt(HALF_HEALTHY);
    expect(analysis.captures.map(({ file, summary }) => [file, summary.frames])).toEqual([
      ['left.pcap', 8],
      ['right.pcap', 8],
      ['tun.pcap', 10],
    ]);
  });

  it('becomes connections whose journeys pass the lanes as drawn', async () => {
    const { analysis } = await analyseTextArt(COLLISION);
    expect(analysis.connections).toHaveLength(3);
    expect(analysis.connections[0]).toMatchObject({
      client: '10.128.2.10:36440',
      server: '172.30.32.208:9443',
      handshake: 'complete',
      close: 'fin',
      journeys: 8,
      lost: 0,
      forwardStops: ['p1', 'p2'],
      reverseStops: ['p2', 'p1'],
    });
    expect(analysis.connections[0].translations.map(({ kind, after }) => [kind, after])).toEqual([
      ['dnat', '10.128.2.6:9443'],
      ['un-dnat', '172.30.32.208:9443'],
    ]);
  });

  it('keeps sequence numbers and changes timestamps where a packet is sent again', async () => {
    const { analysis } = await analyseTextArt(COLLISION);
    const index = analysis.connections.findIndex(({ lost }) => lost > 0);
    const { journeys, sightings, journeyCount } = analysis.journeysOf([index]);
    const rows = [...journeys.firstSighting.subarray(0, journeyCount)];
    expect(new Set(rows.map((row) => sightings.sequence[row])).size).toBe(1);
    const stamps = rows.map((row) => sightings.timestampValue[row]);
    expect(stamps.map((stamp) => stamp - stamps[0])).toEqual([0, 1027, 3075, 7109, 15491]);
  });

  it('says which line it does not understand', () => {
    const lanes = 'time packet | left';
    expect(() => textArtSources('nonsense')).toThrow('line 1: not understood: nonsense');
    expect(() => textArtSources(`${lanes}\n0 > X | -`)).toThrow('line 2: no packet: 0 > X');
    expect(() => textArtSources(`${lanes}\n0 > S | a>b`)).toThrow(
      'line 2: unknown endpoint in a>b',
    );
    expect(() => textArtSources(`${lanes}\n0 > S | ~`)).toThrow('line 2: seen nowhere');
  });
});

import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../testing/analyse-text-art';
import { COLLISION } from '../testing/cases';
import type { Analysis } from './analysis';
import { findFrameConnections } from './frame-connections';

describe('findFrameConnections', () => {
  it('finds for every frame the connection whose journeys have it', async () => {
    const analysis = (await analyseTextArt(COLLISION)).analysis as Analysis;
    let checked = 0;
    analysis.connections.forEach(({ id }, index) => {
      const { sightings, sightingCount, files } = analysis.journeysOf([index]);
      for (let row = 0; row < sightingCount; row++, checked++)
        expect(
          findFrameConnections(analysis, [
            { file: files[sightings.capture[row]], frame: sightings.frame[row] },
          ]),
        ).toEqual([id]);
    });
    expect(checked).toBeGreaterThan(20);
  });

  it('names each once, in the order of the frames, and leaves out what it does not know', async () => {
    const analysis = (await analyseTextArt(COLLISION)).analysis as Analysis;
    const ids = analysis.connections.map(({ id }) => id);
    const frames = [2, 0, 2, 1].map((index) => {
      const { sightings, files } = analysis.journeysOf([index]);
      return { file: files[sightings.capture[0]], frame: sightings.frame[0] };
    });
    const unknown = [
      { file: 'nowhere.pcap', frame: 1 },
      { file: frames[0].file, frame: 9999 },
    ];
    expect(findFrameConnections(analysis, [...unknown, ...frames])).toEqual([
      ids[2],
      ids[0],
      ids[1],
    ]);
  });
});

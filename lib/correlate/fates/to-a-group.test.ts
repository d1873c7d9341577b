// What is sent to a group has no one receiver under whose own MAC it could be seen.
import { expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { FATE_REASONS, FATES } from '../../model/fate';
import { datagramArtSources } from '../../testing/datagram-art';

it('came wherever the captures show it, and that is all that can be told', async () => {
  const { analysis } = await analyseSources(
    datagramArtSources(`
      c = 10.1.1.11:5353
      g = 224.0.0.251:5353

      time packet         | left | right
      0    > one udp 100  | c>g  | c>g
      1    > two udp 101  | c>g  | c>g`),
  );
  const { journeys, journeyCount } = analysis.journeysOf([0]);
  expect(journeyCount).toBe(2);
  for (let journey = 0; journey < journeyCount; journey += 1)
    expect([FATES[journeys.fate[journey]], FATE_REASONS[journeys.reason[journey]]]).toEqual([
      'delivered',
      'to-a-group',
    ]);
});

// `node scripts/run.mjs bench/frames.ts`: what the scene needs of the processor for a frame of the picture: arrows, labels, heat; and how long the layout takes that is built
// once before.

import { drawScene } from '../lib/scene/draw-scene';
import { buildLayout } from '../lib/scene/layout';
import { Marks } from '../lib/scene/marks';
import { ROW_PX } from '../lib/scene/place-rows';
import { estimateText } from '../lib/scene/theme';
import { buildWindow } from '../lib/testing/window-builder';
import { medianOf } from './median';

const FRAMES = 30;

const pointsOf = (lanes: number) =>
  Array.from({ length: lanes }, (_, index) => ({
    id: `p${index + 1}`,
    capture: index,
    name: `host${index}-eth0`,
    interface: null,
    host: 'h1',
    frames: 1,
  }));

const layoutOf = (packets: number, points: ReturnType<typeof pointsOf>) =>
  buildLayout({
    window: buildWindow({
      journeys: Array.from({ length: packets }, (_, packet) => ({
        direction: packet % 2 === 0 ? ('forward' as const) : ('reverse' as const),
        sightings: points.map((_, point) => ({
          point: packet % 2 === 0 ? point : points.length - 1 - point,
          time: packet * 20_000 + point * 900,
          source: packet % 2 === 0 ? '10.0.0.1:4000' : '10.0.0.2:443',
          destination: packet % 2 === 0 ? '10.0.0.2:443' : '10.0.0.1:4000',
          flags: 0x10,
          sequence: packet,
        })),
      })),
    }),
    points,
    connections: [],
    hops: [],
    lanes: { order: [], hidden: [], names: {} },
    finding: null,
    notes: [],
    timeMode: 'events',
  });

async function frame(name: string, packets: number, lanes: number, height: number, rowPx: number) {
  const layout = layoutOf(packets, pointsOf(lanes));
  // Latency makes rows a little higher than they are at least.
  const scale = (rowPx * packets) / layout.length;
  const reuse = { body: new Marks(), pinned: new Marks() };
  let marks = '';
  const { result: seconds } = await medianOf(5, async () => {
    const before = process.cpuUsage();
    for (let i = 0; i < FRAMES; i++) {
      const view = { width: 1600, height, top: i * 3, scale, left: 0, selected: -1, hovered: -1 };
      const { body, dense } = drawScene(layout, view, estimateText, reuse);
      marks = dense
        ? `${body.bands.length} cells of heat`
        : `${body.lines.length} lines, ${body.glyphs.length} glyphs, ${body.texts.length} texts`;
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  console.log(
    `${name.padEnd(30)}${((seconds / FRAMES) * 1000).toFixed(1).padStart(6)} ms   ${marks}`,
  );
}

await frame('a screen of packets', 20_000, 5, 900, ROW_PX);
await frame('10,000 arrows', 2000, 12, 920 * 4, 4);
// A label and a time each.
await frame('5,000 labels', 6000, 3, 2520 * 24, 24);
await frame('heat of 20,000 packets', 20_000, 5, 900, 900 / 20_000);
const { window } = layoutOf(20_000, pointsOf(5)).input;
const base = layoutOf(1, pointsOf(5)).input;
const build = await medianOf(5, async () => buildLayout({ ...base, window }).rowCount);
console.log(`${'layout of 20,000'.padEnd(30)}${(build.seconds * 1000).toFixed(1).padStart(6)} ms`);

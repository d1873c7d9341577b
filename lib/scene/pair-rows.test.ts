// Two connections side by side: like beside like, each side in its own order, silences on the side that is silent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWindows } from '../model/join-windows';
import { TCP_ACK, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import { buildWindow, type JourneySpec } from '../testing/window-builder';
import { drawScene } from './draw-scene';
import { buildLayout, rowOfJourney, type SceneLayout } from './layout';
import { estimateText, ROLE } from './theme';

const POINTS = ['pod-eth0', 'node-tun0'].map((name, index) => ({
  id: `p${index + 1}`,
  capture: index,
  name,
  interface: null,
  host: 'h1',
  frames: 1,
}));
const FLAGS = { S: TCP_SYN, SA: TCP_SYN | TCP_ACK, A: TCP_ACK, P: TCP_ACK, R: TCP_RST } as const;
type Letter = keyof typeof FLAGS;

/** `S> 0`, `SA< 0.2`: what, which way, at which ms. */
const journeysOf = (connection: string, lines: readonly string[]): JourneySpec[] =>
  lines.map((line, number) => {
    const [, letter, way, ms] = /^(\w+)([<>]) ([\d.]+)$/.exec(line)!;
    const time = Number(ms) * 1e6;
    const points = way === '>' ? [0, 1] : [1, 0];
    return {
      connection,
      direction: way === '>' ? 'forward' : 'reverse',
      sightings: points.map((point, index) => ({
        point,
        frame: (connection === 'left' ? 1 : 101) + number,
        time: time + index * 1000,
        flags: FLAGS[letter as Letter],
        payloadLength: letter === 'P' ? 100 : 0,
        sequence: 1,
        source: way === '>' ? 'a:1' : 'b:2',
        destination: way === '>' ? 'b:2' : 'a:1',
      })),
    };
  });

const layoutOf = (
  left: readonly string[],
  right: readonly string[],
  shown: readonly number[] | null = null,
): SceneLayout => {
  const [first, second] = [journeysOf('left', left), journeysOf('right', right)].map((journeys) =>
    buildWindow({ files: ['1.pcap', '2.pcap'], journeys }),
  );
  const window = joinWindows(first, second, 0);
  return buildLayout({
    window,
    points: POINTS,
    connections: [],
    hops: [],
    lanes: { order: [], hidden: [], names: {} },
    finding: null,
    notes: [],
    timeMode: 'events',
    filter: shown && { matches: Uint8Array.from(shown), hides: true },
    isPair: true,
  });
};

/** Rows as one reads them: `left | right`, a dot where a side has nothing. */
function picture({ order, y, input, facts }: SceneLayout): string[] {
  const { journeys } = input.window;
  const lines = new Map<number, [string, string]>();
  order.forEach((journey, row) => {
    const line = lines.get(y[row]) ?? ['.', '.'];
    line[journeys.connection[journey]] = String(facts.startNs[journey] / 1e6);
    lines.set(y[row], line);
  });
  return [...lines.values()].map((line) => line.join(' | '));
}

describe('two connections side by side', () => {
  it('leaves out what the filter hides: the others keep their likes, or stand alone', () => {
    const left = ['S> 0', 'SA< 1', 'P> 2'];
    const right = ['S> 0', 'SA< 1.5', 'P> 3', 'P> 9'];
    const layout = layoutOf(left, right, [1, 0, 1, 1, 1, 0, 1]);
    expect(picture(layout)).toEqual(['0 | 0', '. | 1.5', '2 | .', '. | 9']);
    // Of one that is hidden: the row that comes next.
    expect([0, 1, 2, 3, 4, 5, 6].map((journey) => rowOfJourney(layout, journey))).toEqual([
      0, 2, 3, 1, 2, 4, 4,
    ]);
  });

  it('puts like beside like, whatever the time, and a reset beside what the healthy one sends instead', () => {
    const layout = layoutOf(
      ['S> 0', 'SA< 5', 'R> 5.1'],
      ['S> 0', 'SA< 0.2', 'A> 5.2', 'P> 5.3', 'P< 5.9'],
    );
    expect(picture(layout)).toEqual(['0 | 0', '5 | 0.2', '5.1 | 5.2', '. | 5.3', '. | 5.9']);
  });

  it('leaves a retry alone that the other side has not, and folds the silence on its side', () => {
    const layout = layoutOf(
      ['S> 0', 'S> 1000', 'SA< 1001', 'A> 1002'],
      ['S> 0', 'SA< 1', 'A> 2', 'P> 3'],
    );
    expect(picture(layout)).toEqual(['0 | 0', '1000 | .', '1001 | 1', '1002 | 2', '. | 3']);
    expect([...layout.gapSide]).toEqual([0]);
    expect([...layout.gapNs]).toEqual([1e9]);
  });

  it('draws each side alone, at the places of both', () => {
    const layout = layoutOf(['S> 0', 'SA< 1', 'R> 2'], ['S> 0', 'SA< 1', 'A> 2', 'P> 3']);
    const drawn = ([0, 1] as const).map((side) => {
      const view = {
        width: 500,
        height: 400,
        top: 0,
        scale: 1,
        left: 0,
        selected: -1,
        hovered: -1,
      };
      const { body } = drawScene(layout, { ...view, side }, estimateText);
      const journeys = new Set<number>();
      for (let row = 0; row < body.lines.length; row++)
        journeys.add(body.lines.get('journey', row));
      journeys.delete(-1);
      return [...journeys].map((journey) => layout.input.window.journeys.connection[journey]);
    });
    expect(drawn).toEqual([
      [0, 0, 0],
      [1, 1, 1, 1],
    ]);
  });

  it('marks where they first part in both, at one height', () => {
    const { input } = layoutOf(['S> 0', 'SA< 1', 'R> 2'], ['S> 0', 'SA< 1', 'A> 2']);
    const { files, sightings, journeys } = input.window;
    const frames = [2, 5].map((journey) => {
      const row = journeys.firstSighting[journey];
      return { file: files[sightings.capture[row]], frame: sightings.frame[row] };
    });
    const layout = buildLayout({ ...input, finding: { steps: [{ text: '', frames }] } });
    const bandsOf = (side: 0 | 1) => {
      const view = {
        width: 500,
        height: 400,
        top: 0,
        scale: 1,
        left: 0,
        selected: -1,
        hovered: -1,
      };
      const { bands, textValues } = drawScene(layout, { ...view, side }, estimateText).body;
      expect(textValues.filter((text) => text === '1')).toHaveLength(1);
      const places: number[] = [];
      for (let row = 0; row < bands.length; row++)
        if (bands.get('role', row) === ROLE['failure-surface']) places.push(bands.get('y', row));
      return places;
    };
    expect(bandsOf(0)).toHaveLength(1);
    expect(bandsOf(1)).toEqual(bandsOf(0));
  });

  it('keeps every packet once and each side in its order', () => {
    const packets = fc.array(
      fc.record({
        letter: fc.constantFrom<Letter>('S', 'SA', 'A', 'P', 'R'),
        way: fc.constantFrom('<', '>'),
        gap: fc.integer({ min: 0, max: 400 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    const lines = (side: readonly { letter: Letter; way: string; gap: number }[]) => {
      let ms = 0;
      return side.map(({ letter, way, gap }) => {
        ms += gap / 10;
        return `${letter}${way} ${ms.toFixed(1)}`;
      });
    };
    fc.assert(
      fc.property(packets, packets, (left, right) => {
        const layout = layoutOf(lines(left), lines(right));
        const { journeys, journeyCount } = layout.input.window;
        expect([...layout.order].sort((a, b) => a - b)).toEqual(
          Array.from({ length: journeyCount }, (_, journey) => journey),
        );
        for (let row = 1; row < layout.rowCount; row++)
          expect(layout.y[row]).toBeGreaterThanOrEqual(layout.y[row - 1]);
        for (const side of [0, 1]) {
          const own = [...layout.order].filter((journey) => journeys.connection[journey] === side);
          const times = own.map((journey) => layout.facts.startNs[journey]);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          const places = own.map((journey) => layout.y[rowOfJourney(layout, journey)]);
          expect(new Set(places).size).toBe(own.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});

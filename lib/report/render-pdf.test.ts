import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CaseSnapshot } from '../model/snapshot';
import { arbitrarySnapshot } from '../testing/arbitrary-snapshot';
import { articleSnapshot } from '../testing/article-snapshot';
import { type ReadPdf, readPdf } from '../testing/read-pdf';
import { buildWindow } from '../testing/window-builder';
import { readReportFonts } from './fonts-node';
import { PAGE } from './pdf-style';
import { renderPdf } from './render-pdf';

const render = async (snapshot: CaseSnapshot) =>
  renderPdf(snapshot, { fonts: await readReportFonts() });

/** Texts that leave the page's text area, or its foot. */
const strays = (pdf: ReadPdf) =>
  pdf.pages.flatMap((page) =>
    page.texts.filter(
      ({ text, x, width, y }) =>
        text.trim() !== '' &&
        (x < PAGE.margins[0] - 2 || x + width > page.width - PAGE.margins[2] + 2 || y < 20),
    ),
  );

describe('the report of the article’s case', () => {
  let pdf: ReadPdf;
  beforeAll(async () => {
    pdf = await readPdf(await render(articleSnapshot));
  });

  it('tells the finding with its steps, frames and filters', () => {
    expect(pdf.text).toContain('Socket timeout, workflow → content engine');
    expect(pdf.text).toContain('Reply half translated back');
    expect(pdf.text).toContain('practically certain, 0.98');
    expect(pdf.text).toContain('Two hops in a row may differ with none lost');
    for (const step of articleSnapshot.findings[0].steps) expect(pdf.text).toContain(step.text);
    expect(pdf.text).toContain('article-3.1-cpe.pcap #2 #5 #7 #10 #12 #15 #17 #20 #22');
    expect(pdf.text).toContain('frame.number in {1..23}');
    expect(pdf.text).toContain('frame.number in {1..3, 6, 8, 11, 13, 16, 18, 21, 23}');
    expect(pdf.text).toContain('ovs-appctl dpctl/dump-conntrack | grep 59906');
  });

  it('names each capture with its digest and times', () => {
    for (const capture of articleSnapshot.captures) {
      expect(pdf.text).toContain(capture.file);
      expect(pdf.text).toContain(capture.sha256);
      expect(pdf.text).toContain(capture.fingerprint);
    }
    expect(pdf.text).toContain('2021-01-12 09:14:02.111140');
  });

  it('has the packets with their timestamps, rewrites and what was not restored', () => {
    expect(pdf.text).toContain('[S.] seq 905514022 ack 2204581175 TS 3455876045,1713889923');
    expect(pdf.text).toContain('ip.dst 172.30.249.115 → 10.128.3.214');
    expect(pdf.text).toContain('tcp.dstport 59906 → 60170');
    expect(pdf.text.match(/src not restored/g)?.length).toBeGreaterThanOrEqual(9);
  });

  it('has the swimlane as text that can be chosen, in words and numbers', () => {
    expect(pdf.outline).toContain('The journeys');
    expect(pdf.text).toContain('src not restored: 10.128.3.214:9443, expected 172.30.249.115:9443');
    expect(pdf.text).toContain('15.174752');
    expect(pdf.text).toContain('[S] retry 4');
  });

  it('has the note, the clock, the rules and the page numbers', () => {
    expect(pdf.text).toContain('Source is still the pod: déjà vu');
    expect(pdf.text).toContain('Clock h1 (baw · eth0, cpe · eth0) is the reference');
    expect(pdf.text).toContain('no DNS in the captures');
    expect(pdf.text).toContain(`1 of ${pdf.pages.length}`);
  });

  it('has an outline, a title and links to the references', () => {
    expect(pdf.outline).toEqual(
      expect.arrayContaining(['Overview', 'Captures', 'The story', 'Notes']),
    );
    expect(pdf.outline).toContain('Reply half translated back');
    expect(pdf.links).toContain('https://git.kernel.org/torvalds/c/5d50aa83e2c8');
    expect(pdf.title).toBe(articleSnapshot.title);
  });

  it('keeps all text within the margins', () => {
    expect(strays(pdf)).toEqual([]);
  });
});

it('begins with what its sender says, in paragraphs', async () => {
  const preface = 'To the vendor’s support:\n\nPlease tell which kernel has the fix. 節';
  const bytes = await renderPdf(articleSnapshot, { fonts: await readReportFonts(), preface });
  const { text } = await readPdf(bytes);
  expect(text).toContain('To the vendor’s support: Please tell which kernel has the fix. ‹U+7BC0›');
  expect(text.indexOf('To the vendor')).toBeLessThan(text.indexOf('Reply half translated back'));
});

it('gives the same bytes for the same snapshot', async () => {
  const [first, second] = [await render(articleSnapshot), await render(articleSnapshot)];
  expect(Buffer.compare(first, second)).toBe(0);
  const other = await render({ ...articleSnapshot, title: 'Another' });
  expect(Buffer.compare(first, other)).not.toBe(0);
});

it('reports progress up to its end', async () => {
  const seen: number[] = [];
  const fonts = await readReportFonts();
  await renderPdf(articleSnapshot, { fonts, onProgress: (progress) => seen.push(progress) });
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.at(-1)).toBe(1);
});

it('says so where nothing was found', async () => {
  const pdf = await readPdf(await render({ ...articleSnapshot, findings: [], notes: [] }));
  expect(pdf.text).toContain('Nothing was found to be wrong. 6 checks looked at these captures');
  expect(pdf.text).toContain('Packets that no finding speaks of');
  expect(pdf.outline).not.toContain('Notes');
});

it('sets what has no glyph by its number, and likenesses for common marks', async () => {
  const notes = [{ ...articleSnapshot.notes[0], text: '✕ lost at 節点, naïve → Ж' }];
  const pdf = await readPdf(await render({ ...articleSnapshot, notes }));
  expect(pdf.text).toContain('× lost at ‹U+7BC0›‹U+70B9›, naïve → Ж');
});

it('is made of a snapshot with nothing in it', async () => {
  const empty: CaseSnapshot = {
    ...articleSnapshot,
    captures: [],
    points: [],
    clocks: [],
    connections: [],
    hops: [],
    journeys: buildWindow({ journeys: [] }),
    findings: [],
    rules: [],
    notes: [],
  };
  const pdf = await readPdf(await render(empty));
  expect(pdf.text).toContain('Nothing was found to be wrong.');
});

it('is made of any snapshot that a link can hold', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySnapshot, async (snapshot) => {
      expect((await render(snapshot)).length).toBeGreaterThan(1000);
    }),
    { numRuns: 6 },
  );
});

describe('a crowded snapshot', () => {
  const id = articleSnapshot.connections[0].id;
  const client = '[2001:db8:85a3:1111:2222:8a2e:370:7334]:60170';
  const server = '[2001:db8:85a3:3333:4444:8a2e:370:9999]:9443';
  const points = Array.from({ length: 9 }, (_, i) => ({
    ...articleSnapshot.points[0],
    id: `p${i + 1}`,
    capture: i % 2,
    name: `node-with-a-long-name-${i}-veth0123456789ab`,
  }));
  const longName = `${'capture'.repeat(16)}.pcapng`;
  const snapshot: CaseSnapshot = {
    ...articleSnapshot,
    title:
      'A case whose title is so long that it must wrap somewhere, and does so without losing a word of it',
    captures: articleSnapshot.captures.map((capture) => ({ ...capture, file: longName })),
    points,
    connections: [
      {
        ...articleSnapshot.connections[0],
        client,
        server,
        points: points.map((point) => point.id),
        forwardStops: points.map((point) => point.id),
      },
    ],
    journeys: buildWindow({
      files: [longName, longName],
      journeys: Array.from({ length: 500 }, (_, j) => ({
        connection: id,
        fate: 'lost' as const,
        reason: 'never-acknowledged' as const,
        between: [
          [7, 1],
          [8, 1],
        ] as const,
        ambiguous: true,
        sightings: points.slice(0, 8).map((_, point) => ({
          point,
          capture: point % 2,
          frame: 1_000_000 + j,
          time: j * 1e6 + point,
          source: client,
          destination: server,
        })),
      })),
    }),
    notes: [{ ...articleSnapshot.notes[0], text: 'word '.repeat(2000) + 'x'.repeat(500) }],
  };

  it('loses no text at the margins, and says what it left out', async () => {
    const pdf = await readPdf(await render(snapshot));
    expect(strays(pdf)).toEqual([]);
    expect(pdf.text).toContain('100 more packets belong here');
    expect(pdf.text).toContain('p8 #1000399');
  });
});

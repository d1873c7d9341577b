// The way from dropped files to an answer, and what leaves the page: the link and the PDF.
import { readPdf } from '../lib/testing/read-pdf';
import { expect, test } from './test';

const HALF_TRANSLATED = /translated back only in part/;
/** A packet passes tun0 twice, before and after NAT. */
const SECOND_PASSAGE = /^tun0.?′$/u;
/** As the lanes are called: host and interface of the files. */
const POINTS = ['cpe · eth0', 'veth5b024d2c', 'tun0', SECOND_PASSAGE, 'veth91c7e3aa', 'baw · eth0'];
const COLLISION = /tuple/i;

test('five dropped captures become five lanes, a translation, a finding and a frame', async ({
  hoplane,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');

  await expect(hoplane.findings.getByRole('button', { name: HALF_TRANSLATED })).toBeVisible();
  await hoplane.chooseFinding(HALF_TRANSLATED);
  for (const lane of POINTS) await expect(hoplane.lane(lane)).toBeVisible();
  await expect(
    hoplane.journey(/DNAT 172\.30\.249\.115:9443 → 10\.128\.3\.214:9443/).first(),
  ).toBeAttached();

  await hoplane.chooseStep(1);
  await expect(hoplane.inspector.getByRole('heading', { name: /^Frame/ })).toBeVisible();
  await expect(hoplane.inspector).toContainText('IPv4 10.128.3.202 → 172.30.249.115');
  await expect(hoplane.inspector).toContainText('tcp.seq_raw');
});

test('a click on a sighting in the swimlane opens its frame', async ({ hoplane }) => {
  await hoplane.dropSample('article-3.1');
  await hoplane.chooseStep(1);
  await expect(hoplane.frameFile('article-3.1-cpe.pcap')).toBeVisible();
  await hoplane.clickSighting('article-3.1-baw', 'article-3.1-baw.pcap');
  await expect(hoplane.inspector).toContainText('tcp.seq_raw');
});

test('the article’s first case opens with one click and tells its story', async ({ hoplane }) => {
  await hoplane.open();
  await hoplane.openSample(/^The article’s case 3\.1/);
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await expect(hoplane.story.getByRole('listitem')).not.toHaveCount(0);
  await expect(hoplane.story).toContainText('10.128.3.202:60170');
});

test('the article’s second case names the frames that the article prints', async ({ hoplane }) => {
  await hoplane.open();
  await hoplane.openSample(/^The article’s case 3\.2/);
  await hoplane.chooseFinding(COLLISION);
  for (const frame of ['#12324', '#10056', '#8298']) {
    await expect(hoplane.story).toContainText(frame);
  }
});

test('a link shows another reader the same swimlane, finding and note', async ({
  hoplane,
  reader,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.chooseStep(1);
  await hoplane.pinNote('First SYN of the failed connection');
  const lanes = await hoplane.laneNames();
  const journeys = await hoplane.journeyTexts();
  const story = await hoplane.story.innerText();
  expect(lanes).toHaveLength(POINTS.length);
  expect(journeys.length).toBeGreaterThan(5);

  await reader.open(await hoplane.copyLink());
  expect(await reader.laneNames()).toEqual(lanes);
  // The bar that says what a snapshot is takes the room of the lowest row or two.
  const shared = await reader.journeyTexts();
  expect(shared).toEqual(journeys.slice(0, shared.length));
  expect(shared.length).toBeGreaterThan(journeys.length - 3);
  expect(await reader.story.innerText()).toEqual(story);
  await expect(reader.findings.getByRole('button', { name: HALF_TRANSLATED })).toBeVisible();
  await expect(reader.inspector).toContainText('First SYN of the failed connection');
});

test('the PDF holds finding, frames and note as text', async ({ hoplane }) => {
  await hoplane.open();
  await hoplane.openSample(/^The article’s case 3\.1/);
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.chooseStep(1);
  await hoplane.pinNote('The reply that nobody asked for');
  const { text } = await readPdf(await hoplane.exportPdf());
  for (const words of [
    'article-3.1-cpe.pcap',
    '10.128.3.202:60170',
    '172.30.249.115:9443',
    '[S.]',
  ]) {
    expect(text).toContain(words);
  }
  expect(text).toContain('The reply that nobody asked for');
  expect(text).toMatch(HALF_TRANSLATED);
});

test('a finding is copied as Markdown and as a display filter for each file', async ({
  hoplane,
}) => {
  await hoplane.dropSample('article-3.1');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  const clipboard = () => hoplane.page.evaluate(() => navigator.clipboard.readText());
  await hoplane.page.getByRole('button', { name: 'Copy the finding', exact: true }).click();
  await hoplane.page.getByRole('button', { name: 'Copy the finding as Markdown' }).click();
  await expect.poll(clipboard).toMatch(/^## SYN-ACK of [\s\S]*### In Wireshark/);
  await hoplane.page
    .getByRole('button', { name: 'Copy the display filter for article-3.1-cpe.pcap' })
    .click();
  await expect.poll(clipboard).toMatch(/^frame\.number in \{1[^}]*\}$/);
});

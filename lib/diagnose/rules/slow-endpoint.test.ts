// A wait that the application means (a long poll) is no fault of the server; one among quick answers to the like of it is.
import { expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { OPENED_AT_TWO } from '../../testing/rule-cases/established';

/** Requests of so many bytes each, and how long the server takes for them, s. */
const draw = (
  requests: readonly (readonly [bytes: number, wait: number])[],
): string => `${OPENED_AT_TWO}
${requests
  .map(
    ([bytes, wait], n) => `  ${n * 40 + 1} > P/${bytes} | cli>srv | cli>srv
  ${n * 40 + 1.001 + wait} < P/300 | srv>cli | srv>cli
  ${n * 40 + 1.002 + wait} > A | cli>srv | cli>srv`,
  )
  .join('\n')}`;

const findIn = async (drawing: string) => {
  const { diagnosis } = await analyseTextArt(drawing);
  return diagnosis.findings.filter(({ rule }) => rule === 'slow-endpoint');
};
const judge = (requests: Parameters<typeof draw>[0]) => findIn(draw(requests));

it('a long poll beside quick requests is a note', async () => {
  const [finding] = await judge([
    [40, 0.01],
    [200, 30],
    [41, 0.02],
    [200, 30],
    [42, 0.01],
    [40, 0.01],
  ]);
  expect(finding.severity).toBe('note');
  expect(finding.grounds.at(-1)?.text).toContain('none is like this one');
  expect(finding.summary).toContain('only the application can tell');
});

it('the like of what is answered quickly, answered slowly, is a warning', async () => {
  const [finding] = await judge([
    [40, 0.01],
    [200, 0.02],
    [41, 0.02],
    [201, 3],
    [42, 0.01],
  ]);
  expect(finding.severity).toBe('warning');
  expect(finding.summary).toContain('1 of 5 responses of 10.0.0.2:8443 takes 1 s or more');
});

/** Requests in two segments: how long the client pauses between them, s, and what else happens meanwhile. */
const drawPauses = (
  pauses: readonly (readonly [pause: number, meanwhile?: string])[],
): string => `${OPENED_AT_TWO}
${pauses
  .map(
    ([pause, meanwhile], n) => `  ${n * 40 + 1} > P/200 | cli>srv | cli>srv
  ${n * 40 + 1.0005} < A | srv>cli | srv>cli${meanwhile ?? ''}
  ${n * 40 + 1.001 + pause} > P/700 | cli>srv | cli>srv
  ${n * 40 + 1.002 + pause} < P/300 | srv>cli | srv>cli
  ${n * 40 + 1.003 + pause} > A | cli>srv | cli>srv`,
  )
  .join('\n')}`;

const judgePauses = (pauses: Parameters<typeof drawPauses>[0]) => findIn(drawPauses(pauses));

it('a client that pauses in a request, where others like it go out at once, is a warning', async () => {
  const [finding, ...more] = await judgePauses([[0.001], [0.002], [1.5], [0.001]]);
  expect(more).toEqual([]);
  expect(finding.severity).toBe('warning');
  expect(finding.title).toBe(
    '10.0.0.1 pauses for 1.50 s in the middle of a request to 10.0.0.2:8443',
  );
  expect(finding.times[0]).toMatchObject({ part: 'client, to send its request' });
  expect(finding.times[0].ns).toBeCloseTo(1.501e9, -5);
  expect(finding.times[0].usualNs).toBeLessThan(1e7);
  expect(finding.steps[2].frames).toContainEqual({ file: 'left.pcap', frame: 16 });
  expect(finding.sibling?.partings[0].kind).toBe('timing');
  expect(finding.cause?.open.length).toBeGreaterThan(1);
});

it('one by itself is a note: only the application can tell', async () => {
  const [finding] = await judgePauses([[1.5]]);
  expect(finding.severity).toBe('note');
  expect(finding.summary).toContain('only the application can tell');
});

it('a pause with a repetition in it is not the client’s alone', async () => {
  const repeated = await judgePauses([
    [0.001],
    [0.002],
    [1.5, '\n  81.3 > P/200* | cli>srv | cli>srv'],
    [0.001],
  ]);
  expect(repeated).toEqual([]);
});

it('messages that come now and then before one is answered are no request with a pause', async () => {
  const { diagnosis } = await analyseTextArt(`${OPENED_AT_TWO}
${[1, 4, 7, 10]
  .map(
    (at) => `  ${at} > P/60 | cli>srv | cli>srv
  ${at}.04 < A | srv>cli | srv>cli`,
  )
  .join('\n')}
  13     > P/40   | cli>srv | cli>srv
  13.001 < P/40   | srv>cli | srv>cli`);
  expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-endpoint');
});

it('does not judge by one point: it does not tell the server’s time from the way’s', async () => {
  const oneSide = drawPauses([[0.001]])
    .split('\n')
    .map((line) => line.split('|').slice(0, 2).join('|'))
    .join('\n');
  const { diagnosis } = await analyseTextArt(oneSide);
  const answer = diagnosis.rules.find(({ rule }) => rule === 'slow-endpoint');
  expect(answer?.result).toBe('notApplicable');
  expect(answer?.lacks.length).toBeGreaterThan(0);
});

it('is not blamed where its acknowledgements are lost and the request comes again and again', async () => {
  const { diagnosis } = await analyseTextArt(`${OPENED_AT_TWO}
${[1, 2, 3]
  .map(
    (at) => `  ${at} > P/40 | cli>srv | cli>srv
  ${at}.01 < P/30 | srv>cli | srv>cli
  ${at}.02 > A | cli>srv | cli>srv`,
  )
  .join('\n')}
  5      > P/40   | cli>srv | cli>srv
  5.0005 < A      | ~       | srv>cli
  5.3    > P/40*  | cli>srv | cli>srv
  5.3005 < A      | ~       | srv>cli
  5.9    > P/40*  | cli>srv | cli>srv
  5.9005 < A      | ~       | srv>cli
  7.1    > P/40*  | cli>srv | cli>srv
  7.1005 < A      | srv>cli | srv>cli
  7.11   < P/30   | srv>cli | srv>cli
  7.12   > A      | cli>srv | cli>srv`);
  expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-endpoint');
});

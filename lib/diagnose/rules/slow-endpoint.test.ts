// A wait that the application means (a long poll) is no fault of the server; one among quick answers to the like of it is.
import { expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';

/** Requests of so many bytes each, and how long the server takes for them, s. */
const draw = (requests: readonly (readonly [bytes: number, wait: number])[]): string => `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time   packet   | left    | right
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv
${requests
  .map(
    ([bytes, wait], n) => `  ${n * 40 + 1} > P/${bytes} | cli>srv | cli>srv
  ${n * 40 + 1.001 + wait} < P/300 | srv>cli | srv>cli
  ${n * 40 + 1.002 + wait} > A | cli>srv | cli>srv`,
  )
  .join('\n')}`;

const judge = async (requests: Parameters<typeof draw>[0]) => {
  const { diagnosis } = await analyseTextArt(draw(requests));
  return diagnosis.findings.filter(({ rule }) => rule === 'slow-endpoint');
};

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

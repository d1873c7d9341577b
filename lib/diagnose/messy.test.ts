// Captures as they come in practice: begun in mid-stream, probes, scans, aborted downloads, reused ports, one side only. Nothing of it is a fault.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { analyseTextArt } from '../testing/analyse-text-art';
import { udpFrame } from '../testing/frame-builder';
import { type Lane, laneSources } from '../testing/lane-captures';

const NAMES = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  srv = 10.0.0.2:8443`;

const OPEN = `
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv
  0.001  > P/90   | cli>srv | cli>srv
  0.002  < P/1300 | srv>cli | srv>cli`;

const LANES = `
  time packet | left | right`;

const MESSY: Readonly<Record<string, string>> = {
  'begun in mid-stream, ended by a reset of its client': `${NAMES}${LANES}
  0      > P/100  | cli>srv | cli>srv
  0.001  < P/900  | srv>cli | srv>cli
  0.002  > A      | cli>srv | cli>srv
  3      > R      | cli>srv | cli>srv`,
  'keep-alives of an idle connection': `${NAMES}${LANES}${OPEN}
  0.003  > A      | cli>srv | cli>srv
  75     > A      | cli>srv | cli>srv
  75.001 < A      | srv>cli | srv>cli
  150    > A      | cli>srv | cli>srv
  150.001 < A     | srv>cli | srv>cli
  160    > F      | cli>srv | cli>srv
  160.001 < F     | srv>cli | srv>cli
  160.002 > A     | cli>srv | cli>srv`,
  'a download aborted by its client': `${NAMES}${LANES}${OPEN}
  0.0021 < P/1300 | srv>cli | srv>cli
  0.0022 > F      | cli>srv | cli>srv
  0.0023 < P/1300 | srv>cli | srv>cli
  0.0024 > R      | cli>srv | cli>srv
  0.0025 < P/1300 | srv>cli | srv>cli
  0.0026 > R      | cli>srv | cli>srv`,
  'health checks that connect and reset': `${NAMES}${LANES}
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > RA     | cli>srv | cli>srv
  5      > b:S    | two>srv | two>srv
  5.0002 < b:SA   | srv>two | srv>two
  5.0004 > b:R    | two>srv | two>srv`,
  'an idle connection that its server resets': `${NAMES}${LANES}${OPEN}
  0.003  > A      | cli>srv | cli>srv
  300    < RA     | srv>cli | srv>cli`,
  'a port used again after TIME_WAIT': `${NAMES}${LANES}${OPEN}
  0.003  > F      | cli>srv | cli>srv
  0.004  < F      | srv>cli | srv>cli
  0.005  > A      | cli>srv | cli>srv
  130    > b:S    | cli>srv | cli>srv
  130.0002 < b:SA | srv>cli | srv>cli
  130.0004 > b:A  | cli>srv | cli>srv
  130.001 > b:P/90 | cli>srv | cli>srv
  130.002 < b:P/90 | srv>cli | srv>cli`,
  'replies that the second capture never sees': `${NAMES}${LANES}
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | -
  0.0004 > A      | cli>srv | cli>srv
  0.001  > P/90   | cli>srv | cli>srv
  0.002  < P/1300 | srv>cli | -
  0.003  > F      | cli>srv | cli>srv
  0.004  < F      | srv>cli | -
  0.005  > A      | cli>srv | cli>srv`,
  'the client’s capture alone': `${NAMES}
  time packet | left
  0      > S      | cli>srv
  0.0002 < SA     | srv>cli
  0.0004 > A      | cli>srv
  0.001  > P/90   | cli>srv
  0.002  < P/1300 | srv>cli
  0.003  > A      | cli>srv
  400    > P/90   | cli>srv
  400.001 < P/90  | srv>cli
  400.002 > R     | cli>srv`,
  'half closed, the server goes on sending for a while': `${NAMES}${LANES}${OPEN}
  0.003  > F      | cli>srv | cli>srv
  0.0035 < A      | srv>cli | srv>cli
  2      < P/900  | srv>cli | srv>cli
  2.0002 > A      | cli>srv | cli>srv
  5      < P/901  | srv>cli | srv>cli
  5.0002 > A      | cli>srv | cli>srv
  5.001  < F      | srv>cli | srv>cli
  5.002  > A      | cli>srv | cli>srv`,
  'idle for ten minutes, then used again and closed': `${NAMES}${LANES}${OPEN}
  0.003  > A      | cli>srv | cli>srv
  600    > P/91   | cli>srv | cli>srv
  600.001 < P/1200 | srv>cli | srv>cli
  600.002 > A     | cli>srv | cli>srv
  600.003 > F     | cli>srv | cli>srv
  600.004 < F     | srv>cli | srv>cli
  600.005 > A     | cli>srv | cli>srv`,
  'a server that pushes without being asked': `${NAMES}${LANES}${OPEN}
  10     < P/300  | srv>cli | srv>cli
  10.0002 > A     | cli>srv | cli>srv
  45     < P/301  | srv>cli | srv>cli
  45.0002 > A     | cli>srv | cli>srv
  95     < P/302  | srv>cli | srv>cli
  95.0002 > A     | cli>srv | cli>srv`,
  'long polls that end each after half a minute': `${NAMES}${LANES}${OPEN}
  0.003  > A      | cli>srv | cli>srv
  1      > P/80   | cli>srv | cli>srv
  31     < P/200  | srv>cli | srv>cli
  31.001 > P/80   | cli>srv | cli>srv
  61     < P/200  | srv>cli | srv>cli
  61.001 > P/80   | cli>srv | cli>srv
  91     < P/200  | srv>cli | srv>cli
  91.001 > A      | cli>srv | cli>srv`,
  'an application that closes early and resets what still comes': `${NAMES}${LANES}${OPEN}
  0.0021 > RA     | cli>srv | cli>srv
  0.0022 < P/1300 | srv>cli | srv>cli
  0.0023 > R      | cli>srv | cli>srv`,
  'a port used again in TIME_WAIT, with a higher sequence number': `${NAMES}${LANES}${OPEN}
  0.003  > F      | cli>srv | cli>srv
  0.004  < F      | srv>cli | srv>cli
  0.005  > A      | cli>srv | cli>srv
  20     > S new  | cli>srv | cli>srv
  20.0002 < SA new | srv>cli | srv>cli
  20.0004 > A     | cli>srv | cli>srv
  20.001 > P/90   | cli>srv | cli>srv
  20.002 < P/90   | srv>cli | srv>cli`,
  'a SYN sent twice to a server that was still booting': `${NAMES}${LANES}
  0      > S      | cli>srv | cli>srv
  1.02   > S*     | cli>srv | cli>srv
  1.0202 < SA     | srv>cli | srv>cli
  1.0204 > A      | cli>srv | cli>srv
  1.021  > P/90   | cli>srv | cli>srv
  1.022  < P/90   | srv>cli | srv>cli`,
  'one segment of two thousand sent again at once': `${NAMES}${LANES}${OPEN}${Array.from(
    { length: 2000 },
    (_, n) => {
      const at = (1 + n / 1000).toFixed(4);
      const again = (1 + n / 1000 + 0.0009).toFixed(4);
      return n === 700
        ? `\n  ${at} > P/1000 | cli>srv | ~\n  ${again} > P/1000* | cli>srv | cli>srv`
        : `\n  ${at} > P/1000 | cli>srv | cli>srv${n % 50 === 0 ? `\n  ${again} < A | srv>cli | srv>cli` : ''}`;
    },
  ).join('')}
  4      < A      | srv>cli | srv>cli`,
  'left half open when the captures end': `${NAMES}${LANES}${OPEN}
  0.003  > F      | cli>srv | cli>srv
  0.0035 < A      | srv>cli | srv>cli`,
};

/** What every link carries besides: announcements, searches, leases; nobody answers, and nobody is missed. */
const NOISE: Lane = [0, 30, 60, 90].flatMap(
  (at): Lane =>
    (
      [
        ['10.0.0.1:5353', '224.0.0.251:5353'],
        ['10.0.0.1:1900', '239.255.255.250:1900'],
        ['0.0.0.0:68', '255.255.255.255:67'],
        ['10.0.0.1:137', '10.0.0.255:137'],
        ['10.0.0.1:123', '192.0.2.123:123'],
      ] as const
    ).map(([source, destination], n) => [
      at + n / 10,
      udpFrame({ source, destination, ipId: at + n + 1, payload: `noise ${n} at ${at}` }),
    ]),
);

describe('noise', () => {
  it.each([
    ['at one point', { left: NOISE }],
    ['at two', { left: NOISE, right: NOISE.map(([at, bytes]) => [at + 2e-5, bytes] as const) }],
    ['that the second point hardly sees', { left: NOISE, right: NOISE.slice(0, 6) }],
  ])('%s raises no alarm', async (_, lanes) => {
    const { diagnosis } = await analyseSources(laneSources(lanes));
    expect(
      diagnosis.findings
        .filter(({ severity }) => severity !== 'note')
        .map(({ rule, title }) => `${rule}: ${title}`),
    ).toEqual([]);
  });
});

describe('messy and healthy', () => {
  for (const [name, text] of Object.entries(MESSY))
    it(`${name} raises no alarm`, async () => {
      const { diagnosis } = await analyseTextArt(text);
      expect(
        diagnosis.findings
          .filter(({ severity }) => severity !== 'note')
          .map(({ rule, title }) => `${rule}: ${title}`),
      ).toEqual([]);
    });
});

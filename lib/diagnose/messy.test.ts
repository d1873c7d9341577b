// Captures as they come in practice: begun in mid-stream, probes, scans, aborted downloads, reused ports, one side only. Nothing of it is a fault.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../testing/analyse-text-art';

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
  'left half open when the captures end': `${NAMES}${LANES}${OPEN}
  0.003  > F      | cli>srv | cli>srv
  0.0035 < A      | srv>cli | srv>cli`,
};

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

// Times between captures: a bound beside the figure where two clocks took its ends, none where one did.
import { expect, it } from 'vitest';
import { analyseTextArt } from '../testing/analyse-text-art';

/** A reset that the client's capture missed is timed by the other host's clock. */
const draw = (clock: string, seenAtClient: string): string => `
  a = 10.0.0.1:40000
  b = 10.0.0.1:40001
  srv = 10.0.0.9:443
  shut = 10.0.0.9:444
  hop 2ms
  ${clock}
  time      packet |  left     | right
  0      > o:S     |  a>srv    | a>srv
  0.010  < o:SA    |  srv>a    | srv>a
  0.020  > o:A     |  a>srv    | a>srv
  0.030  > o:P/100 |  a>srv    | a>srv
  0.040  < o:P/100 |  srv>a    | srv>a
  0.050  > r:S     |  b>shut   | b>shut
  0.053  < r:RA    |  ${seenAtClient} | shut>b`;

const toldOf = async (text: string): Promise<string> => {
  const { diagnosis } = await analyseTextArt(text);
  const refused = diagnosis.findings.find(({ rule }) => rule === 'refused-connection');
  return refused?.steps[1].text.match(/, ([^,]+) after the SYN was sent/)?.[1] ?? 'not told';
};

it('have a bound where two clocks took their ends', async () => {
  expect(await toldOf(draw('clock right +5ms', '-'))).toMatch(/^[\d.]+ ms ± [\d.]+ m?µ?s$/);
});

it('have none where one clock took both', async () => {
  expect(await toldOf(draw('clock right +5ms', 'shut>b'))).toMatch(/^[\d.]+ ms$/);
});

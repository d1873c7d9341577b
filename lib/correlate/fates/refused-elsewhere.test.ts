// Answers whose receiver refuses them from another port: they came, each reset tells of one of them, and of none of another time, number or service.
import { describe, expect, it } from 'vitest';
import { FATE_REASONS, FATES } from '../../model/fate';
import { TCP_ACK, TCP_SYN } from '../../model/tcp-flags';
import { analyseTextArt } from '../../testing/analyse-text-art';

const USUAL = `
  cli = 10.0.0.1:40000
  cl2 = 10.0.0.1:50000
  cl3 = 10.0.0.1:50001
  oth = 10.0.0.1:41000
  no1 = 10.0.0.3:50000
  srv = 10.0.0.9:80
  sr2 = 10.0.0.9:81
  hop 20us
  time      packet      | left    | right
  0         > b:S      | oth>srv | oth>srv
  0.0101    < b:SA     | srv>oth | srv>oth
  0.0202    > b:A      | oth>srv | oth>srv
  0.0303    > b:P/100  | oth>srv | oth>srv
  0.0404    < b:P/100  | srv>oth | srv>oth
  1         > S         | cli>srv | cli>srv`;

/** What shows that both captures ran on. */
const AFTER = `
  3         > b:P/100  | oth>srv | oth>srv
  3.0101    < b:A      | srv>oth | srv>oth`;

/** Fates of the SYN-ACKs to `cli`, in order of time. */
async function answersOf(rows: string): Promise<readonly string[]> {
  const { analysis } = await analyseTextArt(`${USUAL}\n${rows}\n${AFTER}`);
  const { journeys, sightings, strings } = analysis.journeysOf(
    analysis.connections.map((_, index) => index),
  );
  return Array.from(journeys.fate, (fate, j) => ({ fate, j, row: journeys.firstSighting[j] }))
    .filter(
      ({ row }) =>
        (sightings.flags[row] & TCP_SYN_ACK) === TCP_SYN_ACK &&
        strings[sightings.destination[row]] === '10.0.0.1:40000',
    )
    .sort((a, b) => sightings.time[a.row] - sightings.time[b.row])
    .map(({ fate, j }) => `${FATES[fate]} ${FATE_REASONS[journeys.reason[j]]}`);
}

const TWO = `
  1.01      < SA        | ~       | srv>cli
  1.05      < SA*       | ~       | srv>cli`;
const LOST = ['lost sent-again', 'lost not-seen-further'];
const REFUSED = 'delivered refused';
const TCP_SYN_ACK = TCP_SYN | TCP_ACK;

const reset = (time: number, from: string, numbers = ''): string =>
  `\n  ${time} > R${numbers} | ${from} | ${from}`;

describe('a SYN-ACK that seems lost', () => {
  it('is, where nothing answers it', async () => {
    expect(await answersOf(TWO)).toEqual(LOST);
  });

  it('came where a reset from another port answers it: one by each reset, in order', async () => {
    const first = reset(1.06, 'cl2>srv');
    const second = reset(1.07, 'cl3>srv');
    expect(await answersOf(TWO + first)).toEqual([REFUSED, LOST[1]]);
    expect(await answersOf(TWO + first + second)).toEqual([REFUSED, REFUSED]);
    expect(await answersOf(TWO + first + second + reset(1.08, 'cl2>srv'))).toEqual([
      REFUSED,
      REFUSED,
    ]);
  });

  it('is none that comes after the reset', async () => {
    expect(await answersOf(TWO + reset(1.02, 'cl2>srv'))).toEqual([REFUSED, LOST[1]]);
  });

  it.each([
    ['too soon', reset(1.005, 'cl2>srv')],
    ['too late', reset(1.58, 'cl2>srv')],
    ['with another number', reset(1.06, 'cl2>srv', ' seq=77')],
    ['to another service', reset(1.06, 'cl2>sr2')],
    ['of another host', reset(1.06, 'no1>srv')],
  ])('is lost all the same where a reset comes %s', async (_, row) => {
    expect(await answersOf(TWO + row)).toEqual(LOST);
  });
});

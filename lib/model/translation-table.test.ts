import { describe, expect, it } from 'vitest';
import { CLIENT, failingHandshake, POD, SERVICE, TRANSLATED } from '../testing/node-path';
import type { ConnectionSummary, Translation } from './connection';
import {
  buildTranslationTable,
  faultPlace,
  laneStops,
  translationTableText,
} from './translation-table';

const { window, connections } = failingHandshake();
const [summary] = connections;

const translation = (more: Partial<Translation>): Translation => ({
  from: 'p3',
  to: 'p3/2',
  direction: 'forward',
  kind: 'dnat',
  before: SERVICE,
  after: POD,
  ...more,
});
const SNAT = translation({ kind: 'snat', before: CLIENT, after: TRANSLATED });
const UN_SNAT = translation({
  from: 'p4',
  to: 'p2',
  direction: 'reverse',
  kind: 'un-snat',
  before: TRANSLATED,
  after: CLIENT,
});
const UN_DNAT = translation({
  from: 'p4',
  to: 'p2',
  direction: 'reverse',
  kind: 'un-dnat',
  before: POD,
  after: SERVICE,
});

const tableOf = (
  translations: readonly Translation[],
  more: Partial<ConnectionSummary> = {},
  journeys = window,
  clientPoint = 0,
) => buildTranslationTable({ ...summary, translations, ...more }, journeys, clientPoint);

describe('the translation table', () => {
  it('sets each translation beside its inverse, and the loud one where replies are not turned back', () => {
    const { pairs } = tableOf([translation({}), SNAT, UN_SNAT]);
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['broken', 'inverse']);
    expect(pairs[0]).toMatchObject({
      reverse: null,
      fault: { end: 'src', expected: SERVICE, got: POD, count: 4, of: 4 },
    });
    expect(pairs[1].reverse).toBe(UN_SNAT);
  });

  it('is at rest where the replies come as the client expects, seen or unseen', () => {
    // The same packets, of a client that called the pod itself under its translated port's name.
    const calm = { server: POD, client: CLIENT };
    expect(tableOf([SNAT, UN_SNAT], calm).pairs.map(({ verdict }) => verdict)).toEqual(['inverse']);
    expect(tableOf([SNAT], calm).pairs.map(({ verdict }) => verdict)).toEqual(['restored']);
  });

  it('does not judge where no reply came to the client’s point', () => {
    const { pairs } = tableOf([translation({}), SNAT], {}, window, 2);
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  });

  it('keeps what only replies show, and faults of ends that nothing was seen to translate', () => {
    const { pairs } = tableOf([UN_DNAT]);
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['broken', 'reply-only']);
    expect(pairs[0].fault?.got).toBe(POD);
  });

  it('counts passages of replies from the other end, as the lanes do', () => {
    const back = { ...UN_DNAT, from: 'p3', to: 'p3/2' };
    const ways = (reverseStops: readonly string[]) => laneStops({ ...summary, reverseStops }, back);
    expect(ways(['p5', 'p4', 'p3', 'p3/2', 'p2', 'p1'])).toEqual(['p3/2', 'p3']);
    expect(laneStops(summary, translation({}))).toEqual(['p3', 'p3/2']);
  });

  it('names the hop of what was not turned back, and of replies that nothing turned back the whole way', () => {
    const places = ({ connection, pairs }: ReturnType<typeof tableOf>) =>
      pairs.map((pair) => faultPlace(connection, pair, (stop) => stop));
    expect(places(tableOf([translation({}), SNAT, UN_SNAT]))).toEqual([
      'p4 → p2, where the rest was undone',
      '',
    ]);
    const reverseStops = ['p5', 'p4', 'p2', 'p1'];
    expect(places(tableOf([translation({})], { reverseStops }))).toContain(
      'nowhere on the way p5 → p1',
    );
  });

  it('reads as text in columns', () => {
    const text = translationTableText(tableOf([translation({}), SNAT, UN_SNAT]), (stop) => stop);
    const lines = text.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines).toEqual([
      [`tcp ${CLIENT} → ${SERVICE}`],
      ['hop', 'forward', 'hop', 'reverse'],
      [
        'p3 → p3/2',
        `DNAT ${SERVICE} → ${POD}`,
        'p4 → p2, where the rest was undone',
        '-',
        `src not restored: ${POD}, expected ${SERVICE} (4 of 4 replies)`,
      ],
      [
        'p3 → p3/2',
        `SNAT ${CLIENT} → ${TRANSLATED}`,
        'p4 → p2',
        `un-SNAT ${TRANSLATED} → ${CLIENT}`,
        'inverse',
      ],
      [''],
    ]);
    const [, head, first, second] = text.split('\n');
    expect(first.indexOf('DNAT')).toBe(head.indexOf('forward'));
    expect(second.indexOf('un-SNAT')).toBe(head.indexOf('reverse'));
  });
});

import { describe, expect, it } from 'vitest';
import { CLIENT, POD, SERVICE, TRANSLATED } from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import { findFitting, restorationTexts, translationTexts, tupleTexts } from './badges';

const texts = (
  direction: 0 | 1,
  [source, destination]: readonly [string, string],
  [newSource, newDestination]: readonly [string, string],
) =>
  translationTexts(
    buildWindow({
      journeys: [
        {
          sightings: [
            { time: 0, source, destination },
            { time: 1, source: newSource, destination: newDestination },
          ],
        },
      ],
    }),
    0,
    1,
    direction,
  );

describe('translationTexts', () => {
  it('tells address and port, from full to shortest', () => {
    expect(texts(0, [CLIENT, SERVICE], [TRANSLATED, POD])).toEqual([
      'DNAT 172.30.249.115:9443 → 10.128.3.214:9443 · :60170→:59906',
      'DNAT → 10.128.3.214:9443 · :60170→:59906',
      'DNAT 172.30.249.115:9443 → 10.128.3.214:9443',
      'DNAT → 10.128.3.214:9443',
      'DNAT',
    ]);
  });

  it('calls what a reply undoes by its own name', () => {
    expect(texts(1, [POD, TRANSLATED], [SERVICE, CLIENT])[0]).toBe(
      'un-DNAT 10.128.3.214:9443 → 172.30.249.115:9443 · :59906→:60170',
    );
    expect(texts(1, [POD, '10.9.9.9:7'], [POD, CLIENT])[0]).toBe(
      'un-SNAT 10.9.9.9:7 → 10.128.3.202:60170',
    );
  });

  it('needs no more than the ports where only they change', () => {
    expect(texts(1, [POD, TRANSLATED], [POD, CLIENT])).toEqual([':59906→:60170', 'port']);
  });

  it('is silent without a translation', () => {
    expect(texts(0, [CLIENT, SERVICE], [CLIENT, SERVICE])).toEqual([]);
  });

  it('writes IPv6 ends in brackets', () => {
    expect(texts(0, ['[fd00::1]:5', '[fd00::2]:80'], ['[fd00::1]:5', '[fd00::3]:8080'])[0]).toBe(
      'DNAT [fd00::2]:80 → [fd00::3]:8080',
    );
  });
});

it('restorationTexts tells expected and got', () => {
  expect(restorationTexts([{ end: 'src', expected: SERVICE, got: POD }])).toEqual([
    'src not restored: 10.128.3.214:9443, expected 172.30.249.115:9443',
    'src not restored: expected 172.30.249.115:9443',
    'src not restored',
  ]);
  expect(restorationTexts([])).toEqual([]);
});

it('tupleTexts gets shorter from the left', () => {
  expect(tupleTexts(CLIENT, SERVICE)).toEqual([
    '10.128.3.202:60170 → 172.30.249.115:9443',
    ':60170 → 172.30.249.115:9443',
    '→ 172.30.249.115:9443',
  ]);
  expect(tupleTexts('10.0.0.1', '10.0.0.2')).toEqual(['10.0.0.1 → 10.0.0.2', '→ 10.0.0.2']);
});

it('findFitting takes the longest that fits, or none', () => {
  const measure = (text: string) => text.length;
  expect(findFitting(['four', 'two', 'x'], 3, measure)).toBe('two');
  expect(findFitting(['four'], 3, measure)).toBeUndefined();
});

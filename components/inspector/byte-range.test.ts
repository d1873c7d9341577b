import { describe, expect, it } from 'vitest';
import type { ProtocolField, ProtocolLayer } from '@/lib/model/protocol-tree';
import { findFieldAt } from './byte-range';

const field = (
  name: string,
  start: number,
  length: number,
  children: readonly ProtocolField[] = [],
): ProtocolField => ({ name, label: name, value: '', start, length, children });
const layer = (
  name: string,
  start: number,
  length: number,
  fields: readonly ProtocolField[],
): ProtocolLayer => ({ name, title: name, summary: '', start, length, fields });

const layers = [
  layer('eth', 0, 14, [field('eth.dst', 0, 6), field('eth.src', 6, 6)]),
  layer('ip', 14, 20, [
    field('ip.len_derived', 14, 0),
    field('ip.flags', 20, 2, [field('ip.flags.df', 20, 1)]),
  ]),
];

describe('findFieldAt', () => {
  it('finds the innermost field', () => {
    expect(findFieldAt(layers, 20)).toMatchObject({ name: 'ip.flags.df' });
    expect(findFieldAt(layers, 21)).toMatchObject({ name: 'ip.flags' });
  });

  it('gives the layer where no field has the byte', () => {
    expect(findFieldAt(layers, 12)).toMatchObject({ name: 'eth', range: { start: 0, length: 14 } });
  });

  it('does not take a derived field for one that holds bytes', () => {
    expect(findFieldAt(layers, 14)).toMatchObject({ name: 'ip' });
  });

  it('finds nothing in the payload', () => {
    expect(findFieldAt(layers, 40)).toBeUndefined();
  });
});

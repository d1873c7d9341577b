// `if12` gets its name from the `ip a` of the very host that the capture was taken on, and from no other.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import type { LinkContext } from '../model/capture';
import { memorySource } from '../read/byte-source';
import { scenarioSources } from '../testing/committed-captures';
import { nameInterfaces } from './name-interfaces';

const ipAddress = (name: string) =>
  memorySource(
    readFileSync(new URL(`../../e2e/captures/sdn-any/evidence/ip-a-${name}.txt`, import.meta.url)),
    `ip-a-${name}.txt`,
  );

const pointsWith = async (...files: readonly string[]) => {
  const sources = [...scenarioSources('sdn-any'), ...files.map(ipAddress)];
  const { analysis, failures } = await analyseSources(sources);
  expect(failures).toEqual([]);
  return analysis.points
    .filter(({ name }) => name.startsWith('node-any'))
    .map(({ name, interface: own }) => `${name} ${own ?? '–'}`);
};

const out = (
  ifindex: number,
  sourceMac: string | null,
  direction: LinkContext['direction'] = 'out',
) => ({ ifindex, sourceMac, direction }) as LinkContext;
const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const HOST = [
  { ifindex: 4, name: 'veth0', mac: A },
  { ifindex: 6, name: 'tun0', mac: B },
];

describe('interfaces of a cooked capture', () => {
  it('have numbers until something names them', async () => {
    expect(await pointsWith()).toEqual(['node-any if4 –', 'node-any if5 –', 'node-any if6 –']);
  });

  it('are named by the `ip a` of their node, whatever else is dropped along', async () => {
    expect(await pointsWith('pod-cpe', 'node-node', 'pod-baw')).toEqual([
      'node-any veth5b024d2c veth5b024d2c',
      'node-any veth91c7e3aa veth91c7e3aa',
      'node-any tun0 tun0',
    ]);
  });

  it('are not named by the `ip a` of a pod', async () => {
    expect(await pointsWith('pod-cpe')).toEqual(await pointsWith());
  });

  it('take all names of the list that one of them bears out', () => {
    const names = nameInterfaces([out(6, B), out(4, 'ee:00:00:00:00:00', 'in')], [HOST]);
    expect([names.get(4), names.get(6)]).toEqual(['veth0', 'tun0']);
  });

  it('are not named by numbers alone, nor by what came in', () => {
    expect(nameInterfaces([out(4, null), out(6, B, 'in'), out(6, A)], [HOST]).size).toBe(0);
  });

  it('are not named where two lists are borne out alike and differ', () => {
    const other = HOST.map((one) => ({ ...one, name: `${one.name}-old` }));
    expect(nameInterfaces([out(6, B)], [HOST, other]).size).toBe(0);
    expect(nameInterfaces([out(6, B)], [HOST, [...HOST]]).get(6)).toBe('tun0');
  });
});

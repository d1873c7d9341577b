// Many connections with one fault give one finding that counts them; two faults in the same captures give two.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { joinDrawings, type Part } from '../testing/join-drawings';
import { RULE_CASES } from '../testing/rule-cases/registry';

const CONSIDERED = new Set([
  'listen-queue-overflow',
  'timestamp-rejected-syn',
  'port-reuse-delay',
  'recycled-endpoint',
  'hairpin-drop',
  'load-balancer-hairpin',
  'capture-window',
  'capture-defect',
]);

/** Faults drawn as text, that their rules call failures or warnings. */
const DRAWN = Object.entries(RULE_CASES).flatMap(([rule, { fires, also }]) =>
  typeof fires === 'string' && fires.includes('\n') && also === undefined && !CONSIDERED.has(rule)
    ? [[rule, fires] as const]
    : [],
);

const graver = async (parts: readonly Part[]) => {
  const { diagnosis, failures } = await analyseSources(await joinDrawings(parts));
  expect(failures).toEqual([]);
  return diagnosis.findings.filter(({ severity }) => severity !== 'note');
};

/** The same endpoints, clients' ports apart. */
const otherPorts = (by: number) => (endpoint: string) =>
  endpoint.replace(/:(\d{5})$/, (_, port) => `:${Number(port) + by}`);

/** The same picture in another network. */
const otherNetwork = (endpoint: string) =>
  endpoint.replace(/^(\d+)\./, (_, byte) => `${Number(byte) + 1}.`).replace('[fd00:', '[fd01:');

/** Faults of a hop that are told from loss by chance by its losing nothing else. */
const ALONE: readonly string[] = ['snat-port-race', 'lost-fin', 'path-loss'];

describe('one cause is one finding', () => {
  // A challenge is drawn with numbers of its own, which would be the same five times.
  it.each(DRAWN.filter(([rule]) => rule !== 'challenge-ack'))(
    '%s, five times over',
    async (rule, text) => {
      const once = await graver([{ text }]);
      const often = await graver(
        [0, 1, 2, 3, 4].map((n) => ({ text, rename: otherPorts(n * 17) })),
      );
      expect(often.map((one) => one.rule)).toEqual([rule]);
      // The one that wins a race is cited with those that lose it.
      const [beside, each] = rule === 'snat-port-race' ? [1, 1] : [0, once[0].connections.length];
      expect(often[0].connections.length).toBe(beside + 5 * each);
    },
  );
});

describe('two causes are two findings', () => {
  const pairs = DRAWN.flatMap((one, index) =>
    DRAWN.slice(index + 1).map((other) => [one, other] as const),
  );
  it.each(pairs.map(([a, b]) => [a[0], b[0], a[1], b[1]] as const))(
    '%s and %s',
    async (a, b, one, other) => {
      const found = await graver([{ text: one }, { text: other, rename: otherNetwork }]);
      const isChance = ALONE.includes(a) && ALONE.includes(b);
      expect(found.map(({ rule }) => rule).sort()).toEqual(
        isChance ? ['path-loss'] : [a, b].sort(),
      );
    },
  );
});

import { expect, it } from 'vitest';
import { buildWindow } from '../testing/window-builder';
import { ROLE } from './theme';
import { tupleRoles } from './tuple-roles';

const rolesOf = (direction: 'forward' | 'reverse', ...tuples: string[]) =>
  tupleRoles(
    buildWindow({
      journeys: [
        {
          direction,
          sightings: tuples.map((tuple, point) => {
            const [source, destination] = tuple.split('>');
            return { point, time: point * 1000, source, destination };
          }),
        },
      ],
    }),
    0,
  );

it('colours each stretch anew from the hop that rewrote it', () => {
  expect(rolesOf('forward', 'c>s', 'c>s', 'c>p', 'n>p', 'n>p')).toEqual([
    ROLE.forward,
    ROLE.forward,
    ROLE.nat,
    ROLE['nat-again'],
    ROLE['nat-again'],
  ]);
  expect(rolesOf('reverse', 'p>n', 's>c')).toEqual([ROLE.reverse, ROLE.nat]);
});

it('gives the own colour back with the own tuple', () => {
  expect(rolesOf('forward', 'c>s', 'n>s', 'c>s')).toEqual([ROLE.forward, ROLE.nat, ROLE.forward]);
});

// Which list of interfaces is of the host that a cooked capture was taken on: its own MACs tell.
import type { LinkContext } from '../model/capture';
import type { InterfaceList } from '../model/evidence';

/**
 * Names of a cooked capture's interfaces (SLL2's ifindex), by the list that its traffic bears out: what the host sends by an interface of its own has
 * that interface's MAC. Empty where no list is borne out, or several are and differ. An interface on which the host itself sent nothing is named with the others.
 */
export function nameInterfaces(
  links: readonly LinkContext[],
  lists: readonly InterfaceList[],
): ReadonlyMap<number, string> {
  let best: InterfaceList[] = [];
  let most = 1;
  for (const list of lists) {
    const ground = countGround(links, list);
    if (ground > most) best = [];
    if (ground >= most) best.push(list);
    most = Math.max(most, ground);
  }
  const [first, ...others] = best.map(namesOf);
  if (first === undefined) return NO_NAMES;
  const isDisputed = links.some(
    ({ ifindex }) =>
      ifindex !== null && others.some((other) => other.get(ifindex) !== first.get(ifindex)),
  );
  return isDisputed ? NO_NAMES : first;
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();

/** Interfaces of the list by which the capture shows frames going out from their own MAC. */
function countGround(links: readonly LinkContext[], list: InterfaceList): number {
  const macs = new Map(list.map(({ ifindex, mac }) => [ifindex, mac]));
  const borneOut = new Set<number>();
  for (const { ifindex, direction, sourceMac } of links)
    if (ifindex !== null && direction === 'out' && sourceMac !== null)
      if (macs.get(ifindex) === sourceMac) borneOut.add(ifindex);
  return borneOut.size;
}

const namesOf = (list: InterfaceList): ReadonlyMap<number, string> =>
  new Map(list.map(({ ifindex, name }) => [ifindex, name]));

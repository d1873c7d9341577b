// How a point is written over its lane, from the name that file and interface gave it: `cpe-eth0` is `cpe · eth0`, in a pod.
import type { Point } from '../model/capture';

const INTERFACE =
  /^(.+?)[-_. ]((?:eth|ens|eno|enp|em|bond|wlan|veth|tun|tap|vxlan|genev|br|cni|ovs|lo|any|cali|lxc|flannel|docker)[\w@.]*)(?: (if\d+))?$/;
/** Interfaces that only a host of pods has. */
const NODE_SIDE = /^(veth|tun|vxlan|genev|br|cni|ovs|cali|lxc|flannel|any)/;
const UPLINK = /^(ens|eno|enp|em|bond)/;

const splitName = (name: string): readonly [string, string] | null => {
  const match = INTERFACE.exec(name);
  return match ? [match[1], match[3] === undefined ? match[2] : `${match[2]} ${match[3]}`] : null;
};

/** Role line and name. Only a capture set with a node's interfaces in it can tell that an eth0 is a pod's. */
export function describePoint(
  point: Point,
  all: readonly Point[],
): { readonly role: string; readonly name: string } {
  const parts = splitName(point.name);
  if (!parts) return { role: '', name: point.name };
  const [place, device] = parts;
  if (NODE_SIDE.test(device)) return { role: place, name: device };
  if (UPLINK.test(device)) return { role: `${place}, uplink`, name: device };
  const inPod =
    device.startsWith('eth') && all.some(({ name }) => NODE_SIDE.test(splitName(name)?.[1] ?? ''));
  return { role: inPod ? `pod ${place}` : place, name: `${place} · ${device}` };
}

/** The name in a list, where no heading tells the place: the lane's, or its own where another lane is named alike (two nodes' `ens3`). */
export function listedName(point: Point, points: readonly Point[]): string {
  const { name } = describePoint(point, points);
  const isAlone = points.every(
    (other) => other.id === point.id || describePoint(other, points).name !== name,
  );
  return isAlone ? name : point.name;
}

/** Names of all points by id, in their order, as lists show them: renamed, or described. */
export const namePoints = (
  points: readonly Point[],
  renamed: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> =>
  new Map(
    points.map((point) => [
      point.id,
      Object.hasOwn(renamed, point.id) ? renamed[point.id] : listedName(point, points),
    ]),
  );

/** Name of a stop such as `p3/2` in a list: `tun0′`. `given`: names by hand, by point id. */
export function nameOfStop(
  stop: string,
  points: readonly Point[],
  given: Readonly<Record<string, string>>,
): string {
  const [id, passage] = stop.split('/');
  const point = points.find((one) => one.id === id);
  const name = given[id] ?? (point ? listedName(point, points) : id);
  return name + '′'.repeat(Number(passage ?? 1) - 1);
}

/** A name that fits: of `cpe · eth0` the interface, as the heading over it names the place; else its middle left out, since ends of interface names tell more. */
export function shortenName(
  name: string,
  width: number,
  measure: (text: string) => number,
): string {
  if (measure(name) <= width) return name;
  const device = name.slice(name.indexOf(' · ') + 3);
  if (name.includes(' · ') && measure(device) <= width) return device;
  for (let kept = name.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept / 2);
    const text = `${name.slice(0, head)}…${name.slice(name.length - (kept - head))}`;
    if (measure(text) <= width) return text;
  }
  return `${name.slice(0, 1)}…`;
}

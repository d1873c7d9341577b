// What lies around a packet, from outside: VLAN tags, PPPoE sessions, MPLS labels, tunnels. As a text for sightings, and read from it again.
import type { LinkContext, ShellName, Tunnel } from './capture';

/** Codes of what a shell is, two bits: in this order they stand where none of the others is within a tunnel. */
export const SHELL_VLAN = 0;
export const SHELL_SESSION = 1;
export const SHELL_LABEL = 2;
export const SHELL_TUNNEL = 3;

export const SHELL_NAMES: readonly ShellName[] = ['vlan', 'session', 'label', 'tunnel'];

/** By the decoders' codes; VXLAN-GPE is VXLAN by another header. */
export const TUNNEL_KINDS: readonly Tunnel['kind'][] = [
  'vxlan',
  'geneve',
  'gre',
  'ipip',
  'erspan',
  'mpls-in-udp',
  'vxlan',
];

/** `vlan 7, vxlan 42 10.0.0.1 > 10.0.0.2 group 9 applied`, outermost first; empty: nothing lies around the packet. */
export function encapsulationText(link: LinkContext): string {
  const texts: Readonly<Record<ShellName, string[]>> = {
    vlan: link.vlans.map((vlan) => `vlan ${vlan}`),
    session: link.session === undefined ? [] : [`pppoe ${link.session}`],
    label: (link.labels ?? []).map((label) => `mpls ${label}`),
    tunnel: link.tunnels.map(tunnelPart),
  };
  const ordered = (link.shells ?? []).map((shell) => texts[shell].shift());
  return [...ordered, ...SHELL_NAMES.flatMap((shell) => texts[shell])]
    .filter((part) => part !== undefined)
    .join(', ');
}

const tunnelPart = ({ kind, identifier, source, destination, group, options }: Tunnel): string =>
  [
    ...[kind, identifier, source, '>', destination],
    ...(group === undefined
      ? []
      : [`group ${group.id}`, group.applied ? APPLIED : null, group.unlearned ? UNLEARNED : null]),
    options === undefined ? null : `options ${options}`,
  ]
    .filter((part) => part !== null)
    .join(' ');

const APPLIED = 'applied';
const UNLEARNED = 'unlearned';

export interface Shell {
  readonly kind: string;
  readonly identifier: string;
  readonly version6: boolean;
  /** VXLAN's group, and whether the policy was applied and the source is not to be learned; empty: no group policy. */
  readonly group: string;
  readonly applied: string;
  readonly unlearned: string;
  /** Geneve's. */
  readonly options: string;
}

/** `mpls` behind the longer name that begins so. */
const SHELL = new RegExp(
  `\\b(vlan|pppoe|${TUNNEL_KINDS.join('|')}|mpls)(?: (\\d+)(?![.:\\da-f]))?(?: (\\S+) > [^\\s,]+)?` +
    `(?: group (\\d+)( ${APPLIED})?( ${UNLEARNED})?)?(?: options (\\S+?)(?=,|$))?`,
  'g',
);

/** Of a text that `encapsulationText` made. */
export const parseShells = (text: string): readonly Shell[] =>
  [...text.matchAll(SHELL)].map(
    ([, kind, identifier = '', source = '', group = '', applied, unlearned, options = '']) => ({
      kind,
      identifier,
      version6: source.includes(':'),
      group,
      applied: group === '' ? '' : bit(applied),
      unlearned: group === '' ? '' : bit(unlearned),
      options,
    }),
  );

const bit = (text: string | undefined): string => (text === undefined ? '0' : '1');

// D10: a host asks by ARP for an address and gets no answer: what it had to send there is dropped.
import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { findUnansweredArp, harmedByArp, type UnansweredArp } from '../arp-facts';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { findStaleTranslations } from '../stale-translation-facts';
import {
  emptyParts,
  findingId,
  gapList,
  listed,
  pointNames,
  sightingsOf,
  step,
  utc,
} from '../story';

const ID = 'unanswered-arp';

export const unansweredArp: Rule = {
  id: ID,
  title: 'ARP requests that nobody answers',
  needs: 'ARP in the captures, and the connections that wait for it',
  judge(facts) {
    const pairs = facts.connections.filter(({ protocol }) => protocol === 'arp').length;
    if (pairs === 0)
      return {
        result: 'notApplicable',
        reason: 'No ARP is in the captures.',
      };
    // Where only a translation that is out of date asks for the address, that is the fault.
    const stale = new Set(findStaleTranslations(facts).map(({ connection }) => connection.id));
    const found = findUnansweredArp(facts).flatMap((arp) => {
      const harmed = harmedByArp(facts, arp).filter(({ id }) => !stale.has(id));
      // An address that nobody needs may well be nobody's.
      return harmed.length > 0 ? [{ arp, harmed }] : [];
    });
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(pairs, 'pair')} of addresses looked at: no connection waited for an ARP answer that did not come.`,
      };
    const groups = new Map<string, typeof found>();
    for (const one of found)
      groups.set(one.arp.target, [...(groups.get(one.arp.target) ?? []), one]);
    return {
      result: 'found',
      findings: [...groups.values()].map((group) =>
        tell(
          facts,
          group.map(({ arp }) => arp),
          [...new Set(group.flatMap(({ harmed }) => harmed))],
        ),
      ),
      reason: listed([...groups.keys()].map((target) => `nobody answers for ${target}`)),
    };
  },
};

function tell(
  facts: CaseFacts,
  group: readonly UnansweredArp[],
  harmed: ReturnType<typeof harmedByArp>,
): Finding {
  const [{ requests, asker, target, lostReplies, connection }] = group;
  const times = requests.map((request) => firstSighting(request).referenceTime);
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  const [first, ...again] = requests;
  const answered = lostReplies.length > 0;
  const example = harmed[0];
  const packets = facts.packetsOf(example).slice(0, 4);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.85,
      'The kernel’s own timer of one second repeats the request, and what needs the address gets nowhere meanwhile.',
      [
        [
          answered,
          0.05,
          'An answer is seen at another point and never where the request came from.',
        ],
      ],
    ),
    title: `${target} does not answer ARP`,
    summary: `${listed([...new Set(group.map((one) => one.asker))])} ${group.length === 1 ? 'asks' : 'ask'} for ${target} (“who has”), again and again, and ${answered ? 'the answer is lost on the way back' : 'nobody answers'}. ${counted(harmed.length, 'connection')} to it got nowhere meanwhile: the kernel holds a few packets for the address and drops the rest.`,
    connections: harmed.map(({ id }) => id),
    between: null,
    steps: [
      step(
        `${asker} asks who has ${target} at ${utc(facts, firstSighting(first))}, seen at ${pointNames(facts, first.way)}.`,
        first.way,
      ),
      step(
        `It asks again after ${gapList(gaps.slice(0, 8))}: the kernel’s timer of one second. ${answered ? `An answer is seen at ${pointNames(facts, sightingsOf(lostReplies))}, and never where the request came from.` : 'No point sees an answer.'}`,
        [...sightingsOf(again), ...sightingsOf(lostReplies)],
      ),
      step(
        `Meanwhile ${example.client} > ${example.server} gets nowhere${harmed.length > 1 ? `, and ${counted(harmed.length - 1, 'more connection')}` : ''}.`,
        sightingsOf(packets),
      ),
    ],
    alternatives: [
      {
        rule: 'steady-drop',
        why: 'A policy drops what is addressed to a neighbour that answers ARP. Here the neighbour itself is silent.',
      },
      {
        rule: 'stale-udp-translation',
        why: 'An address that was a pod’s until lately: then a translation still leads there.',
      },
    ],
    confirm: [
      {
        text: 'On the asking host: the neighbour’s state (FAILED, INCOMPLETE).',
        command: `ip -s neigh show ${target}`,
      },
      {
        text: 'On the asking host: whether anyone answers now.',
        command: `arping -c 3 -I "$(ip -o route get ${target} | grep -oP 'dev \\K\\S+')" ${target}`,
      },
      {
        text: 'Whether a pod has the address at all.',
        command: `kubectl get pods --all-namespaces -o wide | grep -w ${target}`,
      },
      {
        text: 'On the asking host: a full neighbour table refuses new entries.',
        command:
          'dmesg | grep -i "neighbor table overflow"; sysctl net.ipv4.neigh.default.gc_thresh3',
      },
    ],
    fix: 'If the address belongs to no one, find who still sends there (a stale endpoint, translation or route). If it does, capture at its own interface to see whether the request arrives. With a full table raise net.ipv4.neigh.default.gc_thresh1 to 3.',
    references: [
      {
        title: 'RFC 826: address resolution protocol',
        url: 'https://www.rfc-editor.org/rfc/rfc826',
      },
      {
        title: 'Neighbour table overflow',
        url: 'https://k8s.imroc.io/troubleshooting/node/arp_cache-neighbor-table-overflow/',
      },
    ],
  };
}

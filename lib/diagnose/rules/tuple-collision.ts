// D02: a direct connection takes the client port that a service connection, after translation, already holds. Its SYNs vanish in connection tracking.
import { counted } from '../../base/counted';
import { NANOSECONDS_PER_SECOND } from '../../base/time';
import { closeWords } from '../../model/closing';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding, FindingStep } from '../../model/finding';
import type { CaseFacts } from '../facts';
import { lacksOpenings, lacksSecondPoint } from '../lacks';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import {
  duration,
  emptyParts,
  findingId,
  listed,
  pointNames,
  retrySentence,
  sightingsOf,
  step,
  tuple,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';
import { type Collision, findCollisions, lossHop, weighCollision } from '../tuple-collision-facts';

const ID = 'tuple-collision';

export const tupleCollision: Rule = {
  id: ID,
  title: 'Collision of service address and pod address',
  needs:
    'two points, one before and one behind the translation, from at least two minutes before the loss',
  judge(facts) {
    const lacking = lacksOpenings(facts);
    if (lacking !== undefined) return lacking;
    const collisions = findCollisions(facts);
    if (collisions.length > 0)
      return {
        result: 'found',
        findings: groupByServer(collisions).map((group) => tell(facts, group)),
        reason: `${counted(collisions.length, 'connection')} lost its SYNs while another held the same tuple after translation.`,
      };
    if (facts.points.length < 2)
      return {
        result: 'notApplicable',
        reason: 'One point alone does not show where SYNs vanish.',
        lacks: lacksSecondPoint(facts),
      };
    const translated = facts.connections.filter((connection) => connection.translations.length > 0);
    return {
      result: 'healthy',
      reason: `${counted(facts.openings, 'handshake')} seen, ${counted(translated.length, 'connection')} translated: none lost its SYNs to a tuple that another holds.`,
    };
  },
};

/** One cause a server: the same two ways to reach it collide. The collision with most lost SYNs first. */
function groupByServer(collisions: readonly Collision[]): readonly (readonly Collision[])[] {
  const groups = new Map<string, Collision[]>();
  for (const collision of collisions) {
    const key = `${collision.tuple.server} ${collision.holder.server}`;
    groups.set(key, [...(groups.get(key) ?? []), collision]);
  }
  return [...groups.values()].map((group) => {
    const most = Math.max(...group.map(({ lostSyns }) => lostSyns.length));
    const clearest = group.find(({ lostSyns }) => lostSyns.length === most)!;
    return [clearest, ...group.filter((collision) => collision !== clearest)];
  });
}

function tell(facts: CaseFacts, group: readonly Collision[]): Finding {
  const [told] = group;
  const { handshake, holder, opened } = told;
  const client = parseEndpoint(told.tuple.client);
  const server = parseEndpoint(told.tuple.server);
  return {
    ...emptyParts,
    id: findingId(ID, handshake.connection.id),
    rule: ID,
    severity: group.some(isFailure) ? 'failure' : 'warning',
    ...weighCollision(told),
    title: `SYNs to ${told.tuple.server} vanish: a connection to ${holder.server} holds the same tuple`,
    summary: `${counted(group.length, 'connection')} from ${client.address} to ${told.tuple.server} lost ${counted(told.lostSyns.length, 'SYN')}${group.length > 1 ? ' (the first of them)' : ''} because ${holder.client} had used the same port for ${holder.server}, which is translated to ${told.tuple.server}: both have the tuple ${tuple(told.tuple)}, and connection tracking cannot commit it twice.`,
    connections: group.map((collision) => collision.handshake.connection.id),
    between: lossHop(facts, told),
    steps: tellSteps(facts, group),
    alternatives: [
      {
        rule: 'steady-drop',
        why:
          opened.length > 0
            ? `A policy would drop every connection to ${told.tuple.server}. ${counted(opened.length, 'other direct connection')} from ${client.address} opened.`
            : `A policy would drop every direct connection to ${told.tuple.server}, whatever its port. No other direct connection is in the captures to compare with.`,
      },
      {
        rule: 'path-loss',
        why: `Loss by chance would not spare other connections and take ${counted(told.lostSyns.length, 'SYN')} in a row of the one whose tuple is taken.`,
      },
      {
        rule: 'snat-port-race',
        why: 'There two clients open connections to one destination within a millisecond. Here the tuple was taken long before.',
      },
    ],
    confirm: [
      {
        text: `On the node, while it happens: an entry whose reply runs from ${told.tuple.server} to ${told.tuple.client}, but whose origin goes to ${holder.server}.`,
        command: `conntrack -L -p tcp --reply-src ${server.address} --reply-dst ${client.address} | grep dport=${client.port}`,
      },
      {
        text: 'On the node, once a second: insert_failed and drop rise in the second of each lost SYN.',
        command: 'while sleep 1; do date; conntrack -S; done',
      },
      {
        text: 'On the node: the fault has ct(commit,table=30) without nat in table 21.',
        command: 'ovs-ofctl -O OpenFlow13 dump-flows br0 table=21',
      },
    ],
    fix: [
      'Update to OpenShift 4.8, or to a 4.7 or 4.6 release with the backport (Bug 1910378 for 4.8, Bug 1936920 for 4.7, Bug 1937547 for 4.6; seen fixed in 4.7.13). The network policy flows then commit with nat(src=0.0.0.0), which changes the source port where tuples collide; a changed source port between client and server is healthy from then on.',
      `Until then: let each client reach the server in one way only, always by ${holder.server} or always by ${told.tuple.server}.`,
      'On each node this makes retransmissions rarer, not impossible: `ovs-vsctl --no-wait set Open_vSwitch . other_config:max-idle=50000`',
      'To undo, look first whether other_config holds other keys that are to be kept: `ovs-vsctl list Open_vSwitch` If it holds none: `ovs-vsctl --no-wait clear Open_vSwitch . other_config` Else: `ovs-vsctl --no-wait remove Open_vSwitch . other_config max-idle`',
    ].join('\n'),
    references: [
      {
        title:
          'openshift/sdn #269: pass traffic through NAT to handle possible tuple collisions (4.8)',
        url: 'https://github.com/openshift/sdn/pull/269',
      },
      {
        title: 'openshift/sdn #272: the same for 4.7',
        url: 'https://github.com/openshift/sdn/pull/272',
      },
      {
        title: 'openshift/sdn #274: the same for 4.6',
        url: 'https://github.com/openshift/sdn/pull/274',
      },
    ],
  };
}

const stallOf = ({ handshake: { syns }, lostSyns }: Collision): number =>
  firstSighting(syns[Math.min(lostSyns.length, syns.length - 1)]).referenceTime -
  firstSighting(syns[0]).referenceTime;

const isFailure = (collision: Collision): boolean =>
  !collision.handshake.completed || stallOf(collision) >= NANOSECONDS_PER_SECOND;

function tellSteps(facts: CaseFacts, [told, ...others]: readonly Collision[]): FindingStep[] {
  const { handshake, holder, lostSyns, blindPoints, opened } = told;
  const [holderFirst] = facts.packetsOf(holder);
  const asked = holderFirst.way.filter(
    ({ source, destination }) => source === holder.client && destination === holder.server,
  );
  const held = holderFirst.way.filter(
    ({ point, source, destination }) =>
      blindPoints.includes(point) &&
      source === told.tuple.client &&
      destination === told.tuple.server,
  );
  const start = firstSighting(lostSyns[0]);
  const [firstLost, ...retries] = lostSyns;
  const blind =
    held.length > 0
      ? pointNames(facts, held)
      : listed(blindPoints.map((point) => facts.points[point].name));
  const distance = ({ firstTime }: { readonly firstTime: number }): number =>
    Math.abs(firstTime - handshake.connection.firstTime);
  // The one that opened nearest to the lost SYNs: that the way was open then is what counts.
  const nearest = opened.reduce<(typeof opened)[number] | undefined>(
    (best, one) => (best === undefined || distance(one) < distance(best) ? one : best),
    undefined,
  );
  const example = nearest && facts.packetsOf(nearest)[0];
  const steps = [
    step(
      `${holder.client} opens a connection to ${holder.server}${asked.length > 0 ? ` at ${utc(facts, asked[0])}` : ''} (${holderFirst.kind === 'syn' ? 'SYN, ' : ''}seq ${holderFirst.sequence})${asked.length > 0 ? `, seen at ${pointNames(facts, asked)}` : ''}.`,
      asked,
    ),
    step(
      `It arrives at ${blind} as ${tuple(told.tuple)}${delayText(facts, asked, held)}: ${holder.server} was translated. From here on connection tracking holds this tuple${holdText(told)}.`,
      held.length > 0 ? held : holderFirst.way,
    ),
    step(
      `${duration(start.referenceTime - holder.firstTime)} after that, at ${utc(facts, start)}, ${handshake.asked.client} opens a connection straight to ${handshake.asked.server} (SYN, seq ${firstLost.sequence}). The client chose the same source port, and its tuple is the one that is held. The SYN is seen at ${pointNames(facts, firstLost.way)} and nowhere farther on.`,
      firstLost.way,
    ),
    step(
      retries.length > 0
        ? `The SYN is sent again ${retrySentence(handshake.retries)}. ${counted(lostSyns.length, 'SYN')} leave ${pointNames(facts, sightingsOf(lostSyns))}; none arrives at ${blind}, though frames were captured there all the while.`
        : `It does not arrive at ${blind}, though frames were captured there all the while.`,
      sightingsOf(retries.length > 0 ? retries : lostSyns),
    ),
    step(
      `No SYN-ACK and no RST comes back: the SYNs are dropped without a word.${opened.length > 0 ? ` The way itself is open: ${counted(opened.length, 'other connection')} from ${parseEndpoint(told.tuple.client).address} straight to ${told.tuple.server} opened, from ${opened.length === 1 ? 'another port' : 'other ports'}${nearest === undefined ? '' : `, ${opened.length === 1 ? '' : 'one of them '}${duration(distance(nearest))} ${nearest.firstTime < handshake.connection.firstTime ? 'before' : 'after'} the first lost SYN`}.` : ''}`,
      example === undefined ? lostSyns[lostSyns.length - 1].way : example.way,
    ),
    tellOutcome(told),
  ];
  if (others.length > 0) steps.push(tellOthers(others));
  return steps;
}

/** How long from the holder's first sighting to its arrival, where one clock tells. */
function delayText(
  facts: CaseFacts,
  asked: readonly { point: number; time: number }[],
  held: readonly { point: number; time: number }[],
): string {
  if (asked.length === 0 || held.length === 0) return '';
  const [from, to] = [asked[0], held[0]];
  return facts.points[from.point].host === facts.points[to.point].host
    ? ` ${duration(to.time - from.time)} later`
    : '';
}

function holdText({ holder, idleNs }: Collision): string {
  if (idleNs === 0) return ', and the connection is still in use when the other one starts';
  const closed = holder.close === 'fin' || holder.close === 'reset';
  return closed
    ? `, also after it is closed (${closeWords(holder)}), for ${duration(THRESHOLDS.timeWaitNs)} in TIME_WAIT; the other one starts ${duration(idleNs)} after its last packet`
    : `: no close is seen, and the other one starts ${duration(idleNs)} after its last packet`;
}

function tellOutcome(collision: Collision): FindingStep {
  const { handshake, lostSyns } = collision;
  const passed = handshake.syns[lostSyns.length];
  if (handshake.completed && passed !== undefined)
    return step(
      `${duration(stallOf(collision))} after the first SYN one passes, and the connection is established: the old entry had expired, or the source port was changed.`,
      passed.way,
    );
  return step('The connection fails to establish.', lostSyns[lostSyns.length - 1].way);
}

function tellOthers(others: readonly Collision[]): FindingStep {
  const cited = others.slice(0, THRESHOLDS.citedConnections);
  const more = others.length - cited.length;
  return step(
    `The same happens to ${counted(others.length, 'more connection')}: ${listed(cited.map(({ tuple: taken, lostSyns }) => `${tuple(taken)} (${counted(lostSyns.length, 'SYN')} lost)`))}${more > 0 ? `, and ${more} others` : ''}.`,
    cited.flatMap(({ lostSyns }) => sightingsOf(lostSyns)),
  );
}

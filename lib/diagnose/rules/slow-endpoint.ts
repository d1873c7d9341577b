// D34: not the network: a server that takes its time, a client that pauses within its request (slow-client-story.ts), or a receiver that does not read (zero window).
import { counted } from '../../base/counted';
import type { Finding, FindingSibling } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksHandshakes, lacksSecondPoint } from '../lacks';
import { lastSighting } from '../packet-facts';
import type { ServerWait } from '../request-facts';
import { shareTimes } from '../request-times';
import type { Rule } from '../rule';
import { tellClient } from '../slow-client-story';
import type { ClosedWindow, SlowService } from '../slow-endpoint-facts';
import { duration, emptyParts, findingId, listed, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'slow-endpoint';

export const slowEndpoint: Rule = {
  id: ID,
  title: 'Endpoints that take their time',
  needs: 'TCP with data, captured at the server’s side as well',
  judge(facts) {
    const open = facts.connections.filter(
      ({ protocol, handshake }) => protocol === 'tcp' && handshake === 'complete',
    ).length;
    if (open === 0)
      return {
        result: 'notApplicable',
        reason: 'No TCP connection opens in the captures.',
        lacks: lacksHandshakes(facts),
      };
    const { services, clients, seen } = facts.endpointTimes;
    const readers = groupByEnd(facts.stalledReaders);
    const noWindow = `no window was closed for ${duration(THRESHOLDS.warningStallNs)}`;
    if (services.length + clients.length + readers.length === 0)
      return seen === 0
        ? {
            result: 'notApplicable',
            reason: `No connection was captured at two points of which one is nearest to its server both ways: where the time of a request goes, these captures do not tell; ${noWindow}.`,
            lacks: lacksSecondPoint(facts),
          }
        : {
            result: 'healthy',
            reason: `${counted(seen, 'connection')} looked at: no response took ${duration(THRESHOLDS.slowResponseNs)} at the server itself, no client paused for as long within a request, and ${noWindow}.`,
          };
    return {
      result: 'found',
      findings: [
        ...services.map((service) => tellService(facts, service)),
        ...clients.map((client) => tellClient(facts, ID, client)),
        ...readers.map((group) => tellReader(facts, group)),
      ],
      reason: `${listed([
        ...(services.length > 0 ? [counted(services.length, 'slow service')] : []),
        ...(clients.length > 0 ? [counted(clients.length, 'slow client')] : []),
        ...(readers.length > 0 ? [counted(readers.length, 'slow reader')] : []),
      ])}.`,
    };
  },
};

function tellService(
  facts: CaseFacts,
  { server, slow, waits, medianNs, typical, alike }: SlowService,
): Finding {
  const told = slow.reduce((slowest, one) => (one.waitNs > slowest.waitNs ? one : slowest));
  const others = slow.filter((one) => one !== told);
  // By itself a long wait may be what the application wants (a long poll); beside quick answers to the like of it, it stands out.
  const hasQuick = medianNs * THRESHOLDS.slowRatio <= told.waitNs && waits >= 3;
  const standsOut = hasQuick && alike;
  const total = Math.max(
    told.waitNs,
    lastSighting(told.response).referenceTime - told.request.way[0].referenceTime,
  );
  return {
    ...emptyParts,
    id: findingId(ID, told.connection.id),
    rule: ID,
    severity: standsOut ? 'warning' : 'note',
    ...weigh(
      0.7,
      'Request and response are timed by one clock at the point nearest to the server.',
      [
        [
          standsOut,
          0.15,
          `Half of ${counted(waits, 'response')} take no more than ${duration(medianNs)}.`,
        ],
        [!hasQuick, 0, 'There are no quick responses of the same service to compare with.'],
        [
          hasQuick && !alike,
          0,
          'Quick responses of the same service answer other requests: none is like this one.',
        ],
      ],
    ),
    title: `${server} takes up to ${duration(told.waitNs)} to answer`,
    summary: `${slow.length} of ${counted(waits, 'response')} of ${server} ${slow.length === 1 ? 'takes' : 'take'} ${duration(THRESHOLDS.slowResponseNs)} or more between the request’s last byte and the response’s first, measured at ${facts.points[told.at.point].name}, the point nearest to the server. Of what its client waits, the network takes ${duration(total - told.waitNs)}. ${standsOut ? `Half of all responses take no more than ${duration(medianNs)}.` : 'Whether that is slow or meant so (a long poll), only the application can tell.'}`,
    connections: [...new Set([told.connection.id, ...slow.map(({ connection }) => connection.id)])],
    between: null,
    steps: [
      step(
        `The request of ${told.connection.client} reaches ${facts.points[told.at.point].name} at ${utc(facts, told.at)}.`,
        told.request.way,
      ),
      step(
        `The first byte of the response leaves there ${duration(told.waitNs)} later.`,
        told.response.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `${counted(others.length, 'more response')} ${others.length === 1 ? 'takes' : 'take'} ${duration(THRESHOLDS.slowResponseNs)} or more.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.request, one.response]).slice(0, 4)),
            ),
          ]
        : []),
    ],
    times: shareTimes(facts, told, typical),
    sibling: typical === null ? null : besideTypical(facts, told, typical),
    alternatives: [
      {
        rule: 'path-loss',
        why: 'A loss makes the sender repeat. Here nothing is sent again while the client waits.',
      },
    ],
    confirm: [
      { text: 'In the server’s pod: what it does meanwhile.', command: 'top -b -n 1; ss -tnp' },
    ],
    fix: 'Look at the server: its own log at the times above, its queue, what it waits for in turn.',
    references: [
      {
        title: 'RFC 9293 section 3.8.6: managing the window',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.8.6',
      },
    ],
  };
}

const besideTypical = (
  facts: CaseFacts,
  told: ServerWait,
  typical: ServerWait,
): FindingSibling => ({
  connection: typical.connection.id,
  text:
    typical.connection.id === told.connection.id
      ? 'Another request of the same connection is answered as quickly as most of this service.'
      : `${typical.connection.client} > ${typical.connection.server} has a request answered as quickly as most of this service.`,
  partings: [
    {
      kind: 'timing',
      text: `Both requests reach ${facts.points[told.at.point].name}. The healthy one’s response leaves there ${duration(typical.waitNs)} later, this one’s ${duration(told.waitNs)} later.`,
      frames: [told.at, told.response.way[0]].map(({ file, frame }) => ({ file, frame })),
      siblingFrames: [typical.at, typical.response.way[0]].map(({ file, frame }) => ({
        file,
        frame,
      })),
    },
  ],
});

function tellReader(facts: CaseFacts, group: readonly ClosedWindow[]): Finding {
  const told = group.reduce((longest, one) => (one.waitNs > longest.waitNs ? one : longest));
  const reader = endOf(told);
  const others = group.filter((one) => one !== told);
  return {
    ...emptyParts,
    id: findingId(ID, `${told.connection.id}-window`),
    rule: ID,
    severity: 'warning',
    ...weigh(0.9, 'The window that the reader announces is 0, and opens again only later.'),
    title: `${reader} does not read: its window is closed for ${duration(told.waitNs)}`,
    summary: `${reader} announces a window of 0 ${counted(group.length, 'time')}, for up to ${duration(told.waitNs)}: its application does not read what has arrived, and the sender must wait. The network delivers.`,
    connections: [
      ...new Set([told.connection.id, ...group.map(({ connection }) => connection.id)]),
    ],
    between: null,
    steps: [
      step(`${reader} closes its window at ${utc(facts, told.closed.way[0])}.`, told.closed.way),
      step(`It opens it ${duration(told.waitNs)} later.`, told.opened.way),
      ...(others.length > 0
        ? [
            step(
              `It happens ${counted(others.length, 'more time')}.`,
              others.slice(0, THRESHOLDS.citedConnections).flatMap((one) => one.closed.way),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'path-loss',
        why: 'Lost data would be sent again. Here the sender holds it back because it must.',
      },
    ],
    confirm: [{ text: 'At the reader: bytes that wait to be read (Recv-Q).', command: 'ss -tnmp' }],
    fix: 'Look at the application that reads: what keeps it from reading, CPU, or a sink behind it that is slow itself.',
    references: [
      {
        title: 'RFC 9293 section 3.8.6.1: zero-window probing',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.8.6.1',
      },
    ],
  };
}

const endOf = ({ connection, direction }: ClosedWindow): string =>
  direction === 'forward' ? connection.client : connection.server;

function groupByEnd(windows: readonly ClosedWindow[]): readonly (readonly ClosedWindow[])[] {
  const groups = new Map<string, ClosedWindow[]>();
  for (const one of windows) {
    const key = `${one.direction} ${one.connection.server}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

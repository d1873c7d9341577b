// A client that pauses in the middle of its request: told as a finding of slow-endpoint.

import { counted } from '../base/counted';
import type { Finding, FindingSibling } from '../model/finding';
import { weigh } from './confidence';
import { elapsed } from './elapsed';
import type { CaseFacts } from './facts';
import { firstSighting, lastSighting } from './packet-facts';
import { shareTimes } from './request-times';
import { type SlowClient, type SlowRequest, sendingNs } from './slow-endpoint-facts';
import { duration, emptyParts, findingId, sightingsOf, step, utc } from './story';
import { THRESHOLDS } from './thresholds';

export function tellClient(
  facts: CaseFacts,
  rule: string,
  { client, server, slow, requests, quick }: SlowClient,
): Finding {
  const [told, ...others] = slow;
  const { wait, pause } = told;
  const at = firstSighting(pause.before);
  const place = facts.points[at.point].name;
  // By itself a pause may be what the application means; beside requests like it that are sent at once, it stands out.
  const standsOut = quick.length > 1;
  const total = lastSighting(wait.response).referenceTime - firstSighting(wait.begun).referenceTime;
  return {
    ...emptyParts,
    id: findingId(rule, `${wait.connection.id}-client`),
    rule,
    severity: standsOut ? 'warning' : 'note',
    ...weigh(
      0.7,
      'The pause is timed by one clock at the point nearest to the client; all that it had sent was acknowledged by then, and the server’s window was open.',
      [
        [
          standsOut,
          0.15,
          `${counted(quick.length, 'request')} of about the same size to the same service ${quick.length === 1 ? 'is' : 'are'} sent within a tenth of that.`,
        ],
        [!standsOut, 0, 'There are no requests like it that were sent at once to compare with.'],
      ],
    ),
    title: `${client} pauses for ${duration(pause.ns)} in the middle of a request to ${server}`,
    summary: `${slow.length} of ${counted(requests, 'request')} to ${server} ${slow.length === 1 ? 'is' : 'are'} sent with a pause of ${duration(THRESHOLDS.slowResponseNs)} or more between two of ${slow.length === 1 ? 'its' : 'their'} segments, measured at ${place}, the point nearest to the client. Nothing was lost, the server had acknowledged all and its window was open: the client’s side had nothing to send yet. Of ${duration(total)} from the request’s first byte to the response’s first the client takes ${duration(sendingNs(wait))}, the server ${duration(wait.waitNs)}.${standsOut ? '' : ' Whether that is slow or meant so, only the application can tell.'}`,
    connections: [...new Set([wait.connection.id, ...slow.map((one) => one.wait.connection.id)])],
    between: null,
    steps: [
      step(
        `${wait.connection.client} sends the beginning of its request${wait.begun === pause.before ? '' : ', the last of it before the pause'} at ${utc(facts, at)}.`,
        pause.before.way,
      ),
      step(
        `The server’s side acknowledges all of it; that is at ${place} ${elapsed(facts, at, lastSighting(pause.acknowledged))} later.`,
        pause.acknowledged.way,
      ),
      step(`The client goes on only ${duration(pause.ns)} later.`, pause.after.way),
      step(
        `The request is complete, and the server answers ${duration(wait.waitNs)} after its last byte.`,
        sightingsOf([wait.request, wait.response]),
      ),
      ...tellOthers(others),
    ],
    times: shareTimes(facts, wait, quick[0] ?? null),
    sibling: standsOut ? besideQuick(facts, told, quick) : null,
    alternatives: [
      {
        rule: 'path-loss',
        why: 'A loss makes the sender repeat. Here nothing is sent again, and what was sent had been acknowledged.',
      },
      {
        rule: 'slow-hop',
        why: 'A hop that holds packets back lets them leave the point before it in time. Here they are late at the first point that sees them.',
      },
    ],
    confirm: [
      {
        text: 'At the client: bytes that wait to be sent (Send-Q) would say that its kernel, not its application, holds them.',
        command: 'ss -tnmi',
      },
      {
        text: 'At the client: what the process does meanwhile.',
        command: 'pidstat -u -d -w 1; cat /proc/pressure/cpu /proc/pressure/io',
      },
    ],
    fix: 'Look at the client: its own log at the times above, what it waits for before it writes the rest of the request, its processor.',
    references: [
      {
        title: 'RFC 9293 section 3.8.6: managing the window',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.8.6',
      },
    ],
  };
}

const tellOthers = (others: readonly SlowRequest[]) =>
  others.length === 0
    ? []
    : [
        step(
          `${counted(others.length, 'more request')} ${others.length === 1 ? 'has' : 'have'} a pause of ${duration(THRESHOLDS.slowResponseNs)} or more.`,
          others
            .slice(0, THRESHOLDS.citedConnections)
            .flatMap(({ pause }) => [firstSighting(pause.before), firstSighting(pause.after)]),
        ),
      ];

function besideQuick(
  facts: CaseFacts,
  { wait, pause }: SlowRequest,
  quick: SlowClient['quick'],
): FindingSibling {
  const typical = quick.find((one) => one.connection.id !== wait.connection.id) ?? quick[0];
  const cite = (packets: readonly (typeof pause.before)[]) =>
    packets.map(firstSighting).map(({ file, frame }) => ({ file, frame }));
  return {
    connection: typical.connection.id,
    text:
      typical.connection.id === wait.connection.id
        ? 'Another request of the same connection, of about the same size, is sent at once.'
        : `${typical.connection.client} > ${typical.connection.server} sends a request of about the same size at once.`,
    partings: [
      {
        kind: 'timing',
        text: `At ${facts.points[firstSighting(pause.before).point].name} the healthy one’s request takes ${duration(sendingNs(typical))} from its first segment to its last, this one’s ${duration(sendingNs(wait))}.`,
        frames: cite([pause.before, pause.after]),
        siblingFrames: cite([...new Set([typical.begun, typical.request])]),
      },
    ],
  };
}

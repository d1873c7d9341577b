// How long a TCP handshake took, from the packets of a connection in order of time.
import { TCP_ACK, TCP_RST, TCP_SYN } from './tcp-flags';

/** First SYN to the client's first packet after the SYN-ACK, by the times of their first sightings, ns; retries count. NaN where one of the three was not seen. */
export function findHandshakeEnd(
  packets: number,
  flagsOf: (packet: number) => number,
  /** 0 from the client. */
  directionOf: (packet: number) => number,
  timeOf: (packet: number) => number,
): number {
  let began = Number.NaN;
  let answered = false;
  for (let packet = 0; packet < packets; packet += 1) {
    const flags = flagsOf(packet);
    const isForward = directionOf(packet) === 0;
    if (isForward && flags & TCP_SYN) {
      if (Number.isNaN(began)) began = timeOf(packet);
    } else if (!isForward && flags & TCP_SYN && flags & TCP_ACK) answered = true;
    else if (Number.isNaN(began) || flags & TCP_RST) return Number.NaN;
    else if (isForward) return answered ? timeOf(packet) - began : Number.NaN;
  }
  return Number.NaN;
}

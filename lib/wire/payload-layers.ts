// Layers within a payload that only the tree looks into: encrypted overlays, IGMP, and the heads of DNS, TLS, HTTP and QUIC that hints are made of. Columns take what is here for payload.
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import type { ProtocolLayer } from '../model/protocol-tree';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../model/protocols';
import { uint32 } from './bytes';
import { type DecodedFrame, FIELD_TCP_LENGTH } from './decoded-frame';
import { describeDns, isDnsPort } from './dns';
import type { LayerContext } from './field';
import { describeHttp } from './http';
import { describeIgmp } from './icmp-fields';
import { describeQuic } from './quic';
import {
  describeEsp,
  describeIke,
  describeWireguard,
  ESP_BYTES,
  IKE_BYTES,
  isWireguard,
} from './security';
import { describeTls, isTlsRecord } from './tls';

const PROTOCOL_IGMP = 2;
const PROTOCOL_ESP = 50;
const PORT_ESP_IN_UDP = 4500;

/** The layer at the payload of a frame that was decoded; null where none can be told. */
export function describePayload(bytes: Uint8Array, frame: DecodedFrame): ProtocolLayer | null {
  const { payload: start, end, wireEnd, protocol, status } = frame;
  if (frame.family === 0 || (status & STATUS_FRAGMENT) !== 0) return null;
  if (protocol === PROTOCOL_TCP && (frame.fields & FIELD_TCP_LENGTH) !== 0)
    return end > start ? describeStream({ bytes, start, end, wireEnd, frame }) : null;
  // A header that was cut left no payload.
  if (start !== frame.position || end - start < ESP_BYTES) return null;
  const context = { bytes, start, end, wireEnd, frame };
  if (protocol === PROTOCOL_ESP) return describeEsp(context);
  if (protocol === PROTOCOL_IGMP && frame.family === 4) return describeIgmp(context);
  if (protocol === PROTOCOL_UDP && (status & STATUS_TRANSPORT) !== 0)
    return describeDatagram(context);
  return null;
}

function describeDatagram(context: LayerContext): ProtocolLayer | null {
  const { bytes, start, end, frame } = context;
  const { sourcePort, destinationPort, payloadLength } = frame;
  if (sourcePort === PORT_ESP_IN_UDP || destinationPort === PORT_ESP_IN_UDP) {
    if (uint32(bytes, start) !== 0) return describeEsp(context);
    return end - start >= IKE_BYTES ? describeIke(context) : null;
  }
  if (isDnsPort(sourcePort) || isDnsPort(destinationPort)) return describeDns(context, false);
  if (isWireguard(bytes, start, payloadLength)) return describeWireguard(context);
  return describeQuic(context);
}

/** What a segment's payload begins with. */
function describeStream(context: LayerContext): ProtocolLayer | null {
  const { bytes, start, end, frame } = context;
  if (isDnsPort(frame.sourcePort) || isDnsPort(frame.destinationPort))
    return describeDns(context, true);
  return isTlsRecord(bytes, start, end) ? describeTls(context) : describeHttp(context);
}

// Layers within a payload that only the tree looks into: encrypted overlays and IGMP. Columns take what is here for payload.
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import type { ProtocolLayer } from '../model/protocol-tree';
import { PROTOCOL_UDP } from '../model/protocols';
import { uint32 } from './bytes';
import type { DecodedFrame } from './decoded-frame';
import type { LayerContext } from './field';
import { describeIgmp } from './icmp-fields';
import {
  describeEsp,
  describeIke,
  describeWireguard,
  ESP_BYTES,
  IKE_BYTES,
  isWireguard,
} from './security';

const PROTOCOL_IGMP = 2;
const PROTOCOL_ESP = 50;
const PORT_ESP_IN_UDP = 4500;

/** The layer at the payload of a frame that was decoded; null where none can be told. */
export function describePayload(bytes: Uint8Array, frame: DecodedFrame): ProtocolLayer | null {
  const { payload: start, end, wireEnd, protocol, status } = frame;
  if (frame.family === 0 || (status & STATUS_FRAGMENT) !== 0) return null;
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
  return isWireguard(bytes, start, payloadLength) ? describeWireguard(context) : null;
}

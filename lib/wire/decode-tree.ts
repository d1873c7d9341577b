// One frame's layers and fields for the inspector. The same decoders that fill the columns say where each layer lies; what they read is described by the tables beside them.

import { STATUS_ICMP_ERROR } from '../model/packet-status';
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { formatProtocol } from '../model/protocols';
import { formatEndpoint } from '../model/tuple-table';
import { formatAddress } from './address-text';
import { decodeLayer, layerAt, MAXIMUM_LAYERS } from './decode-frame';
import { DecodedFrame, NEXT_NONE } from './decoded-frame';
import { ICMP_BYTES } from './icmp';
import { LAYERS } from './layers';
import { firstDecoder } from './link-types';
import { describePayload } from './payload-layers';
import { beginQuote } from './quote';

const DESCRIBE = new Map(LAYERS.map(({ next, describe }) => [next, describe]));

/** All layers of a frame, the link first; what no decoder knows is one layer `data` at the end. Never throws, whatever the bytes. */
export function decodeTree(
  bytes: Uint8Array,
  linkType: number,
  wireLength: number,
): readonly ProtocolLayer[] {
  const frame = new DecodedFrame();
  frame.begin(0, bytes.length, wireLength);
  const layers = describeLayers(bytes, frame, firstDecoder(linkType));
  if ((frame.status & STATUS_ICMP_ERROR) !== 0) addQuotedPacket(bytes, frame, layers);
  return layers;
}

function describeLayers(bytes: Uint8Array, frame: DecodedFrame, first: number): ProtocolLayer[] {
  const layers: ProtocolLayer[] = [];
  let next = first;
  for (let i = 0; next !== NEXT_NONE && i < MAXIMUM_LAYERS; i++) {
    const layer = layerAt(bytes, frame, next);
    const { position: start, end, wireEnd } = frame;
    next = decodeLayer(bytes, frame, layer);
    const describe = DESCRIBE.get(layer);
    if (describe !== undefined) layers.push(describe({ bytes, start, end, wireEnd, frame }));
  }
  const payload = describePayload(bytes, frame);
  if (payload !== null) layers.push(payload);
  const last = layers.at(-1);
  const dataStart = last === undefined ? frame.position : last.start + last.length;
  if (frame.end > dataStart) layers.push(describeData(frame, dataStart));
  return layers;
}

function describeData(frame: DecodedFrame, start: number): ProtocolLayer {
  const captured = frame.end - start;
  const there = frame.wireEnd - start;
  const value = captured < there ? `${captured} of ${there} bytes captured` : `${there} bytes`;
  return {
    name: 'data',
    title: 'Payload',
    summary: value,
    start,
    length: captured,
    fields: [{ name: 'data.data', label: 'Bytes', value, start, length: captured }],
  };
}

/** The packet that an ICMP error complains of: as fields of the ICMP layer, for it did not travel in this frame. */
function addQuotedPacket(bytes: Uint8Array, frame: DecodedFrame, layers: ProtocolLayer[]): void {
  const index = layers.findLastIndex(({ name }) => name === 'icmp' || name === 'icmpv6');
  if (index < 0) return;
  const { start } = layers[index];
  const quoted = new DecodedFrame();
  const inner = describeLayers(bytes, quoted, beginQuote(bytes, frame, quoted));
  const children = inner.map(
    (layer): ProtocolField => ({
      name: layer.name,
      label: layer.title,
      value: layer.summary,
      start: layer.start,
      length: layer.length,
      children: layer.fields,
    }),
  );
  const field: ProtocolField = {
    name: '',
    label: 'Quoted packet',
    value: quoted.family === 0 ? 'cut' : quotedSummary(bytes, quoted),
    start: start + ICMP_BYTES,
    length: frame.end - start - ICMP_BYTES,
    children,
  };
  const layer = layers[index];
  layers[index] = {
    ...layer,
    length: frame.end - layer.start,
    fields: [...layer.fields, field],
  };
  // The quotation is no payload.
  if (layers.at(-1)?.name === 'data') layers.pop();
}

function quotedSummary(bytes: Uint8Array, quoted: DecodedFrame): string {
  const { family, protocol, source, destination, sourcePort, destinationPort } = quoted;
  const from = formatEndpoint(formatAddress(bytes, source, family), sourcePort, protocol);
  const to = formatEndpoint(formatAddress(bytes, destination, family), destinationPort, protocol);
  return `${formatProtocol(protocol)} ${from} → ${to}`;
}

// (Lead, 22:09: first cut so that the engine builds. The reading colleague replaces this file with the full tree.)
import type { ProtocolLayer } from '../model/protocol-tree';

/** Layers of a frame for a reader. */
export function decodeTree(
  bytes: Uint8Array,
  linkType: number,
  wireLength: number,
): readonly ProtocolLayer[] {
  return [
    {
      name: 'frame',
      title: 'Frame',
      summary: `${wireLength} bytes on the wire, ${bytes.length} captured`,
      start: 0,
      length: bytes.length,
      fields: [
        {
          name: 'frame.len',
          label: 'Length on the wire',
          value: String(wireLength),
          start: 0,
          length: 0,
        },
        {
          name: 'frame.cap_len',
          label: 'Captured length',
          value: String(bytes.length),
          start: 0,
          length: 0,
        },
        {
          name: 'frame.encap_type',
          label: 'Link type',
          value: String(linkType),
          start: 0,
          length: 0,
        },
      ],
    },
  ];
}

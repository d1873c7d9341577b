// Makes a long capture of a short one: its frames again and again, each time later and between other hosts, so that connections grow in number and not in length.
// Only for classic little-endian pcap of Ethernet, as the committed samples are.

const GLOBAL_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const ETHER_TYPE_IPV4 = 0x0800;
const PROTOCOL = ETHERNET_HEADER + 9;
const PROTOCOL_TCP = 6;
const SOURCE_SECOND_OCTET = ETHERNET_HEADER + 13;
const DESTINATION_SECOND_OCTET = ETHERNET_HEADER + 17;
/** Of an IPv4 header without options. */
const SEQUENCE = ETHERNET_HEADER + 20 + 4;
const ACKNOWLEDGEMENT = SEQUENCE + 4;
/** Packets alike in all but their addresses would be taken for sightings of one. */
const SEQUENCE_STEP = 0x01000193;

/** `times` at most 128: the second octet of the addresses tells the repetitions apart. `everySeconds` lies between their beginnings. */
export function repeatCapture(
  capture: Uint8Array,
  times: number,
  everySeconds: number,
): Uint8Array {
  const body = capture.subarray(GLOBAL_HEADER);
  const result = new Uint8Array(GLOBAL_HEADER + body.length * times);
  result.set(capture.subarray(0, GLOBAL_HEADER));
  const view = new DataView(result.buffer);
  for (let turn = 0; turn < times; turn++) {
    let offset = GLOBAL_HEADER + body.length * turn;
    const end = offset + body.length;
    result.set(body, offset);
    while (offset < end) {
      view.setUint32(offset, view.getUint32(offset, true) + turn * everySeconds, true);
      const length = view.getUint32(offset + 8, true);
      const frame = offset + RECORD_HEADER;
      if (length >= 34 && view.getUint16(frame + 12) === ETHER_TYPE_IPV4) {
        result[frame + SOURCE_SECOND_OCTET] += turn;
        result[frame + DESTINATION_SECOND_OCTET] += turn;
        if (result[frame + PROTOCOL] === PROTOCOL_TCP && length >= ACKNOWLEDGEMENT + 4) {
          for (const field of [frame + SEQUENCE, frame + ACKNOWLEDGEMENT])
            view.setUint32(field, view.getUint32(field) + turn * SEQUENCE_STEP);
        }
      }
      offset = frame + length;
    }
  }
  return result;
}

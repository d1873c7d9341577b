// Where the fields of a capture lie that say how long something is, what comes next or where it belongs: so that damage can be done to them alone,
// and the readers get past what random bytes stop at. A rough map: it follows the usual headers as far as they make sense.

export interface FieldPlace {
  readonly at: number;
  readonly bytes: 1 | 2 | 4;
  readonly littleEndian: boolean;
  /** A pcapng block's length, which stands at its end a second time. */
  readonly twin?: true;
}

/** Frames that are looked into: damage to the first ones is as good as to all. */
const MOST_FRAMES = 200;
const PCAP_HEADER = 24;
const PCAP_RECORD = 16;
const SECTION = 0x0a0d0d0a;
const ETHERNET = 1;

/** Fields of a pcap or pcapng file; none of anything else. */
export function findFields(bytes: Uint8Array): readonly FieldPlace[] {
  if (bytes.length < PCAP_HEADER) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  if (magic === SECTION) return pcapngFields(view);
  if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) return pcapFields(view, true);
  const swapped = view.getUint32(0);
  if (swapped === 0xa1b2c3d4 || swapped === 0xa1b23c4d) return pcapFields(view, false);
  return [];
}

function pcapFields(view: DataView, littleEndian: boolean): readonly FieldPlace[] {
  const fields: FieldPlace[] = [
    { at: 16, bytes: 4, littleEndian },
    { at: 20, bytes: 4, littleEndian },
  ];
  const isEthernet = view.getUint32(20, littleEndian) === ETHERNET;
  let frames = 0;
  for (
    let at = PCAP_HEADER;
    at + PCAP_RECORD <= view.byteLength && frames < MOST_FRAMES;
    frames += 1
  ) {
    for (const offset of [0, 4, 8, 12]) fields.push({ at: at + offset, bytes: 4, littleEndian });
    const captured = view.getUint32(at + 8, littleEndian);
    const start = at + PCAP_RECORD;
    const end = start + captured;
    if (end > view.byteLength) break;
    if (isEthernet) frameFields(view, start, end, fields);
    at = end;
  }
  return fields;
}

function pcapngFields(view: DataView): readonly FieldPlace[] {
  const fields: FieldPlace[] = [];
  let littleEndian = true;
  let blocks = 0;
  for (let at = 0; at + 12 <= view.byteLength && blocks < MOST_FRAMES; blocks += 1) {
    if (view.getUint32(at, true) === SECTION) littleEndian = view.getUint8(at + 8) === 0x4d;
    const type = view.getUint32(at, littleEndian);
    const length = view.getUint32(at + 4, littleEndian);
    if (length < 12 || at + length > view.byteLength) break;
    const end = at + length - 4;
    fields.push({ at, bytes: 4, littleEndian });
    fields.push({ at: at + 4, bytes: 4, littleEndian, twin: true });
    fields.push({ at: end, bytes: 4, littleEndian });
    const body = at + 8;
    let options = end;
    if (type === SECTION) options = body + 16;
    else if (type === 1) {
      fields.push({ at: body, bytes: 2, littleEndian }, { at: body + 4, bytes: 4, littleEndian });
      options = body + 8;
    } else if (type === 6 || type === 2) {
      for (const offset of [0, 4, 8, 12, 16])
        fields.push({ at: body + offset, bytes: 4, littleEndian });
      const captured = view.getUint32(body + 12, littleEndian);
      const start = body + 20;
      if (start + captured <= end) {
        frameFields(view, start, start + captured, fields);
        options = start + ((captured + 3) & ~3);
      }
    } else if (type === 5) {
      fields.push({ at: body, bytes: 4, littleEndian });
      options = body + 12;
    } else if (type === 4) options = body;
    else if (type === 3) fields.push({ at: body, bytes: 4, littleEndian });
    // Records of names are laid out as options are.
    for (let option = options; option + 4 <= end; ) {
      fields.push(
        { at: option, bytes: 2, littleEndian },
        { at: option + 2, bytes: 2, littleEndian },
      );
      option += 4 + ((view.getUint16(option + 2, littleEndian) + 3) & ~3);
    }
    at += length;
  }
  return fields;
}

/** Types, lengths and offsets of Ethernet, IPv4, IPv6, TCP with its options, UDP, and of what a VXLAN packet holds. */
function frameFields(view: DataView, start: number, end: number, fields: FieldPlace[]): void {
  const field = (at: number, bytes: 1 | 2 | 4): void => {
    if (at + bytes <= end) fields.push({ at, bytes, littleEndian: false });
  };
  field(start + 12, 2);
  const ip = start + 14;
  if (ip + 20 > end) return;
  const version = view.getUint8(ip) >> 4;
  const protocol = view.getUint8(ip + (version === 4 ? 9 : 6));
  field(ip, 1);
  if (version === 4) {
    field(ip + 2, 2);
    field(ip + 6, 2);
    field(ip + 9, 1);
  } else {
    field(ip + 4, 2);
    field(ip + 6, 1);
  }
  const transport = version === 4 ? ip + (view.getUint8(ip) & 15) * 4 : ip + 40;
  if (transport + 8 > end) return;
  if (protocol === 6) {
    field(transport + 12, 1);
    if (transport + 20 > end) return;
    const options = Math.min(end, transport + (view.getUint8(transport + 12) >> 4) * 4);
    for (let at = transport + 20; at + 2 <= options; ) {
      const kind = view.getUint8(at);
      field(at, 1);
      if (kind > 1) field(at + 1, 1);
      at += kind > 1 ? Math.max(2, view.getUint8(at + 1)) : 1;
    }
  } else if (protocol === 17) {
    field(transport + 2, 2);
    field(transport + 4, 2);
    if (view.getUint16(transport + 2) === 4789) frameFields(view, transport + 16, end, fields);
  } else field(transport, 2);
}

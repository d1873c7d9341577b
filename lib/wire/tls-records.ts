// TLS records named along a stream (RFC 8446 section 5.1, RFC 5246 section 6.2): what each one is, as far as it is not encrypted.
// Fed with the stream's bytes piece by piece; a record may begin in one piece and end in another.

export interface TlsRecord {
  /** Byte of the stream at which its header begins. */
  readonly offset: number;
  /** Bytes with the header of five. */
  readonly length: number;
  /** `ClientHello`, `ChangeCipherSpec`, `Application Data`, `Handshake (encrypted)` … */
  readonly name: string;
}

const HEADER_BYTES = 5;
/** Header, and the handshake message's type and length. */
const NAMING_BYTES = HEADER_BYTES + 4;
/** 2¹⁴ and what encryption may add (RFC 5246 section 6.2.3; RFC 8446 allows less). */
const MAXIMUM_FRAGMENT = 16_384 + 2048;

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const CONTENT: ReadonlyMap<number, string> = new Map([
  [CHANGE_CIPHER_SPEC, 'ChangeCipherSpec'],
  [ALERT, 'Alert'],
  [HANDSHAKE, 'Handshake'],
  [23, 'Application Data'],
  [24, 'Heartbeat'],
]);
/** Handshake messages that are sent in the clear. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [0, 'HelloRequest'],
  [1, 'ClientHello'],
  [2, 'ServerHello'],
  [4, 'NewSessionTicket'],
  [11, 'Certificate'],
  [12, 'ServerKeyExchange'],
  [13, 'CertificateRequest'],
  [14, 'ServerHelloDone'],
  [15, 'CertificateVerify'],
  [16, 'ClientKeyExchange'],
  [20, 'Finished'],
  [22, 'CertificateStatus'],
]);
const ALERTS: ReadonlyMap<number, string> = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [48, 'unknown_ca'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [112, 'unrecognized_name'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
]);
const ALERT_FRAGMENT = 2;

/** One direction of a connection. */
export class TlsRecordWalker {
  private readonly head = new Uint8Array(NAMING_BYTES);
  private headLength = 0;
  private headOffset = 0;
  /** Bytes of the record at hand that are still to come; its head is read. */
  private rest = 0;
  private isEncrypted = false;
  private isTls = true;

  /** Names the records whose head ends within `bytes`, which stand at `offset` of the stream. Nothing any more once the stream proved not to be TLS, or had a hole. */
  take(bytes: Uint8Array, offset: number, hasGap: boolean): TlsRecord[] {
    if (hasGap) this.isTls = false;
    const records: TlsRecord[] = [];
    let position = 0;
    while (this.isTls && position < bytes.length) {
      if (this.rest > 0) {
        const step = Math.min(this.rest, bytes.length - position);
        this.rest -= step;
        position += step;
        continue;
      }
      if (this.headLength === 0) this.headOffset = offset + position;
      this.head[this.headLength] = bytes[position];
      this.headLength += 1;
      position += 1;
      const record = this.finishHead();
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  /** The record, once as much of it is there as its name needs. */
  private finishHead(): TlsRecord | undefined {
    const { head } = this;
    if (this.headLength < HEADER_BYTES) return undefined;
    const fragment = (head[3] << 8) | head[4];
    if (!CONTENT.has(head[0]) || head[1] !== 3 || head[2] > 4 || fragment > MAXIMUM_FRAGMENT) {
      this.isTls = false;
      return undefined;
    }
    if (this.headLength < HEADER_BYTES + Math.min(NAMING_BYTES - HEADER_BYTES, fragment))
      return undefined;
    const name = this.nameOf(head[0], fragment);
    if (head[0] === CHANGE_CIPHER_SPEC) this.isEncrypted = true;
    this.rest = fragment - (this.headLength - HEADER_BYTES);
    this.headLength = 0;
    return { offset: this.headOffset, length: HEADER_BYTES + fragment, name };
  }

  private nameOf(type: number, fragment: number): string {
    const content = CONTENT.get(type) ?? '';
    if (type === ALERT) {
      const description =
        fragment === ALERT_FRAGMENT ? ALERTS.get(this.head[HEADER_BYTES + 1]) : undefined;
      return description === undefined || this.isEncrypted
        ? `${content} (encrypted)`
        : `${content}: ${description}`;
    }
    if (type !== HANDSHAKE) return content;
    const message = MESSAGES.get(this.head[HEADER_BYTES]);
    return message === undefined || this.isEncrypted ? `${content} (encrypted)` : message;
  }
}

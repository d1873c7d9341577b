// What ICMP errors quote, as the sparse table `quotes` keeps it.
import { describe, expect, it } from 'vitest';
import { STATUS_IPV4, STATUS_IPV6, STATUS_TRANSPORT } from '../model/packet-status';
import { pcapFile } from '../testing/capture-file';
import {
  icmpFrame,
  join,
  tcpFrame,
  u16,
  u32,
  udpFrame,
  vxlanFrame,
} from '../testing/frame-builder';
import { type CaptureRead, readCapture, tupleOf } from '../testing/read-capture';

const CLIENT = '10.0.0.1:40000';
const SERVER = '10.0.0.9:443';
const SEGMENT = {
  source: CLIENT,
  destination: SERVER,
  flags: 'P.',
  sequence: 7000,
  acknowledgement: 9,
  ipId: 0x1234,
  ttl: 3,
  payload: 1400,
  link: 'raw',
} as const;

const readFrames = (...frames: readonly Uint8Array[]): Promise<CaptureRead> =>
  readCapture(pcapFile(frames.map((bytes, index) => ({ timeNs: BigInt(index), bytes }))));

const unreachable = (payload: Uint8Array, code = 1, sequence = 0): Uint8Array =>
  icmpFrame({ source: '10.0.0.254', destination: '10.0.0.1', type: 3, code, sequence, payload });

/** The only row of the table, with its tuple as text. */
function quoteOf(capture: CaptureRead) {
  const { quotes } = capture.table.sparse;
  expect(quotes.length).toBe(1);
  return {
    row: quotes.get(0, 'row'),
    tuple: tupleOf(capture, quotes.get(0, 'tuple')),
    status: quotes.get(0, 'status'),
    ipId: quotes.get(0, 'ipId'),
    sequence: quotes.get(0, 'sequence'),
    acknowledgement: quotes.get(0, 'acknowledgement'),
    flags: quotes.get(0, 'flags'),
    length: quotes.get(0, 'length'),
    payloadLength: quotes.get(0, 'payloadLength'),
    digest: quotes.get(0, 'payloadDigest'),
    ttl: quotes.get(0, 'ttl'),
    mtu: quotes.get(0, 'mtu'),
  };
}

describe('quotes', () => {
  it('has the packet as its own row has it, where all of it is quoted', async () => {
    const capture = await readFrames(
      tcpFrame({ ...SEGMENT, link: 'ethernet' }),
      unreachable(tcpFrame(SEGMENT)),
    );
    const { table } = capture;
    const quote = quoteOf(capture);
    expect(quote).toMatchObject({
      row: 1,
      tuple: `${CLIENT} > ${SERVER}`,
      sequence: 7000,
      acknowledgement: 9,
      flags: 0x18,
      length: 1440,
      payloadLength: 1400,
      ttl: 3,
      mtu: 0,
    });
    expect(capture.table.sparse.quotes.get(0, 'tuple')).toBe(table.get('tuple', 0));
    expect(quote.digest).toBe(table.get('payloadDigest', 0));
    expect(quote.status & STATUS_TRANSPORT).not.toBe(0);
    expect(quote.status & STATUS_IPV4).not.toBe(0);
  });

  it('has ports and sequence number of the eight bytes that every router quotes', async () => {
    const quote = quoteOf(
      await readFrames(unreachable(tcpFrame(SEGMENT).subarray(0, 28), 4, 1300)),
    );
    expect(quote).toMatchObject({
      tuple: `${CLIENT} > ${SERVER}`,
      ipId: 0x1234,
      sequence: 7000,
      acknowledgement: 0,
      flags: 0,
      length: 1440,
      digest: 0,
      mtu: 1300,
    });
    expect(quote.status & STATUS_TRANSPORT).not.toBe(0);
  });

  it('says that no ports were quoted', async () => {
    const quote = quoteOf(await readFrames(unreachable(tcpFrame(SEGMENT).subarray(0, 20))));
    expect(quote).toMatchObject({ tuple: '10.0.0.1:0 > 10.0.0.9:0', sequence: 0, length: 1440 });
    expect(quote.status & STATUS_TRANSPORT).toBe(0);
  });

  it('has no row where not even the addresses are there', async () => {
    const capture = await readFrames(unreachable(tcpFrame(SEGMENT).subarray(0, 19)));
    expect(capture.table.sparse.quotes.length).toBe(0);
  });

  it('reads a packet too big for IPv6, with the datagram it complains of', async () => {
    const datagram = udpFrame({
      source: '[fd00::1]:5000',
      destination: '[fd00::9]:53',
      payload: join(u16(0xabcd), new Uint8Array(1300)),
      link: 'raw',
    });
    const error = icmpFrame({
      source: 'fd00::fe',
      destination: 'fd00::1',
      type: 2,
      identifier: 0,
      sequence: 1280,
      payload: datagram.subarray(0, 1232),
    });
    const quote = quoteOf(await readFrames(error));
    expect(quote).toMatchObject({
      tuple: 'fd00::1:5000 > fd00::9:53',
      sequence: 0xabcd,
      length: 1350,
      payloadLength: 1302,
      mtu: 1280,
    });
    expect(quote.digest).not.toBe(0);
    expect(quote.status & STATUS_IPV6).not.toBe(0);
  });

  it('reads an echo, with identifier and sequence number', async () => {
    const echo = icmpFrame({
      source: '10.0.0.1',
      destination: '10.0.0.9',
      type: 8,
      identifier: 0x77,
      sequence: 5,
      payload: 56,
      link: 'raw',
    });
    expect(quoteOf(await readFrames(unreachable(echo)))).toMatchObject({
      tuple: '10.0.0.1:119 > 10.0.0.9:119',
      sequence: 0x770005,
      flags: 0x0800,
    });
  });

  it('follows a tunnel to the innermost packet', async () => {
    const outer = vxlanFrame({
      source: '192.0.2.1:5555',
      destination: '192.0.2.2:4789',
      vni: 7,
      inner: tcpFrame({ ...SEGMENT, link: 'ethernet' }),
      link: 'raw',
    });
    expect(quoteOf(await readFrames(unreachable(outer.subarray(0, 200))))).toMatchObject({
      tuple: `${CLIENT} > ${SERVER}`,
      sequence: 7000,
      length: 1440,
    });
  });

  it('ends where the extensions of RFC 4884 begin', async () => {
    const short = udpFrame({ source: CLIENT, destination: SERVER, payload: 200, link: 'raw' });
    const extended = join(short.subarray(0, 40), new Uint8Array(88), u32(0x20000000));
    const withLength = (words: number) =>
      icmpFrame({
        source: '10.0.0.254',
        destination: '10.0.0.1',
        type: 11,
        identifier: words,
        payload: extended,
      });
    const open = quoteOf(await readFrames(withLength(0)));
    const ended = quoteOf(await readFrames(withLength(10)));
    expect(open.digest).not.toBe(0);
    expect(ended.digest).toBe(0);
    expect(ended.length).toBe(228);
  });
});

// What payloads say of their conversation: the sparse table `hints`, and the same in the tree.
import { describe, expect, it } from 'vitest';
import { NOT_ANSWERED } from '../model/sparse-tables';
import { pcapFile } from '../testing/capture-file';
import { join, tcpFrame, u16, udpFrame } from '../testing/frame-builder';
import { dnsMessage, quicInitial, tlsHello } from '../testing/payloads';
import { type CaptureRead, readCapture } from '../testing/read-capture';
import { decodeTree } from './decode-tree';

const CLIENT = '10.0.0.1:40000';
const toServer = (payload: Uint8Array | string, port = 443): Uint8Array =>
  tcpFrame({ source: CLIENT, destination: `10.0.0.2:${port}`, payload, flags: 'P.' });
const toClient = (payload: Uint8Array | string, port = 443): Uint8Array =>
  tcpFrame({ source: `10.0.0.2:${port}`, destination: CLIENT, payload, flags: 'P.' });
const datagram = (payload: Uint8Array, port: number): Uint8Array =>
  udpFrame({ source: CLIENT, destination: `10.0.0.2:${port}`, payload });

const readFrames = (...frames: readonly Uint8Array[]): Promise<CaptureRead> =>
  readCapture(pcapFile(frames.map((bytes, index) => ({ timeNs: BigInt(index), bytes }))));

/** `0 tls-client TLS 1.3 …` for every frame that says something. */
async function hintsOf(...frames: readonly Uint8Array[]): Promise<string[]> {
  const { table } = await readFrames(...frames);
  return frames.flatMap((_, row) => {
    const hint = table.hintOf(row);
    return hint === undefined ? [] : [`${row} ${hint.kind} ${hint.text}`];
  });
}

const CLIENT_HELLO = tlsHello({
  from: 'client',
  versions: [0x0304, 0x0303],
  serverName: 'api.example.com',
  protocols: ['h2', 'http/1.1'],
});

describe('hints', () => {
  it('names a TLS server by what the client asks for', async () => {
    const server = tlsHello({ from: 'server', versions: [0x0304] });
    const old = tlsHello({ from: 'client', versions: [0x0303], serverName: 'old.example.com' });
    expect(await hintsOf(toServer(CLIENT_HELLO), toClient(server), toServer(old, 8443))).toEqual([
      '0 tls-client TLS 1.3 api.example.com (h2, http/1.1)',
      '1 tls-server TLS 1.3',
      '2 tls-client TLS 1.2 old.example.com',
    ]);
  });

  it('keeps what a cut hello says up to the cut', async () => {
    const bytes = toServer(CLIENT_HELLO);
    const texts = new Set<string>();
    for (let length = 54; length < bytes.length; length += 1) {
      const cut = [{ timeNs: 0n, bytes: bytes.slice(0, length), wireLength: bytes.length }];
      texts.add((await readCapture(pcapFile(cut))).table.hintOf(0)?.text ?? '');
    }
    expect([...texts]).toEqual([
      '',
      'TLS 1.2',
      'TLS 1.2 api.example.com',
      'TLS 1.2 api.example.com (h2, http/1.1)',
    ]);
  });

  it('reads first lines of HTTP, without the query, and the preface of HTTP/2', async () => {
    expect(
      await hintsOf(
        toServer('GET /health?token=secret HTTP/1.1\r\nHost: a\r\n\r\n', 80),
        toClient('HTTP/1.1 503 Service Unavailable\r\n\r\n', 80),
        toServer(`POST /${'x'.repeat(300)} HTTP/1.1\r\n`, 81),
        toServer('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 82),
        toServer('GETTING there', 83),
        toServer('HTTP is text', 84),
      ),
    ).toEqual([
      '0 http-request GET /health?…',
      '1 http-response HTTP/1.1 503',
      `2 http-request POST /${'x'.repeat(79)}…`,
      '3 http2 HTTP/2',
    ]);
  });

  it('reads questions and answers of DNS, over UDP and TCP', async () => {
    const question = { id: 7, name: 'api.example.com', type: 28 };
    const message = dnsMessage(question);
    const capture = await readFrames(
      datagram(message, 53),
      udpFrame({
        source: '10.0.0.2:53',
        destination: CLIENT,
        payload: dnsMessage({ ...question, responseCode: 3 }),
      }),
      toServer(join(u16(message.length), message), 53),
    );
    const [asked, answered, overTcp] = [0, 1, 2].map((row) => capture.table.hintOf(row));
    expect(asked).toEqual({
      kind: 'dns-question',
      text: 'AAAA api.example.com',
      number: NOT_ANSWERED,
    });
    expect(answered).toEqual({ kind: 'dns-answer', text: 'AAAA api.example.com', number: 3 });
    expect(overTcp).toEqual(asked);
    expect(capture.table.texts).toEqual(['AAAA api.example.com']);
  });

  it('never shows bytes of a name as they are', async () => {
    const hello = tlsHello({ from: 'client', versions: [0x0303], serverName: 'a\u0001<b>\u202e' });
    const [hint] = await hintsOf(toServer(hello));
    expect(hint).toBe('0 tls-client TLS 1.2 a\\x01<b>\\xe2\\x80\\xae');
    const dns = dnsMessage({ id: 1, name: 'a b\u0007' });
    expect(await hintsOf(datagram(dns, 53))).toEqual(['0 dns-question A a\\032b\\007']);
  });

  it('knows QUIC by its version, in a datagram of full length', async () => {
    expect(
      await hintsOf(
        datagram(quicInitial(1), 443),
        datagram(quicInitial(0x6b3343cf, 0xd3), 4433),
        datagram(quicInitial(1).subarray(0, 1000), 443),
        datagram(quicInitial(0x12345678), 443),
        datagram(quicInitial(1, 0xe3), 443),
      ),
    ).toEqual(['0 quic QUIC version 1', '1 quic QUIC version 2']);
  });

  it('listens to the first words of each side, and again after a SYN', async () => {
    const get = toServer('GET /a HTTP/1.1\r\n', 80);
    const syn = tcpFrame({ source: CLIENT, destination: '10.0.0.2:80', flags: 'S' });
    expect(await hintsOf(get, toServer('GET /b HTTP/1.1\r\n', 80), syn, get)).toEqual([
      '0 http-request GET /a',
      '3 http-request GET /a',
    ]);
  });
});

it('shows the same in the tree, each name at its bytes', () => {
  const shown = (frame: Uint8Array, layerName: string): string[] => {
    const layer = decodeTree(frame, 1, frame.length).find(({ name }) => name === layerName);
    return (layer?.fields ?? []).map(({ name, start, length, value }) => {
      const bytes = new TextDecoder().decode(frame.subarray(start, start + length));
      return bytes === value ? `${name} ${value}` : `${name}`;
    });
  };
  expect(shown(toServer(CLIENT_HELLO), 'tls').slice(-5)).toEqual([
    'tls.handshake.extensions_server_name api.example.com',
    'tls.handshake.extensions_alpn_str h2',
    'tls.handshake.extensions_alpn_str http/1.1',
    'tls.handshake.extensions.supported_version',
    'tls.handshake.extensions.supported_version',
  ]);
  expect(shown(toServer('GET /a HTTP/1.1\r\n', 80), 'http')).toEqual([
    'http.request.method GET',
    'http.request.uri /a',
    'http.request.version HTTP/1.1',
  ]);
  const dns = datagram(dnsMessage({ id: 7, name: 'a.b' }), 53);
  expect(decodeTree(dns, 1, dns.length).at(-1)?.summary).toBe('question A a.b');
  const quic = datagram(quicInitial(1), 443);
  expect(decodeTree(quic, 1, quic.length)[3].summary).toBe(
    'initial, version 1, to 0102030405060708',
  );
});

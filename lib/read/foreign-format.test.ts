// What is said of files that are no captures.
import { describe, expect, it } from 'vitest';
import { describeStranger, isForeignCapture } from './foreign-format';

const said = (content: string): string =>
  describeStranger('case/x', new TextEncoder().encode(content)).text;

describe('files that are no captures', () => {
  it.each([
    ['[\n  {\n    "_index": "packets-2024-01-01",\n    "_source": {', "tshark's JSON"],
    ['<?xml version="1.0"?>\n<pdml version="0" creator="wireshark/4.0.17">', "tshark's PDML"],
    ['0000  02 42 ac 11 00 02 02 42 ac 11 00 01 08 00 45 00   .B.....B', 'a hex dump'],
    ['{"index":{"_index":"packets-2026-11-28","_type":"doc"}}\n{"timestamp"', "tshark's JSON"],
    ['<?xml version="1.0"?>\n<psml version="0" creator="wireshark/4.0.17">', "tshark's PSML"],
    ['    1   0.000000    127.0.0.1 → 127.0.0.1    TCP 74 41 → 45', "tshark's printed text"],
    ['Frame 1: 74 bytes on wire (592 bits), 74 bytes captured', "tshark's printed text"],
    ['10:31:11.402 IP', 'plain text'],
    ['10:31:11.402938 IP localhost.41234 > localhost.45678: Flags [S]', "tcpdump's printed text"],
    ['2026-11-28 10:31:11.402938 IP6 ::1.5 > ::1.6: Flags [.]', "tcpdump's printed text"],
    ['1795861871.402938 IP 127.0.0.1.5 > 127.0.0.1.6: UDP', "tcpdump's printed text"],
    ['IP 127.0.0.1.41234 > 127.0.0.1.45678: Flags [S], seq 1', "tcpdump's printed text"],
    ['+---------+---------------+----------+\r\n10:31:11,402', 'a K12 text capture'],
    ['{"items": []}', 'JSON text'],
    ['<html><body>', 'HTML or XML text'],
    ['0000 is no address of a dump', 'plain text'],
    ['Aufzeichnung für Zürich, ältere Knoten', 'plain text'],
    ['\ufeffnotes', 'plain text'],
    ['Заметки', 'plain text'],
    ['snoop\0\0\0\0\0\0\x02', 'a snoop capture'],
  ])('%j', (content, name) => {
    expect(said(content)).toContain(`case/x: not a capture at byte 0: it looks like ${name}. `);
  });

  const binary = (
    length: number,
    bytes: Readonly<Record<number, readonly number[]>>,
  ): Uint8Array => {
    const head = new Uint8Array(length);
    for (const [at, values] of Object.entries(bytes)) head.set(values, Number(at));
    return head;
  };
  const letters = (value: string): number[] => Array.from(value, (char) => char.charCodeAt(0));

  it.each([
    ['a Windows event trace (ETL)', binary(512, { 0: [0, 0, 1, 0], 54: [4, 0] }), 'etl2pcapng'],
    [
      'an ERF capture',
      binary(96, { 0: [1, 2, 3, 4, 5, 6, 7, 8, 2, 4, 0, 80, 0, 0, 0, 60] }),
      'editcap',
    ],
    ['a Network Monitor capture', binary(64, { 0: letters('GMBU') }), 'editcap'],
    ['a Network Monitor 1 capture', binary(64, { 0: letters('RTSS') }), 'editcap'],
    ['an AIX iptrace capture', binary(64, { 0: letters('iptrace 2.0') }), 'editcap'],
    ['a Sniffer capture', binary(64, { 0: letters('TRSNIFF data    \x1a') }), 'editcap'],
    ['a 5View capture', binary(64, { 0: [0xaa, 0xaa, 0xaa, 0xaa] }), 'editcap'],
    ['a LANalyzer capture', binary(90, { 0: [0x01, 0x10, 0x4c, 0, 1, 5] }), 'editcap'],
    ['a Windows Sniffer capture', binary(64, { 0: letters('XCP\x001.100') }), 'editcap'],
    ['an Observer capture', binary(64, { 0: letters('ObserverPktBufferVersion') }), 'editcap'],
    ['a Visual Networks capture', binary(64, { 0: [5, ...letters('VNF')] }), 'editcap'],
    ['an HP-UX nettl trace', binary(64, { 0: [0x54, 0x52, 0, 0x64] }), 'editcap'],
    ['a Tektronix K12 capture', binary(64, { 0: [0, 0, 2, 0, 0x12, 5, 0, 0x10] }), 'editcap'],
    ['a Bluetooth capture (btsnoop)', binary(64, { 0: letters('btsnoop\0') }), 'nothing of IP'],
    ['plain text', Uint8Array.from(letters('Gr\xfc\xdfe aus dem Netz')), 'tcpdump -w'],
    ['UTF-16 text', binary(64, { 0: [0xff, 0xfe, 0x74, 0] }), 'tcpdump -w'],
    ['UTF-16 text', binary(64, { 0: [0xfe, 0xff, 0, 0x74] }), 'tcpdump -w'],
    ['a PNG picture', binary(64, { 0: [0x89, ...letters('PNG')] }), 'tcpdump -w'],
    ['nothing but zeros', binary(512, {}), 'copy it again'],
    ['lzma data', binary(64, { 0: [0x5d, 0, 0, 0x80] }), 'Decompress'],
    ['bzip2 data', binary(64, { 0: letters('BZh9') }), 'Decompress'],
    ['lz4 data', binary(64, { 0: [4, 0x22, 0x4d, 0x18] }), 'Decompress'],
    ['a 7-Zip archive', binary(64, { 0: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] }), 'Unpack'],
    ['an ELF program', binary(64, { 0: [0x7f, ...letters('ELF')] }), 'tcpdump -w'],
    ['a PDF document', binary(64, { 0: letters('%PDF-1.7') }), 'tcpdump -w'],
  ])('%s', (name, head, advice) => {
    const { text } = describeStranger('case/x', head);
    expect(text).toContain(`not a capture at byte 0: it looks like ${name}. `);
    expect(text).toContain(advice);
    expect(isForeignCapture(head)).toBe(/capture|trace/.test(name) && !name.includes('ERF'));
  });
});

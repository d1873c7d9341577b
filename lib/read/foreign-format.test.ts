// What is said of files that are no captures.
import { describe, expect, it } from 'vitest';
import { describeStranger } from './foreign-format';

const said = (content: string): string =>
  describeStranger('case/x', new TextEncoder().encode(content)).text;

describe('files that are no captures', () => {
  it.each([
    ['[\n  {\n    "_index": "packets-2024-01-01",\n    "_source": {', "tshark's JSON"],
    ['<?xml version="1.0"?>\n<pdml version="0" creator="wireshark/4.0.17">', "tshark's PDML"],
    ['0000  02 42 ac 11 00 02 02 42 ac 11 00 01 08 00 45 00   .B.....B', 'a hex dump'],
    ['{"items": []}', 'JSON text'],
    ['<html><body>', 'HTML or XML text'],
    ['0000 is no address of a dump', 'plain text'],
    ['snoop\0\0\0\0\0\0\x02', 'a snoop capture'],
  ])('%j', (content, name) => {
    expect(said(content)).toContain(`case/x: not a capture at byte 0: it looks like ${name}. `);
  });
});

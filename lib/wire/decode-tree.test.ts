// What the inspector shows of a frame; tree-columns.test.ts holds it equal to the columns.
import { describe, expect, it } from 'vitest';
import { icmpFrame, tcpFrame, vxlanFrame } from '../testing/frame-builder';
import { decodeTree } from './decode-tree';

describe('decodeTree', () => {
  it('shows options as children, with their bytes', () => {
    const frame = tcpFrame({
      source: '10.0.0.1:60170',
      destination: '10.0.0.2:9443',
      flags: 'S',
      mss: 1460,
      sackPermitted: true,
      timestamps: [5, 0],
      windowScale: 7,
    });
    const layers = decodeTree(frame, 1, frame.length);
    expect(layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'tcp']);
    const options = layers[2].fields.find(({ name }) => name === 'tcp.options');
    expect(
      options?.children?.map(({ name, value, start, length }) => [name, value, start, length]),
    ).toEqual([
      ['tcp.options.mss', '1460', 54, 4],
      ['tcp.options.sack_perm', 'yes', 58, 2],
      ['tcp.options.timestamp', '5,0', 60, 10],
      ['tcp.options.nop', '', 70, 1],
      ['tcp.options.wscale', '7 (× 128)', 71, 3],
    ]);
  });

  it('lists the layers of a tunnel in order, and the payload', () => {
    const inner = tcpFrame({ source: '10.0.0.1:1', destination: '10.0.0.2:2', payload: 'abc' });
    const frame = vxlanFrame({ source: '1.1.1.1:5', destination: '2.2.2.2:4789', vni: 7, inner });
    const layers = decodeTree(frame, 1, frame.length);
    expect(layers.map(({ name }) => name)).toEqual([
      'eth',
      'ip',
      'udp',
      'vxlan',
      'eth',
      'ip',
      'tcp',
      'data',
    ]);
    expect(layers[7]).toMatchObject({ start: frame.length - 3, length: 3 });
  });

  it('keeps a quoted packet within the ICMP error that quotes it', () => {
    const quoted = tcpFrame({ source: '10.0.0.1:60170', destination: '172.30.0.1:9443' });
    const frame = icmpFrame({
      source: '10.0.0.7',
      destination: '10.0.0.1',
      type: 3,
      code: 3,
      payload: quoted.subarray(14, 42),
    });
    const layers = decodeTree(frame, 1, frame.length);
    expect(layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'icmp']);
    const field = layers[2].fields.find(({ label }) => label === 'Quoted packet');
    expect(field?.value).toBe('tcp 10.0.0.1:60170 → 172.30.0.1:9443');
    expect(field?.children?.map(({ name }) => name)).toEqual(['ip', 'tcp']);
  });
});

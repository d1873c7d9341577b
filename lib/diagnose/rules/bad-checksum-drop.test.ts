// SYNs and datagrams whose own checksum is wrong where they come to: considered where nothing comes of them, not where the card has yet to fill it in.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { type TcpSpec, tcpFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';

/** Of an Ethernet frame with IPv4 and TCP, without options in front. */
const CHECKSUM_AT = 14 + 20 + 16;

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[CHECKSUM_AT] ^= 0x55;
  return copy;
}

const syn = (ipId: number): TcpSpec => ({
  source: '10.0.0.1:40000',
  destination: '10.0.0.2:80',
  flags: 'S',
  sequence: 1000,
  ipId,
  window: 500,
});
const synAck = tcpFrame({
  source: '10.0.0.2:80',
  destination: '10.0.0.1:40000',
  flags: 'S.',
  sequence: 5,
  acknowledgement: 1001,
});
const ack = tcpFrame({ ...syn(9), flags: '.', sequence: 1001, acknowledgement: 6 });
const SENT = [0, 1.02, 3.06];
const lane = (delay: number, change: (bytes: Uint8Array) => Uint8Array): Lane =>
  SENT.map((at, n) => [at + delay, change(tcpFrame(syn(n + 1)))]);
const asIs = (bytes: Uint8Array) => bytes;

const judge = async (lanes: Readonly<Record<string, Lane>>) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'bad-checksum-drop')?.result,
    finding: diagnosis.findings.find(({ rule }) => rule === 'bad-checksum-drop'),
    // One-way traffic leaves the clocks open: that remark is right, and not what is tested.
    rules: diagnosis.findings.map(({ rule }) => rule).filter((rule) => rule !== 'clock-fault'),
  };
};

describe('bad-checksum-drop', () => {
  it('is considered where SYNs are sound at one point, damaged at the next, and not answered', async () => {
    const { finding, rules } = await judge({ left: lane(0, asIs), right: lane(2e-5, damaged) });
    expect(rules).toEqual(['bad-checksum-drop']);
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.steps[1].frames).toEqual([
      { file: 'left.pcap', frame: 1 },
      { file: 'right.pcap', frame: 1 },
    ]);
  });

  it('is silent where such a SYN is answered: nobody minds, or the card fills it in', async () => {
    const { result } = await judge({
      left: [...lane(0, asIs), [3.0602, synAck], [3.0604, ack]],
      right: [...lane(2e-5, damaged), [3.0601, synAck], [3.06042, ack]],
    });
    expect(result).toBe('healthy');
  });

  it('is not steady-drop, its sibling, whose SYNs are sound and vanish as well', async () => {
    const { result, rules } = await judge({ left: lane(0, asIs), right: lane(2e-5, asIs) });
    expect(result).toBe('healthy');
    expect(rules).toEqual(['steady-drop']);
  });

  it('does not apply to one point', async () => {
    expect((await judge({ left: lane(0, damaged) })).result).toBe('notApplicable');
  });
});

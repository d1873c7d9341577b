// A capture that says it dropped packets: what it did not show then may have passed it.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { memorySource } from '../../read/byte-source';
import { type PcapngBlock, pcapFile, pcapngFile } from '../../testing/capture-file';
import { tcpFrame } from '../../testing/frame-builder';

const START = 1_700_000_000_000_000n;
/** Microseconds since 1970 of packet `n`: one every 200 ms. */
const sentAt = (n: number): bigint => START + BigInt(n) * 200_000n;

const segment = (n: number, ttl: number) =>
  tcpFrame({
    source: '10.0.0.1:40000',
    destination: '10.0.0.2:80',
    sequence: 1000 + n * 10,
    payload: 10,
    ipId: n + 1,
    ttl,
  });

const SENT = Array.from({ length: 60 }, (_, n) => n);

/** Sixty packets; those of `absent` do not show at the end, whose capture drops as told: before a packet, or by statistics at the end. */
async function fatesOf(
  absent: readonly number[],
  drops: {
    readonly before?: readonly (readonly [n: number, count: number])[];
    readonly all?: number;
  },
): Promise<readonly [lost: number, unknown: number]> {
  const told = new Map(drops.before ?? []);
  const end: PcapngBlock[] = SENT.filter((n) => !absent.includes(n)).map((n) => ({
    kind: 'enhanced',
    ticks: sentAt(n) + 30n,
    bytes: segment(n, 63),
    drops: told.get(n),
  }));
  if (drops.all !== undefined)
    end.push({ kind: 'statistics', ticks: sentAt(60), systemDrops: BigInt(drops.all) });
  const { analysis } = await analyseSources([
    memorySource(
      pcapFile(SENT.map((n) => ({ timeNs: sentAt(n) * 1000n, bytes: segment(n, 64) }))),
      'sender.pcap',
    ),
    memorySource(pcapngFile([{ blocks: [{ kind: 'interface' }, ...end] }]), 'receiver.pcapng'),
  ]);
  const [{ lost, unknown }] = analysis.connections;
  return [lost, unknown];
}

describe('packets absent from a capture that dropped some', () => {
  it('are lost where it dropped none', async () => {
    expect(await fatesOf([20], {})).toEqual([1, 0]);
  });

  it('are not known to be lost where it dropped some in that moment', async () => {
    expect(await fatesOf([20], { before: [[21, 1]] })).toEqual([0, 1]);
  });

  it('are lost where it dropped some at another moment', async () => {
    expect(await fatesOf([20], { before: [[40, 1]] })).toEqual([1, 0]);
  });

  it('are not known to be lost where statistics of the whole time account for them', async () => {
    expect(await fatesOf([20, 30, 45], { all: 2 })).toEqual([0, 3]);
  });

  it('are lost where they are many times more than were dropped', async () => {
    expect(await fatesOf([10, 12, 15, 20, 22, 25, 30, 35, 40], { all: 1 })).toEqual([9, 0]);
  });
});

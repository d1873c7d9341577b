import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { articleSnapshot } from '../testing/article-snapshot';
import { buildWindow } from '../testing/window-builder';
import { decodeBase64Url, encodeBase64Url } from './base64url';
import { decodeSnapshotFragment, encodeSnapshotFragment } from './fragment';
import { isSnapshotFragment } from './fragment-kind';
import { LINK_LIMIT_CHARACTERS } from './limits';

/** A snapshot of `count` data packets over five points, no two alike in time, sequence, payload or IP ID. */
function snapshotOf(count: number) {
  const id = articleSnapshot.connections[0].id;
  let noise = 1;
  const random = (below: number) => {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) >>> 0;
    return noise % below;
  };
  return {
    ...articleSnapshot,
    points: [1, 2, 3, 4, 5].map((n) => ({ ...articleSnapshot.points[0], id: `p${n}` })),
    journeys: buildWindow({
      files: articleSnapshot.journeys.files,
      journeys: Array.from({ length: count }, (_, j) => ({
        connection: id,
        direction: j % 3 === 2 ? ('reverse' as const) : ('forward' as const),
        sightings: [0, 1, 2, 3, 4].map((point) => ({
          point,
          capture: point % 2,
          time: j * 1_000_000 + point * 30_000 + random(20_000),
          ...(point === 0 && {
            source: '10.0.0.1:80',
            destination: '10.0.0.2:9443',
            sequence: j * 1448,
            acknowledgement: Math.floor(j / 7) * 900,
            timestampValue: 4000 + j,
            payloadDigest: random(0xffff_ffff),
            payloadLength: 1448,
            window: 500 + random(20),
            ipId: 700 + j,
            flags: 0x18,
          }),
        })),
      })),
    }),
  };
}

describe('a link', () => {
  it('carries the article’s case in less than 5 kB', async () => {
    const fragment = await encodeSnapshotFragment(articleSnapshot);
    expect(fragment).toMatchObject({ ok: true, value: expect.stringMatching(/^#s=0\.[\w-]+$/) });
    const text = fragment.ok ? fragment.value : '';
    expect(text.length).toBeLessThan(5000);
    expect(isSnapshotFragment(text)).toBe(true);
    expect(decodeSnapshotFragment(text)).toEqual({ ok: true, value: articleSnapshot });
    expect(decodeSnapshotFragment(text.slice(1))).toEqual({ ok: true, value: articleSnapshot });
  });

  it('has room for 400 packets over five points', async () => {
    expect(await encodeSnapshotFragment(snapshotOf(400))).toMatchObject({ ok: true });
  });

  it('says by how much a snapshot is too large, and drops nothing', async () => {
    const fragment = await encodeSnapshotFragment(snapshotOf(4000));
    expect(fragment).toMatchObject({
      ok: false,
      error: { reason: 'too-large', limit: LINK_LIMIT_CHARACTERS },
    });
    expect(fragment.ok || fragment.error.bytes).toBeGreaterThan(LINK_LIMIT_CHARACTERS);
  });

  it.each([
    ['', 'not-a-snapshot'],
    ['#v=filter', 'not-a-snapshot'],
    ['#s=', 'not-a-snapshot'],
    ['#s=1.AAAA', 'unknown-version'],
    ['#s=.AAAA', 'unknown-version'],
    ['#s=0.', 'not-a-snapshot'],
    ['#s=0.A', 'damaged'],
    ['#s=0.AA AA', 'damaged'],
    ['#s=0.AAAAé', 'damaged'],
  ])('that is none is refused: %s', (fragment, reason) => {
    expect(decodeSnapshotFragment(fragment)).toMatchObject({ ok: false, error: { reason } });
  });

  it('that is longer than any of ours is refused before it is read', () => {
    const read = decodeSnapshotFragment(`#s=0.${'A'.repeat(400_000)}`);
    expect(read).toMatchObject({ ok: false, error: { reason: 'too-large' } });
  });

  it('that is any text at all does not throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeSnapshotFragment(text).ok).toBe(false);
        expect(decodeSnapshotFragment(`#s=0.${text}`).ok).toBe(false);
      }),
    );
  });
});

describe('base64url', () => {
  it('gives back any bytes, and agrees with the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const text = encodeBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64Url(text)).toEqual(Uint8Array.from(bytes));
      }),
    );
  });
});

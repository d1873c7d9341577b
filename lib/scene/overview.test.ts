import { describe, expect, it } from 'vitest';
import { barHeights, brushPartAt, dragBrush, shiftSpan, timeToX, xToTime } from './overview';

const AXIS = { fromNs: 1000, toNs: 2000, widthPx: 100 };

describe('overview', () => {
  it('turns time into px and back', () => {
    expect(timeToX(AXIS, 1500)).toBe(50);
    expect(xToTime(AXIS, 25)).toBe(1250);
    expect(xToTime(AXIS, -10)).toBe(1000);
    expect(timeToX({ fromNs: 5, toNs: 5, widthPx: 100 }, 5)).toBe(0);
  });

  it('keeps a lone packet visible beside a burst', () => {
    expect([...barHeights([0, 1, 100])]).toEqual([0, 0.1, 1]);
    expect([...barHeights([0, 0])]).toEqual([0, 0]);
  });

  it('knows the parts of the brush', () => {
    const span = [1200, 1600] as const;
    expect([5, 20, 40, 60, 90].map((x) => brushPartAt(AXIS, span, x))).toEqual([
      'outside',
      'start',
      'inside',
      'end',
      'outside',
    ]);
    expect(brushPartAt(AXIS, null, 40)).toBe('outside');
    expect(brushPartAt(AXIS, [1200, 1205], 20)).toBe('inside');
  });

  it('draws, moves and resizes a span, never beyond the axis', () => {
    expect(dragBrush(AXIS, 'outside', null, 10, 11)).toBeNull();
    expect(dragBrush(AXIS, 'outside', null, 40, 10)).toEqual([1100, 1400]);
    expect(dragBrush(AXIS, 'start', [1200, 1600], 20, 80)).toEqual([1600, 1800]);
    expect(dragBrush(AXIS, 'inside', [1200, 1600], 30, 100)).toEqual([1600, 2000]);
    expect(shiftSpan(AXIS, [1200, 1600], -999)).toEqual([1000, 1400]);
  });
});

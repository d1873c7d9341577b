import { describe, expect, it } from 'vitest';
import type { AnalysisView } from '../model/analysis-view';
import type { ConnectionSummary } from '../model/connection';
import { analyseTextArt } from '../testing/analyse-text-art';
import { HALF_UNTRANSLATED } from '../testing/cases';
import { buildWindow } from '../testing/window-builder';
import { diagnose, diagnoseSteps } from './diagnose';
import { RULES } from './rules';
import { THRESHOLDS } from './thresholds';

const healthy = (index: number): ConnectionSummary => ({
  id: `c-${index}`,
  protocol: 'tcp',
  client: `10.0.0.1:${index}`,
  server: '10.0.0.2:443',
  points: ['p1', 'p2'],
  legs: ['p1', 'p2'].map((point) => ({
    point,
    client: `10.0.0.1:${index}`,
    server: '10.0.0.2:443',
  })),
  translations: [],
  handshake: 'complete',
  close: 'fin',
  retransmissions: 0,
  journeys: 12,
  delivered: 12,
  lost: 0,
  missed: 0,
  unknown: 0,
  losses: [],
  firstTime: index,
  lastTime: index + 1,
  forwardStops: ['p1', 'p2'],
  reverseStops: ['p2', 'p1'],
});

describe('diagnose', () => {
  it('rises from 0 to 1 in steps and ends with what it gives at once', async () => {
    const { analysis } = await analyseTextArt(HALF_UNTRANSLATED);
    const progress: number[] = [];
    const steps = diagnoseSteps(analysis);
    let step = steps.next();
    for (; !step.done; step = steps.next()) progress.push(step.value);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(RULES.length);
    expect(step.value).toEqual(diagnose(analysis));
    expect(step.value.rules.map(({ rule }) => rule)).toEqual(RULES.map(({ id }) => id));
  });

  it('looks at a handful of a hundred thousand healthy connections', () => {
    let asked = 0;
    const view: AnalysisView = {
      baseTime: '0',
      captures: [],
      points: [],
      clocks: [],
      connections: Array.from({ length: 100_000 }, (_, index) => healthy(index)),
      hops: [],
      fitness: [],
      quotes: [],
      journeysOf: (indices, limit) => {
        asked += indices.length;
        expect(limit).toBeLessThanOrEqual(THRESHOLDS.sampledPackets);
        return buildWindow({ journeys: [] });
      },
    };
    const { findings, rules } = diagnose(view);
    expect(findings).toEqual([]);
    expect(rules.some(({ result }) => result === 'found')).toBe(false);
    expect(asked).toBeLessThanOrEqual(THRESHOLDS.sampledConnections);
  });
});

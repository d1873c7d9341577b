// repeated-sighting and offload-artefact: notes on how captures were made, on the committed captures that show it, and on those that do not.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { scenarioSources } from '../../testing/committed-captures';

const judge = async (scenario: string, rule: string, files = 99) => {
  const { diagnosis } = await analyseSources(scenarioSources(scenario).slice(0, files));
  return {
    result: diagnosis.rules.find((answer) => answer.rule === rule)?.result,
    findings: diagnosis.findings.filter((finding) => finding.rule === rule),
  };
};

describe('repeated-sighting', () => {
  it('notes what a switch floods, with the foreign MAC', async () => {
    const { findings } = await judge('sdn-flood', 'repeated-sighting');
    expect(findings.map(({ severity }) => severity)).toEqual(['note']);
    expect(findings[0].title).toContain('node-tun0');
    expect(findings[0].steps[1].text).toContain('while the receiver gets it as');
    for (const { frames } of findings[0].steps) expect(frames.length).toBeGreaterThan(0);
  });

  it('has nothing to note where packets pass a point twice on their way', async () => {
    expect((await judge('sdn-healthy', 'repeated-sighting')).result).toBe('healthy');
  });

  it('does not apply to one capture', async () => {
    expect((await judge('sdn-flood', 'repeated-sighting', 1)).result).toBe('notApplicable');
  });
});

describe('offload-artefact', () => {
  it('notes segments that are cut on the way', async () => {
    const { findings } = await judge('overlay-skew', 'offload-artefact');
    expect(findings.map(({ severity }) => severity)).toEqual(['note']);
    expect(findings[0].summary).toContain('node2-ens3');
    expect(findings[0].steps[0].frames).toHaveLength(1);
    expect(findings[0].steps[1].frames.length).toBeGreaterThan(1);
  });

  it('has nothing to note where every packet is one frame everywhere', async () => {
    expect((await judge('article-3.1', 'offload-artefact')).result).toBe('healthy');
  });

  it('does not apply to one capture', async () => {
    expect((await judge('overlay-skew', 'offload-artefact', 1)).result).toBe('notApplicable');
  });
});

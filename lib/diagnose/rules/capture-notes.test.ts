import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { ByteSource } from '../../read/byte-source';
import { scenarioSources } from '../../testing/committed-captures';
import { caseSources, RULE_CASES } from '../../testing/rule-cases/registry';

const copyOf = (source: ByteSource, name: string): ByteSource => ({
  ...source,
  name,
  read: source.read.bind(source),
});

async function notesOn(sources: readonly ByteSource[]) {
  const { diagnosis } = await analyseSources(sources);
  return diagnosis.findings.filter(({ rule }) => rule === 'capture-defect');
}

describe('a capture that was given twice, under two names', () => {
  it('is called a copy, and not a capture that misses packets', async () => {
    const sources = scenarioSources('sdn-healthy');
    const notes = await notesOn([...sources, copyOf(sources[1], 'renamed.pcap')]);
    expect(notes.map(({ title }) => title)).toEqual(['The same capture was given more than once']);
    expect(notes[0].summary).toMatch(/A copy adds nothing.*renamed\.pcap.*very same frames/);
    expect(notes[0].summary).not.toMatch(/looks like loss/);
  });

  it('is told beside what another capture misses', async () => {
    const sources = caseSources(RULE_CASES['capture-defect'].fires);
    const notes = await notesOn([...sources, copyOf(sources[1], 'zz-renamed.pcap')]);
    expect(notes.map(({ title }) => title).sort()).toEqual([
      'The captures do not show all that passed',
      'The same capture was given more than once',
    ]);
    expect(new Set(notes.map(({ id }) => id)).size).toBe(2);
  });
});

it('a clock that steps is the title, whatever the capture is called', async () => {
  const sources = caseSources(RULE_CASES['clock-fault'].fires).map((source) =>
    copyOf(source, source.name.replace('.pcap', ' 12:30:00.pcap')),
  );
  const { diagnosis } = await analyseSources(sources);
  const [finding] = diagnosis.findings.filter(({ rule }) => rule === 'clock-fault');
  expect(finding.title).toMatch(/^The clock of \w+ 12:30:00 (steps|drifts) by /);
});

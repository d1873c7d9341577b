// The cause of a half-translated reply beside what the client's retries say of the kernel.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import type { Finding } from '../../model/finding';
import { scenarioSources } from '../../testing/committed-captures';

const RULE = 'half-untranslated-reply';

async function diagnose(scenario: string): Promise<Finding> {
  const { diagnosis } = await analyseSources(scenarioSources(scenario));
  return diagnosis.findings.find(({ rule }) => rule === RULE)!;
}

describe('an old kernel as the cause', () => {
  it('loses weight where a client on the node retries as later kernels do, and the words say that the versions do not fit', async () => {
    const { cause, confirm, fix, steps } = await diagnose('sdn-nat-untranslated');
    expect(steps.map(({ text }) => text).join(' ')).toContain('linear timeouts of Linux 6.5');
    const { confidence, grounds, text } = cause!.held!;
    expect(text).toContain('known of Linux without');
    expect(confidence).toBeLessThan(0.3);
    const against = grounds.filter(({ speaks }) => speaks === 'against').map((one) => one.text);
    expect(against.join(' ')).toContain('older and do not fit it');
    expect(cause!.open.length).toBeGreaterThan(1);
    expect(fix).toMatch(/^First: by the client’s retries this node runs Linux 6\.5 or later/);
    expect(confirm.find(({ command }) => command === 'uname -r')!.text).toContain(
      'this client’s retries say that it is one',
    );
  });

  it('keeps its weight where they double, as those of older kernels do', async () => {
    const { cause, confirm, fix } = await diagnose('article-3.1');
    const { confidence, grounds } = cause!.held!;
    expect(confidence).toBeGreaterThan(0.5);
    expect(grounds.map(({ text }) => text).join(' ')).not.toContain('6.5');
    expect(fix).not.toContain('First:');
    expect(confirm.find(({ command }) => command === 'uname -r')!.text).not.toContain('6.5');
  });
});

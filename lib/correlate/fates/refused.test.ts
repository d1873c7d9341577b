// A refused SYN or SYN-ACK came to its receiver: delivered, with a ground that does not read as success. Who accepts first and resets later refused nothing.
import { describe, expect, it } from 'vitest';
import type { AnalysisView } from '../../model/analysis-view';
import { FATE_REASONS, FATES } from '../../model/fate';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { REFUSED } from '../../testing/rule-cases/openings';

const ACCEPTED = `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:80
  time    packet | left    | right
  1       > S    | cli>srv | cli>srv
  1.0002  < SA   | srv>cli | srv>cli
  1.0004  > A    | cli>srv | cli>srv
  1.0006  > R    | cli>srv | cli>srv`;

const fates = (view: AnalysisView): readonly string[] => {
  const { journeys, journeyCount } = view.journeysOf(view.connections.map((_, index) => index));
  return Array.from(
    { length: journeyCount },
    (_, j) => `${FATES[journeys.fate[j]]} ${FATE_REASONS[journeys.reason[j]]}`,
  );
};

describe('what a reset answers', () => {
  it('is delivered and refused', async () => {
    const { analysis } = await analyseTextArt(REFUSED);
    expect(fates(analysis).filter((fate) => fate === 'delivered refused')).toHaveLength(2);
  });

  it('is not refused when it was accepted before', async () => {
    const { analysis } = await analyseTextArt(ACCEPTED);
    expect(fates(analysis).join()).not.toContain('refused');
  });
});

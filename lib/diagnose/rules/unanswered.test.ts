// SYNs that come as far as the captures show and get no answer: a drop behind the last point, the server's own silence, a queue that is full.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';

const HEAD = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40001
  oth = 10.0.0.9:50000
  srv = 10.0.0.2:80
  far = 10.0.0.7:443
  time   packet  | left    | mid     | right`;
/** Another connection that opens and closes at \`at\`, to \`server\`. */
const opens = (at: number, server: string) => `
  ${at}      > o:S   | oth>${server} | oth>${server} | oth>${server}
  ${at}.0005 < o:SA  | ${server}>oth | ${server}>oth | ${server}>oth
  ${at}.0008 > o:A   | oth>${server} | oth>${server} | oth>${server}
  ${at}.001  > o:P/9 | oth>${server} | oth>${server} | oth>${server}
  ${at}.002  < o:P/9 | ${server}>oth | ${server}>oth | ${server}>oth`;
/** SYNs of two ports to \`server\`, which is seen at the right lane or not. */
const silent = (server: string, right: string) => `
  10     > S     | cli>${server} | cli>${server} | ${right.replace('*', 'cli')}
  10.5   > b:S   | two>${server} | two>${server} | ${right.replace('*', 'two')}
  11.02  > S*    | cli>${server} | cli>${server} | ${right.replace('*', 'cli')}
  13.06  > S*    | cli>${server} | cli>${server} | ${right.replace('*', 'cli')}`;

const judge = async (text: string) => {
  const { diagnosis } = await analyseTextArt(`${HEAD}${text}`);
  return diagnosis.findings.filter(
    ({ severity, rule }) => severity !== 'note' || rule.includes('queue'),
  );
};

describe('SYNs without an answer', () => {
  it('are a steady drop behind the farthest point, and the capture that is missing is named', async () => {
    const findings = await judge(`${opens(1, 'srv')}${silent('far', '-')}`);
    expect(findings.map(({ rule }) => rule)).toEqual(['steady-drop']);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'failure', confidence: 0.7, between: null });
    expect(finding.summary).toContain('reach mid, the farthest point that shows them');
    expect(finding.connections).toHaveLength(2);
    expect(finding.confirm[0].command).toContain('10.0.0.7');
  });

  it('are a steady drop at the server itself where nobody opens a connection there', async () => {
    const [finding, ...more] = await judge(`${opens(1, 'far')}${silent('srv', '*>srv')}`);
    expect(more).toEqual([]);
    expect(finding.rule).toBe('steady-drop');
    expect(finding.summary).toContain('reach right');
  });

  it('speak for a full queue, its sibling, where others to the same port opened before', async () => {
    const findings = await judge(`${opens(1, 'srv')}${silent('srv', '*>srv')}`);
    expect(findings.map(({ rule }) => rule)).toEqual(['listen-queue-overflow']);
    expect(findings[0]).toMatchObject({ severity: 'note', confidence: 0.5 });
  });

  it('are nobody’s fault where one of them is answered', async () => {
    const answered = `${silent('far', '-')}
  13.0605 < SA    | far>cli | far>cli | -
  13.061  > A     | cli>far | cli>far | -
  20      > b:S*  | two>far | two>far | -
  20.0005 < b:SA  | far>two | far>two | -
  20.001  > b:A   | two>far | two>far | -`;
    expect((await judge(`${opens(1, 'srv')}${answered}`)).map(({ rule }) => rule)).not.toContain(
      'steady-drop',
    );
  });
});

describe('SYN-ACKs that the client never takes', () => {
  const answers = (left: string) => `
  10     > S     | cli>srv | cli>srv | cli>srv
  10.001 < SA    | ${left} | srv>cli | srv>cli
  11.02  > S*    | cli>srv | cli>srv | cli>srv
  11.021 < SA*   | ${left} | srv>cli | srv>cli
  13.06  > S*    | cli>srv | cli>srv | cli>srv
  13.061 < SA*   | ${left} | srv>cli | srv>cli`;

  it('are lost behind the farthest point that shows them', async () => {
    const [finding, ...more] = await judge(`${opens(1, 'far')}${answers('-')}`);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: 'path-loss', severity: 'failure', confidence: 0.5 });
    expect(finding.title).toBe('No answer of 10.0.0.2:80 reaches 10.0.0.1');
    expect(finding.steps[1].frames).toHaveLength(2);
  });

  it('are nobody’s fault where the client takes the last', async () => {
    const taken = `${answers('-')}
  13.062 > A     | cli>srv | cli>srv | cli>srv`;
    expect(
      (await judge(`${opens(1, 'far')}${taken}`)).filter(({ title }) =>
        title.includes('No answer'),
      ),
    ).toEqual([]);
  });
});

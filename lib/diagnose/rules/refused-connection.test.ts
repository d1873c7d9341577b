import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP } from '../../testing/cases';

const ENDPOINTS = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  svc = 10.96.0.1:443
  pod = 10.0.0.2:8443
  time   packet | left    | right`;

const judge = async (text: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find(({ rule }) => rule === 'refused-connection')?.result,
    findings: diagnosis.findings,
  };
};

describe('refused-connection', () => {
  it('tells a closed port from the reset that begins at the server', async () => {
    const { findings } = await judge(`${ENDPOINTS}
  0      > S    | cli>svc | cli>pod
  0.0002 < RA   | svc>cli | pod>cli
  2      > b:S  | two>svc | two>pod
  2.0002 < b:RA | svc>two | pod>two`);
    expect(findings.map(({ rule }) => rule)).toEqual(['refused-connection']);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'failure', confidence: 0.9 });
    expect(finding.connections).toHaveLength(2);
    expect(finding.summary).toContain('10.0.0.2:8443 itself');
    expect(finding.steps[1].frames).toEqual([
      { file: 'right.pcap', frame: 2 },
      { file: 'left.pcap', frame: 2 },
    ]);
  });

  it('tells a host before the server from the reset that begins there', async () => {
    const { findings } = await judge(`${ENDPOINTS}
  0      > S    | cli>svc | -
  0.0002 < RA   | svc>cli | -
  2      > b:S  | two>svc | two>pod
  2.0002 < b:SA | svc>two | pod>two
  2.0004 > b:A  | two>svc | two>pod`);
    expect(findings.map(({ rule }) => rule)).toEqual(['refused-connection']);
    expect(findings[0].summary).toContain('at or behind left');
  });

  it('is silent where the server hangs up later, where SYNs vanish, and where the client refuses', async () => {
    const hangsUp = `${ENDPOINTS}
  0      > S    | cli>svc | cli>pod
  0.0002 < SA   | svc>cli | pod>cli
  0.0004 > A    | cli>svc | cli>pod
  0.1    < RA   | svc>cli | pod>cli`;
    for (const text of [hangsUp, HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP])
      expect((await judge(text)).result).toBe('healthy');
  });

  it('does not apply without a handshake', async () => {
    const text = `${ENDPOINTS}\n  0 > P/50 | cli>svc | cli>pod\n  1 < P/50 | svc>cli | pod>cli`;
    expect((await judge(text)).result).toBe('notApplicable');
  });
});

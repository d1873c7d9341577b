// Considerations about connections that do not open, or open late: each fires, stays silent in health, and is told from its sibling.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP } from '../../testing/cases';
import { BURST_BEFORE, BURSTS, burst } from '../../testing/rule-cases/established';
import {
  answersDropped,
  fallingTimestamps,
  firstDrops,
  hairpin,
  lost,
  opens,
  portReused,
  portsExhausted,
  recycled,
  TABLE_BEFORE,
  TABLE_CARRIES_ON,
  TABLE_FULL,
} from '../../testing/rule-cases/openings';

const judge = async (text: string, rule: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    noted: diagnosis.findings.filter(({ severity }) => severity === 'note').map((one) => one.rule),
  };
};

describe('conntrack-table-full', () => {
  it('is considered where new connections of all clients to all servers are lost', async () => {
    const { finding } = await judge(`${TABLE_FULL}${TABLE_CARRIES_ON}`, 'conntrack-table-full');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5, between: ['p1', 'p2'] });
    expect(finding?.connections).toHaveLength(6);
    expect(finding?.summary).toContain('3 clients to 2 servers');
    expect(finding?.confirm[0].command).toContain('nf_conntrack_max');
  });

  it('is silent where open connections stop as well, or new ones open', async () => {
    const stopped = await judge(
      `${TABLE_FULL}
  11     > o:P/70 | old>x | ~
  11.2   > o:P/70* | old>x | ~
  20     > o:P/70* | old>x | old>x
  20.001 < o:P/80 | x>old | x>old`,
      'conntrack-table-full',
    );
    expect(stopped.result).toBe('healthy');
    const opened = await judge(
      `${TABLE_BEFORE.replace('time   packet', 'n1 = 10.0.0.4:1\n n2 = 10.0.0.5:1\n time   packet')}
  ${lost('p', 10, 'a1>x')}${lost('q', 10.1, 'a2>y')}${lost('r', 10.2, 'b1>x')}
  ${lost('s', 10.3, 'b2>y')}${lost('t', 10.4, 'c1>x')}${lost('u', 10.5, 'c2>y')}
  ${opens('v', 11, 'n1>x', 'n1>x')}${opens('w', 12, 'n2>y', 'n2>y')}${TABLE_CARRIES_ON}`,
      'conntrack-table-full',
    );
    expect(opened.result).toBe('healthy');
  });

  it('leaves one server that is out of reach to others', async () => {
    expect((await judge(STEADY_DROP, 'conntrack-table-full')).result).toBe('healthy');
  });
});

describe('snat-port-exhaustion', () => {
  it('is considered where one server alone is out of reach behind the translation', async () => {
    const { finding } = await judge(
      portsExhausted(opens('t', 11, 'o1>y', 'n1>y')),
      'snat-port-exhaustion',
    );
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.summary).toContain('to 198.51.100.1:443');
    expect(finding?.connections).toHaveLength(4);
  });

  it('is silent where one to the same server opens, and does not apply without translation', async () => {
    const { result } = await judge(
      portsExhausted(opens('t', 11, 'o1>x', 'n1>x')),
      'snat-port-exhaustion',
    );
    expect(result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'snat-port-exhaustion')).result).toBe('notApplicable');
  });
});

describe('backlog-drop', () => {
  it('is considered where several connections lose packets in the same moment, twice', async () => {
    const { finding } = await judge(BURSTS, 'backlog-drop');
    expect(finding).toMatchObject({ severity: 'note', between: ['p1', 'p2'] });
    expect(finding?.confidence).toBeLessThanOrEqual(0.5);
    expect(finding?.steps).toHaveLength(2);
    expect(finding?.confirm[0].command).toContain('softnet_stat');
  });

  it('is silent where losses come one by one, or in one connection', async () => {
    expect((await judge(`${BURST_BEFORE}${burst(1)}${burst(3)}`, 'backlog-drop')).result).toBe(
      'healthy',
    );
    expect((await judge(COLLISION, 'backlog-drop')).result).toBe('healthy');
  });
});

describe('foreign-domain-reply-drop', () => {
  it('is considered where every SYN arrives and every SYN-ACK is lost', async () => {
    const { finding } = await judge(answersDropped('~'), 'foreign-domain-reply-drop');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4, between: ['p2', 'p1'] });
    expect(finding?.steps[1].frames).toHaveLength(3);
  });

  it('is silent where SYNs are lost, where SYN-ACKs are refused, and where some pass', async () => {
    expect((await judge(STEADY_DROP, 'foreign-domain-reply-drop')).result).toBe('healthy');
    expect((await judge(HALF_UNTRANSLATED, 'foreign-domain-reply-drop')).result).toBe('healthy');
    expect((await judge(answersDropped('srv>cli'), 'foreign-domain-reply-drop')).result).toBe(
      'healthy',
    );
  });
});

describe('reverse-path-drop', () => {
  it('is considered where another interface leads to the same server', async () => {
    const { finding } = await judge(firstDrops(''), 'reverse-path-drop');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.title).toContain('first drops');
    expect(finding?.steps[0].frames).toHaveLength(3);
  });

  it('is silent where the interface lets others in, and where no other way is seen', async () => {
    const passes = await judge(
      firstDrops(`
  6      > c:S    | cli>srv | -       | cli>srv
  6.001  < c:SA   | srv>cli | -       | srv>cli
  6.002  > c:A    | cli>srv | -       | cli>srv`).replace(/6(.*)cli/g, '6$1cli'),
      'reverse-path-drop',
    );
    expect(passes.result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'reverse-path-drop')).result).toBe('healthy');
    expect((await judge(HALF_HEALTHY, 'reverse-path-drop')).result).toBe('healthy');
  });
});

describe('port-reuse-delay', () => {
  it('is considered where the ports had been in use shortly before', async () => {
    const { finding } = await judge(portReused('cli'), 'port-reuse-delay');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.summary).toContain('until 19.90 s before');
  });

  it('leaves a lost SYN of fresh ports to path-loss', async () => {
    expect((await judge(portReused('two'), 'port-reuse-delay')).result).toBe('healthy');
    expect((await judge(COLLISION, 'port-reuse-delay')).result).toBe('healthy');
  });
});

describe('timestamp-rejected-syn', () => {
  it('is considered where those with falling timestamps alone are not answered', async () => {
    const { finding } = await judge(fallingTimestamps(false), 'timestamp-rejected-syn');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.summary).toContain('3 SYNs of 192.0.2.1 reach 198.51.100.7:80');
  });

  it('is silent where one of them is answered, and where SYNs are lost before the server', async () => {
    expect((await judge(fallingTimestamps(true), 'timestamp-rejected-syn')).result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'timestamp-rejected-syn')).result).toBe('healthy');
  });
});

describe('recycled-endpoint', () => {
  it('is considered where an endpoint answers that nobody else is led to any more', async () => {
    const { finding } = await judge(recycled('here', 63), 'recycled-endpoint');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.title).toBe('Consider: 10.1.0.1:8080 is not who 172.30.0.9:80 meant');
  });

  it('is silent where others are led there, too, or it answers soon', async () => {
    expect((await judge(recycled('gone', 63), 'recycled-endpoint')).result).toBe('healthy');
    expect((await judge(recycled('here', 7), 'recycled-endpoint')).result).toBe('healthy');
    expect((await judge(COLLISION, 'recycled-endpoint')).result).toBe('healthy');
  });
});

describe('hairpin-drop and load-balancer-hairpin', () => {
  it('are told apart by whose address the packet carries', async () => {
    const own = await judge(hairpin('pod>self', ''), 'hairpin-drop');
    expect(own.finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(own.noted).not.toContain('load-balancer-hairpin');
    const foreign = await judge(hairpin('node>nodesvc', ''), 'load-balancer-hairpin');
    expect(foreign.finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(foreign.noted).not.toContain('hairpin-drop');
  });

  it('are silent where the hairpin works, and where nothing is led back', async () => {
    const works = await judge(
      hairpin(
        'pod>self',
        `
  1.021  < SA     | svc>pod | self>pod svc>pod
  1.022  > A      | pod>svc | pod>svc pod>self`,
      ),
      'hairpin-drop',
    );
    expect(works.result).toBe('healthy');
    expect((await judge(HALF_HEALTHY, 'hairpin-drop')).result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'load-balancer-hairpin')).result).toBe('healthy');
  });
});

// Considerations about connections that do not open, or open late: each fires, stays silent in health, and is told from its sibling.
import { describe, expect, it } from 'vitest';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { COLLISION, HALF_HEALTHY, HALF_UNTRANSLATED, STEADY_DROP } from '../../testing/cases';

const judge = async (text: string, rule: string) => {
  const { diagnosis } = await analyseTextArt(text);
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    noted: diagnosis.findings.filter(({ severity }) => severity === 'note').map((one) => one.rule),
  };
};

/** A connection that opens at `at`, and its two ends as they are seen left and right. */
const opens = (name: string, at: number, left: string, right: string): string => {
  const [a, b] = left.split('>');
  const [c, d] = right.split('>');
  return `
  ${at}      > ${name}:S    | ${left} | ${right}
  ${at + 0.001}  < ${name}:SA   | ${b}>${a} | ${d}>${c}
  ${at + 0.002}  > ${name}:A    | ${left} | ${right}
  ${at + 0.003}  > ${name}:P/50 | ${left} | ${right}
  ${at + 0.004}  < ${name}:P/60 | ${b}>${a} | ${d}>${c}`;
};

/** One that is asked for at `at`, again a second later, and never comes over. */
const lost = (name: string, at: number, left: string): string => `
  ${at}     > ${name}:S    | ${left} | ~
  ${at + 1.02}  > ${name}:S*   | ${left} | ~
  ${at + 3.07}  > ${name}:S*   | ${left} | ~`;

describe('conntrack-table-full', () => {
  const HEAD = `
  old = 10.0.0.9:30000
  a0 = 10.0.0.1:30000
  b0 = 10.0.0.2:30000
  c0 = 10.0.0.3:30000
  a1 = 10.0.0.1:40000
  a2 = 10.0.0.1:40001
  b1 = 10.0.0.2:40000
  b2 = 10.0.0.2:40001
  c1 = 10.0.0.3:40000
  c2 = 10.0.0.3:40001
  x = 10.1.0.1:80
  y = 10.1.0.2:443
  time   packet   | left    | right
  ${opens('o', 0, 'old>x', 'old>x')}${[...'abc']
    .flatMap((client, c) =>
      [...'xy'].map((server, s) =>
        opens(`${client}${server}`, 1 + c + s / 2, `${client}0>${server}`, `${client}0>${server}`),
      ),
    )
    .join('')}`;
  const CARRIES_ON = `
  11     > o:P/70 | old>x | old>x
  11.001 < o:P/80 | x>old | x>old
  20     > o:P/70 | old>x | old>x
  20.001 < o:P/80 | x>old | x>old`;
  const FULL = `${HEAD}
  ${lost('p', 10, 'a1>x')}${lost('q', 10.1, 'a2>y')}${lost('r', 10.2, 'b1>x')}
  ${lost('s', 10.3, 'b2>y')}${lost('t', 10.4, 'c1>x')}${lost('u', 10.5, 'c2>y')}`;

  it('is considered where new connections of all clients to all servers are lost', async () => {
    const { finding } = await judge(`${FULL}${CARRIES_ON}`, 'conntrack-table-full');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5, between: ['p1', 'p2'] });
    expect(finding?.connections).toHaveLength(6);
    expect(finding?.summary).toContain('3 clients to 2 servers');
    expect(finding?.confirm[0].command).toContain('nf_conntrack_max');
  });

  it('is silent where open connections stop as well, or new ones open', async () => {
    const stopped = await judge(
      `${FULL}
  11     > o:P/70 | old>x | ~
  11.2   > o:P/70* | old>x | ~
  20     > o:P/70* | old>x | old>x
  20.001 < o:P/80 | x>old | x>old`,
      'conntrack-table-full',
    );
    expect(stopped.result).toBe('healthy');
    const opened = await judge(
      `${HEAD.replace('time   packet', 'n1 = 10.0.0.4:1\n n2 = 10.0.0.5:1\n time   packet')}
  ${lost('p', 10, 'a1>x')}${lost('q', 10.1, 'a2>y')}${lost('r', 10.2, 'b1>x')}
  ${lost('s', 10.3, 'b2>y')}${lost('t', 10.4, 'c1>x')}${lost('u', 10.5, 'c2>y')}
  ${opens('v', 11, 'n1>x', 'n1>x')}${opens('w', 12, 'n2>y', 'n2>y')}${CARRIES_ON}`,
      'conntrack-table-full',
    );
    expect(opened.result).toBe('healthy');
  });

  it('leaves one server that is out of reach to others', async () => {
    expect((await judge(STEADY_DROP, 'conntrack-table-full')).result).toBe('healthy');
  });
});

describe('snat-port-exhaustion', () => {
  const drawn = (meanwhile: string) => `
  a0 = 10.0.0.1:39999
  n0 = 192.0.2.1:20000
  a1 = 10.0.0.1:40000
  a2 = 10.0.0.1:40001
  b1 = 10.0.0.2:40000
  b2 = 10.0.0.2:40001
  o1 = 10.0.0.3:40000
  n1 = 192.0.2.1:20001
  x = 198.51.100.1:443
  y = 198.51.100.2:443
  time   packet   | left    | right
  ${opens('o', 0, 'a0>x', 'n0>x')}
  ${lost('p', 10, 'a1>x')}${lost('q', 10.1, 'a2>x')}${lost('r', 10.2, 'b1>x')}${lost('s', 10.3, 'b2>x')}
  ${meanwhile}
  30     > o:P/70 | a0>x | n0>x
  30.001 < o:P/80 | x>a0 | x>n0`;

  it('is considered where one server alone is out of reach behind the translation', async () => {
    const { finding } = await judge(drawn(opens('t', 11, 'o1>y', 'n1>y')), 'snat-port-exhaustion');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.summary).toContain('to 198.51.100.1:443');
    expect(finding?.connections).toHaveLength(4);
  });

  it('is silent where one to the same server opens, and does not apply without translation', async () => {
    const { result } = await judge(drawn(opens('t', 11, 'o1>x', 'n1>x')), 'snat-port-exhaustion');
    expect(result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'snat-port-exhaustion')).result).toBe('notApplicable');
  });
});

describe('backlog-drop', () => {
  const HEAD = `
  a = 10.0.0.1:40000
  b = 10.0.0.2:40000
  c = 10.0.0.3:40000
  x = 10.1.0.1:80
  time   packet   | left    | right
  ${opens('p', 0, 'a>x', 'a>x')}${opens('q', 0.01, 'b>x', 'b>x')}${opens('r', 0.02, 'c>x', 'c>x')}`;
  const drop = (name: string, at: number, from: string) => `
  ${at}   > ${name}:P/100  | ${from}>x | ~
  ${at + 0.25} > ${name}:P/100* | ${from}>x | ${from}>x
  ${at + 0.251} < ${name}:A | x>${from} | x>${from}`;
  const burst = (at: number) =>
    `${drop('p', at, 'a')}${drop('q', at + 0.001, 'b')}${drop('p', at + 0.5, 'a')}`;

  it('is considered where several connections lose packets in the same moment, twice', async () => {
    const together = (at: number) => `
  ${at}     > p:P/100  | a>x | ~
  ${at + 0.001} > q:P/100  | b>x | ~
  ${at + 0.002} > r:P/101  | c>x | ~
  ${at + 0.21} > p:P/100* | a>x | a>x
  ${at + 0.22} > q:P/100* | b>x | b>x
  ${at + 0.225} > r:P/101* | c>x | c>x
  ${at + 0.226} < r:A | x>c | x>c
  ${at + 0.23} < p:A | x>a | x>a
  ${at + 0.24} < q:A | x>b | x>b`;
    const text = `${HEAD}${together(1)}${together(2)}
  3      > q:P/9 | b>x | b>x
  3.001  < q:P/9 | x>b | x>b
  3.002  > p:P/9 | a>x | a>x
  3.003  < p:P/9 | x>a | x>a`;
    const { finding } = await judge(text, 'backlog-drop');
    expect(finding).toMatchObject({ severity: 'note', between: ['p1', 'p2'] });
    expect(finding?.confidence).toBeLessThanOrEqual(0.5);
    expect(finding?.steps).toHaveLength(2);
    expect(finding?.confirm[0].command).toContain('softnet_stat');
  });

  it('is silent where losses come one by one, or in one connection', async () => {
    expect((await judge(`${HEAD}${burst(1)}${burst(3)}`, 'backlog-drop')).result).toBe('healthy');
    expect((await judge(COLLISION, 'backlog-drop')).result).toBe('healthy');
  });
});

describe('foreign-domain-reply-drop', () => {
  const ANSWERED = (seen: string) => `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40001
  srv = 10.1.0.1:80
  oth = 10.1.0.2:80
  time   packet   | left    | right
  0      > S      | cli>srv | cli>srv
  0.001  < SA     | ${seen} | srv>cli
  1.02   > S*     | cli>srv | cli>srv
  1.021  < SA*    | ${seen} | srv>cli
  3.07   > S*     | cli>srv | cli>srv
  3.071  < SA*    | ${seen} | srv>cli
  ${opens('b', 9, 'two>oth', 'two>oth')}`;

  it('is considered where every SYN arrives and every SYN-ACK is lost', async () => {
    const { finding } = await judge(ANSWERED('~'), 'foreign-domain-reply-drop');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4, between: ['p2', 'p1'] });
    expect(finding?.steps[1].frames).toHaveLength(3);
  });

  it('is silent where SYNs are lost, where SYN-ACKs are refused, and where some pass', async () => {
    expect((await judge(STEADY_DROP, 'foreign-domain-reply-drop')).result).toBe('healthy');
    expect((await judge(HALF_UNTRANSLATED, 'foreign-domain-reply-drop')).result).toBe('healthy');
    expect((await judge(ANSWERED('srv>cli'), 'foreign-domain-reply-drop')).result).toBe('healthy');
  });
});

describe('reverse-path-drop', () => {
  const drawn = (extra: string) => `
  cli = 10.0.0.1:40000
  two = 10.0.9.1:40001
  srv = 10.1.0.1:80
  time   packet   | first   | second  | server
  0      > S      | cli>srv | -       | ~
  1.02   > S*     | cli>srv | -       | ~
  3.07   > S*     | cli>srv | -       | ~
  1      > b:S    | -       | two>srv | two>srv
  1.001  < b:SA   | -       | srv>two | srv>two
  1.002  > b:A    | -       | two>srv | two>srv
  5      > b:P/9  | -       | two>srv | two>srv
  5.001  < b:P/9  | -       | srv>two | srv>two${extra}`;

  it('is considered where another interface leads to the same server', async () => {
    const { finding } = await judge(drawn(''), 'reverse-path-drop');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.title).toContain('first drops');
    expect(finding?.steps[0].frames).toHaveLength(3);
  });

  it('is silent where the interface lets others in, and where no other way is seen', async () => {
    const passes = await judge(
      drawn(`
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
  const drawn = (former: string) => `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:41000
  svc = 172.30.0.9:80
  pod = 10.1.0.1:8080
  time   packet   | left    | right
  ${opens('f', 0, `${former}>svc`, `${former}>pod`)}
  0.1    > f:F    | ${former}>svc | ${former}>pod
  0.101  < f:F    | svc>${former} | pod>${former}
  0.102  > f:A    | ${former}>svc | ${former}>pod
  20     > S      | cli>svc | ~
  21.02  > S*     | cli>svc | cli>pod
  21.021 < SA     | svc>cli | pod>cli
  21.022 > A      | cli>svc | cli>pod
  21.03  > P/10   | cli>svc | cli>pod`;

  it('is considered where the ports had been in use shortly before', async () => {
    const { finding } = await judge(drawn('cli'), 'port-reuse-delay');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.summary).toContain('until 19.90 s before');
  });

  it('leaves a lost SYN of fresh ports to path-loss', async () => {
    expect((await judge(drawn('two'), 'port-reuse-delay')).result).toBe('healthy');
    expect((await judge(COLLISION, 'port-reuse-delay')).result).toBe('healthy');
  });
});

describe('timestamp-rejected-syn', () => {
  /** Timestamps of a connection begin with its number: the second (b) has a higher one than the first. */
  const drawn = (answered: boolean) => {
    const answer = (name: string, at: number, port: string) =>
      answered
        ? `
  ${at + 0.001} < ${name}:SA | srv>${port} | srv>${port}
  ${at + 0.002} > ${name}:A  | ${port}>srv | ${port}>srv`
        : '';
    return `
  h1 = 192.0.2.1:40000
  h2 = 192.0.2.1:41000
  h3 = 192.0.2.1:42000
  h4 = 192.0.2.1:43000
  srv = 198.51.100.7:80
  time   packet   | left    | right
  5      > z:S    | h3>srv | h3>srv${answer('z', 5, 'h3')}
  1      > b:S    | h1>srv | h1>srv
  1.001  < b:SA   | srv>h1 | srv>h1
  1.002  > b:A    | h1>srv | h1>srv
  2      > c:S    | h2>srv | h2>srv
  2.001  < c:SA   | srv>h2 | srv>h2
  2.002  > c:A    | h2>srv | h2>srv
  6.02   > z:S*   | h3>srv | h3>srv
  8.07   > z:S*   | h3>srv | h3>srv
  9      > c:P/9  | h2>srv | h2>srv
  9.001  < c:P/9  | srv>h2 | srv>h2`;
  };

  it('is considered where those with falling timestamps alone are not answered', async () => {
    const { finding } = await judge(drawn(false), 'timestamp-rejected-syn');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(finding?.summary).toContain('3 SYNs of 192.0.2.1 reach 198.51.100.7:80');
  });

  it('is silent where one of them is answered, and where SYNs are lost before the server', async () => {
    expect((await judge(drawn(true), 'timestamp-rejected-syn')).result).toBe('healthy');
    expect((await judge(STEADY_DROP, 'timestamp-rejected-syn')).result).toBe('healthy');
  });
});

describe('recycled-endpoint', () => {
  const drawn = (other: string, answeredAt: number) => `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:41000
  svc = 172.30.0.9:80
  gone = 10.1.0.1:8080
  here = 10.1.0.2:8080
  time   packet   | left    | right
  0      > S      | cli>svc | cli>gone
  1.02   > S*     | cli>svc | cli>gone
  3.07   > S*     | cli>svc | cli>gone
  ${answeredAt}     > S*     | cli>svc | cli>gone
  ${answeredAt}.001 < SA     | svc>cli | gone>cli
  ${answeredAt}.002 > A      | cli>svc | cli>gone
  ${answeredAt}.003 > P/40   | cli>svc | cli>gone
  ${answeredAt}.004 < P/90   | svc>cli | gone>cli
  ${opens('b', 2, 'two>svc', `two>${other}`)}`;

  it('is considered where an endpoint answers that nobody else is led to any more', async () => {
    const { finding } = await judge(drawn('here', 63), 'recycled-endpoint');
    expect(finding).toMatchObject({ severity: 'note', confidence: 0.4 });
    expect(finding?.title).toBe('Consider: 10.1.0.1:8080 is not who 172.30.0.9:80 meant');
  });

  it('is silent where others are led there, too, or it answers soon', async () => {
    expect((await judge(drawn('gone', 63), 'recycled-endpoint')).result).toBe('healthy');
    expect((await judge(drawn('here', 7), 'recycled-endpoint')).result).toBe('healthy');
    expect((await judge(COLLISION, 'recycled-endpoint')).result).toBe('healthy');
  });
});

describe('hairpin-drop and load-balancer-hairpin', () => {
  const drawn = (behind: string, answer: string) => `
  pod = 10.0.0.1:40000
  self = 10.0.0.1:8080
  node = 192.0.2.1:50000
  nodesvc = 192.0.2.1:30080
  svc = 172.30.0.9:80
  time   packet   | left    | bridge
  0      > S      | pod>svc | pod>svc ${behind}
  1.02   > S*     | pod>svc | pod>svc ${behind}${answer}`;

  it('are told apart by whose address the packet carries', async () => {
    const own = await judge(drawn('pod>self', ''), 'hairpin-drop');
    expect(own.finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(own.noted).not.toContain('load-balancer-hairpin');
    const foreign = await judge(drawn('node>nodesvc', ''), 'load-balancer-hairpin');
    expect(foreign.finding).toMatchObject({ severity: 'note', confidence: 0.5 });
    expect(foreign.noted).not.toContain('hairpin-drop');
  });

  it('are silent where the hairpin works, and where nothing is led back', async () => {
    const works = await judge(
      drawn(
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

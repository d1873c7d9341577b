// Drawings of connections that do not open, or open late: of the rules that judge openings, each with what varies between fault and health.

/** A connection that opens at `at`, and its two ends as they are seen left and right. */
export const opens = (name: string, at: number, left: string, right: string): string => {
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
export const lost = (name: string, at: number, left: string): string => `
  ${at}     > ${name}:S    | ${left} | ~
  ${at + 1.02}  > ${name}:S*   | ${left} | ~
  ${at + 3.07}  > ${name}:S*   | ${left} | ~`;

export const TABLE_BEFORE = `
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
export const TABLE_CARRIES_ON = `
  11     > o:P/70 | old>x | old>x
  11.001 < o:P/80 | x>old | x>old
  20     > o:P/70 | old>x | old>x
  20.001 < o:P/80 | x>old | x>old`;
export const TABLE_FULL = `${TABLE_BEFORE}
  ${lost('p', 10, 'a1>x')}${lost('q', 10.1, 'a2>y')}${lost('r', 10.2, 'b1>x')}
  ${lost('s', 10.3, 'b2>y')}${lost('t', 10.4, 'c1>x')}${lost('u', 10.5, 'c2>y')}`;

export const portsExhausted = (meanwhile: string) => `
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

export const answersDropped = (seen: string) => `
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

export const firstDrops = (extra: string) => `
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

export const portReused = (former: string) => `
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

/** Timestamps of a connection begin with its number: the second (b) has a higher one than the first. */
export const fallingTimestamps = (answered: boolean) => {
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

export const recycled = (other: string, answeredAt: number) => `
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

export const hairpin = (behind: string, answer: string) => `
  pod = 10.0.0.1:40000
  self = 10.0.0.1:8080
  node = 192.0.2.1:50000
  nodesvc = 192.0.2.1:30080
  svc = 172.30.0.9:80
  time   packet   | left    | bridge
  0      > S      | pod>svc | pod>svc ${behind}
  1.02   > S*     | pod>svc | pod>svc ${behind}${answer}`;

export const queueFull = (data: string, seen: string) => `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time   packet  | left    | right
  0      > S     | cli>srv | cli>srv
  0.0002 < SA    | srv>cli | srv>cli
  0.0004 > A     | cli>srv | cli>srv
  0.001  > ${data} | cli>srv | ${seen}
  1.001  < SA*   | srv>cli | srv>cli
  3.001  < SA*   | srv>cli | srv>cli`;

export const newPod = (openedAt: number) => `
  one = 10.128.2.10:36440
  two = 10.128.2.10:41002
  oth = 10.128.2.11:50100
  pod = 10.128.2.6:9443
  time     packet  | left    | right
  1        > c:S   | oth>pod | oth>pod
  1.0005   < c:SA  | pod>oth | pod>oth
  1.0008   > c:A   | oth>pod | oth>pod
  20       > c:P/9 | oth>pod | oth>pod
  20.001   < c:P/9 | pod>oth | pod>oth
  10       > S     | one>pod | ~
  11.02    > S*    | one>pod | ~
  13.06    > S*    | one>pod | ~
  17.2     > S*    | one>pod | ~
  ${openedAt}       > b:S   | two>pod | two>pod
  ${openedAt}.0005  < b:SA  | pod>two | pod>two
  ${openedAt}.0008  > b:A   | two>pod | two>pod
  ${openedAt}.001   > b:P/9 | two>pod | two>pod
  ${openedAt}.002   < b:P/9 | pod>two | pod>two`;

export const RACE_ENDS = `
  one = 10.0.0.1:40000
  two = 10.0.0.2:41000
  nat = 192.0.2.1:50000
  na2 = 192.0.2.1:50001
  srv = 198.51.100.9:443
  time   packet | left    | right`;

export const RACE_FIRST = `
  0      > S     | one>srv | nat>srv
  0.0002 < SA    | srv>one | srv>nat
  0.0004 > A     | one>srv | nat>srv`;

export const RACE_RETRY = `
  1.02   > b:S*  | two>srv | na2>srv
  1.0202 < b:SA  | srv>two | srv>na2
  1.0204 > b:A   | two>srv | na2>srv`;

export const OLD_SOCKET = `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time   packet   | left    | right`;

/** A SYN that meets an old socket: its challenge ACK, the reset, and the SYN again. */
export const CHALLENGED = `${OLD_SOCKET}
  0      > S      | cli>srv | cli>srv
  0.0002 < A seq=7000 ack=555000 | srv>cli | srv>cli
  0.0004 > R seq=555000 | cli>srv | cli>srv
  1      > S*     | cli>srv | cli>srv
  1.0002 < SA     | srv>cli | srv>cli
  1.0004 > A      | cli>srv | cli>srv`;

/** A service, its pod, and two client ports. */
export const SERVICE_ENDS = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  svc = 10.96.0.1:443
  pod = 10.0.0.2:8443
  time   packet | left    | right`;

export const REFUSED = `${SERVICE_ENDS}
  0      > S    | cli>svc | cli>pod
  0.0002 < RA   | svc>cli | pod>cli
  2      > b:S  | two>svc | two>pod
  2.0002 < b:RA | svc>two | pod>two`;

/** The server hangs up after the handshake. */
export const HANGS_UP = `${SERVICE_ENDS}
  0      > S    | cli>svc | cli>pod
  0.0002 < SA   | svc>cli | pod>cli
  0.0004 > A    | cli>svc | cli>pod
  0.1    < RA   | svc>cli | pod>cli`;

/** UNTRANSLATED's bridge in health: what it passes on to the client it has translated back. */
export const BRIDGED = `
  web = [fd00:10:244::11]:44252
  svc = [fd00:10:96::7]:80
  api = [fd00:10:244::17]:8080
  time    packet | left    | bridge          | right
  0       > S    | web>svc | web>svc web>api | web>api
  0.0002  < SA   | svc>web | api>web svc>web | api>web
  0.0004  > A    | web>svc | web>svc web>api | web>api
  0.0006  > P/50 | web>svc | web>svc web>api | web>api
  0.001   < P/90 | svc>web | api>web svc>web | api>web`;

// Drawings of connections that were open: lost segments and FINs, silences, strays, slow answers; each with what varies between fault and health.
import { opens } from './openings';

export const OPENED = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  srv = 10.0.0.2:8443
  time   packet   | left    | mid     | right
  0      > S      | cli>srv | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv | cli>srv
  0.1    > P/40   | cli>srv | cli>srv | cli>srv
  0.1004 < P/300  | srv>cli | srv>cli | srv>cli
  0.1006 > A      | cli>srv | cli>srv | cli>srv`;

/** The same seen at two points, and nothing said yet. */
export const OPENED_AT_TWO = `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time   packet   | left    | right
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv`;

export const largeLost = (small: string) => `${OPENED}
  0.2    > P/300  | cli>srv | cli>srv | cli>srv
  0.2002 < A      | srv>cli | srv>cli | srv>cli
  0.3    > P/1398 | cli>srv | cli>srv | ~
  0.31   < P/60   | srv>cli | srv>cli | srv>cli
  0.311  > A      | cli>srv | cli>srv | ${small}
  0.5    > P/1398* | cli>srv | cli>srv | ~
  0.9    > P/1398* | cli>srv | cli>srv | ~
  1.7    > P/1398* | cli>srv | cli>srv | ~
  9      > b:S    | two>srv | two>srv | two>srv
  9.0002 < b:SA   | srv>two | srv>two | srv>two
  9.0004 > b:A    | two>srv | two>srv | two>srv`;

export const strayReply = (stray: string, reset: string) => `
  cli = 10.0.0.1:40000
  svc = 172.30.0.9:80
  pod = 10.0.0.2:8080
  time   packet   | left    | right
  0      > S      | cli>svc | cli>pod
  0.0002 < SA     | svc>cli | pod>cli
  0.0004 > A      | cli>svc | cli>pod
  0.1    > P/40   | cli>svc | cli>pod
  0.1004 < P/900  | svc>cli | pod>cli
  0.1006 > A      | cli>svc | cli>pod
  0.2    < P/901  | ${stray} | pod>cli
  0.2001 > R      | ${reset}`;

export const strayRequest = (behind: string, reset: string) => `
  cli = 10.0.0.1:40000
  svc = 172.30.0.9:80
  pod = 10.0.0.2:8080
  time   packet   | left    | tun             | right
  0      > S      | cli>svc | cli>svc cli>pod | cli>pod
  0.0002 < SA     | svc>cli | pod>cli svc>cli | pod>cli
  0.0004 > A      | cli>svc | cli>svc cli>pod | cli>pod
  0.1    > P/40   | cli>svc | cli>svc cli>pod | cli>pod
  0.1004 < P/900  | svc>cli | pod>cli svc>cli | pod>cli
  0.1006 > A      | cli>svc | cli>svc cli>pod | cli>pod
  0.2    > P/41   | cli>svc | ${behind}
  0.2001 < R      | ${reset}`;

export const CLOSING_ENDS = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40002
  srv = 10.0.0.2:8443
  time   packet   | left    | right`;

export const CLOSING = `${CLOSING_ENDS}
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv
  0.1    > P/40   | cli>srv | cli>srv
  0.1004 < P/900  | srv>cli | srv>cli
  0.1006 > A      | cli>srv | cli>srv`;

export const FINS_LOST = `${CLOSING}
  1      > F      | cli>srv | ~
  1.2    > F*     | cli>srv | ~
  1.6    > F*     | cli>srv | ~
  2      > b:S    | two>srv | two>srv
  2.0002 < b:SA   | srv>two | srv>two
  2.0004 > b:A    | two>srv | two>srv
  3      > b:P/10 | two>srv | two>srv`;

export const lateFin = (fin: string, at: number) => `
  pod = 10.1.0.9:40000
  nat = 192.0.2.1:61000
  srv = 198.51.100.7:443
  time   packet   | left    | right
  0      > S      | pod>srv | nat>srv
  0.0002 < SA     | srv>pod | srv>nat
  0.0004 > A      | pod>srv | nat>srv
  0.1    > P/40   | pod>srv | nat>srv
  0.1004 < P/900  | srv>pod | srv>nat
  0.1006 > A      | pod>srv | nat>srv
  1      < F      | srv>pod | srv>nat
  1.0002 > A      | pod>srv | nat>srv
  ${at}  > F      | pod>srv | ${fin}`;

export const LOSSY_ENDS = `
  cli = 10.1.0.10:40000
  two = 10.1.0.10:40002
  srv = 10.1.0.20:8443`;

/** A handshake and an answered request, from second `at` on. */
export const answered = (name: string, tuple: string, back: string, at: number): string => `
  ${at}        > ${name}:S     | ${tuple} | ${tuple}
  ${at + 0.001} < ${name}:SA   | ${back}  | ${back}
  ${at + 0.002} > ${name}:A    | ${tuple} | ${tuple}
  ${at + 0.003} > ${name}:P/99 | ${tuple} | ${tuple}
  ${at + 0.004} < ${name}:P/99 | ${back}  | ${back}`;

export const LOSSY_LANES = `
  time packet | left | right`;

/** One segment lost, and sent again after so many seconds. */
export const lossy = (delay: number): string => `${LOSSY_ENDS}${LOSSY_LANES}
${answered('a', 'cli>srv', 'srv>cli', 0)}
  0.5          > a:P/700  | cli>srv | ~
  ${0.5 + delay}  > a:P/700* | cli>srv | cli>srv
  ${0.501 + delay} < a:A     | srv>cli | srv>cli
${answered('b', 'two>srv', 'srv>two', 5)}`;

export const answeredAfter = (waits: readonly number[]) => `${OPENED_AT_TWO}
${waits
  .map(
    (wait, n) => `  ${n * 10 + 1}    > P/${40 + n}  | cli>srv | cli>srv
${n * 10 + 1.001 + wait} < P/300 | srv>cli | srv>cli
${n * 10 + 1.002 + wait} > A     | cli>srv | cli>srv`,
  )
  .join('\n')}`;

export const BURST_BEFORE = `
  a = 10.0.0.1:40000
  b = 10.0.0.2:40000
  c = 10.0.0.3:40000
  x = 10.1.0.1:80
  time   packet   | left    | right
  ${opens('p', 0, 'a>x', 'a>x')}${opens('q', 0.01, 'b>x', 'b>x')}${opens('r', 0.02, 'c>x', 'c>x')}`;
export const burstDrop = (name: string, at: number, from: string) => `
  ${at}   > ${name}:P/100  | ${from}>x | ~
  ${at + 0.25} > ${name}:P/100* | ${from}>x | ${from}>x
  ${at + 0.251} < ${name}:A | x>${from} | x>${from}`;
export const burst = (at: number) =>
  `${burstDrop('p', at, 'a')}${burstDrop('q', at + 0.001, 'b')}${burstDrop('p', at + 0.5, 'a')}`;

/** Three connections lose a packet each in the same moment, twice. */
export const BURSTS = `${BURST_BEFORE}${[1, 2]
  .map(
    (at) => `
  ${at}     > p:P/100  | a>x | ~
  ${at + 0.001} > q:P/100  | b>x | ~
  ${at + 0.002} > r:P/101  | c>x | ~
  ${at + 0.21} > p:P/100* | a>x | a>x
  ${at + 0.22} > q:P/100* | b>x | b>x
  ${at + 0.225} > r:P/101* | c>x | c>x
  ${at + 0.226} < r:A | x>c | x>c
  ${at + 0.23} < p:A | x>a | x>a
  ${at + 0.24} < q:A | x>b | x>b`,
  )
  .join('')}
  3      > q:P/9 | b>x | b>x
  3.001  < q:P/9 | x>b | x>b
  3.002  > p:P/9 | a>x | a>x
  3.003  < p:P/9 | x>a | x>a`;

/** A FIN that arrives on its second try. */
export const FIN_ARRIVES = `${CLOSING}
  1      > F      | cli>srv | ~
  1.2    > F*     | cli>srv | cli>srv
  1.2002 < F      | srv>cli | srv>cli
  1.2004 > A      | cli>srv | cli>srv
  4      > b:S    | two>srv | two>srv
  4.0002 < b:SA   | srv>two | srv>two`;

/** A large segment that arrives on its fourth try, where others of its size pass. */
export const LARGE_PASSES = `${OPENED}
  0.2    > P/1398 | cli>srv | cli>srv | cli>srv
  0.2002 < A      | srv>cli | srv>cli | srv>cli
  0.3    > P/1398 | cli>srv | cli>srv | ~
  0.31   < P/60   | srv>cli | srv>cli | srv>cli
  0.311  > A      | cli>srv | cli>srv | cli>srv
  0.5    > P/1398* | cli>srv | cli>srv | ~
  0.9    > P/1398* | cli>srv | cli>srv | ~
  1.7    > P/1398* | cli>srv | cli>srv | cli>srv
  1.7002 < A      | srv>cli | srv>cli | srv>cli`;

/** A segment after a silence, and what comes of it. */
export const afterSilence = (behind: string, answer: string): string => `${OPENED}
  400    > P/40   | cli>srv | cli>srv | ${behind}
  400.001 < ${answer}`;

// What hops translate as a whole, and where the replies are not the inverse.
import { expect, it } from 'vitest';
import { runToEnd } from '../correlate/correlate';
import { describeRewrite, mapTranslations } from '../model/hop-translations';
import { analyseTextArt } from '../testing/analyse-text-art';
import { HALF_HEALTHY, HALF_UNTRANSLATED } from '../testing/cases';

const read = async (drawing: string) => {
  const { analysis, diagnosis } = await analyseTextArt(drawing);
  return {
    lines: runToEnd(mapTranslations(analysis)).flatMap(({ direction, from, to, rewrites }) =>
      rewrites.map((rewrite) => `${direction} ${from} → ${to} ${describeRewrite(rewrite)}`),
    ),
    reason: diagnosis.rules.find(({ rule }) => rule === 'untranslated-reply')?.reason,
  };
};

it('are inverse where replies come back whole', async () => {
  const { lines, reason } = await read(HALF_HEALTHY);
  expect(lines).toEqual([
    'forward p3 → p3/2 SNAT 10.128.3.202: 1 connection, ports changed; undone in the replies',
    'forward p3 → p3/2 DNAT 172.30.249.115:9443 → 10.128.3.214:9443: 1 connection; undone in the replies',
    'reverse p2 → p1 un-SNAT 10.128.3.202: 1 connection, ports changed',
    'reverse p2 → p1 un-DNAT 10.128.3.214:9443 → 172.30.249.115:9443: 1 connection',
  ]);
  expect(reason).toContain('2 translations on the way there: 2 undone in the replies');
});

it('are not where one of two is left: the port is restored, the address is not', async () => {
  const { lines } = await read(HALF_UNTRANSLATED);
  expect(lines.filter((line) => line.startsWith('forward'))).toEqual([
    expect.stringMatching(/ SNAT .*; undone in the replies$/),
    expect.stringMatching(
      / DNAT .*: 1 connection; NOT undone: replies come to the client under another name$/,
    ),
  ]);
  expect(lines.filter((line) => line.startsWith('reverse'))).toEqual([
    'reverse p2 → p1 un-SNAT 10.128.3.202: 1 connection, ports changed',
  ]);
});

it('are told by hop over all connections, and whose replies were not seen', async () => {
  const ends = `
  a = 10.1.0.1:40000
  b = 10.1.0.1:40001
  c = 10.1.0.2:40002
  m = 192.0.2.9:40000
  n = 192.0.2.9:61001
  o = 192.0.2.9:61002
  x = 198.51.100.7:443
  time  packet | left | right`;
  const opening = (name: string, at: number, from: string, as: string) => `
  ${at}       > ${name}:S  | ${from}>x | ${as}>x
  ${at}.0002  < ${name}:SA | x>${from} | x>${as}
  ${at}.0004  > ${name}:A  | ${from}>x | ${as}>x`;
  const { lines } = await read(
    `${ends}${opening('p', 1, 'a', 'm')}${opening('q', 2, 'b', 'n')}
  3       > r:S  | c>x | o>x`,
  );
  expect(lines).toEqual([
    'forward p1 → p2 SNAT 10.1.0.1 → 192.0.2.9: 2 connections, 1 with their port kept; undone in the replies',
    'forward p1 → p2 SNAT 10.1.0.2 → 192.0.2.9: 1 connection, ports changed; no reply seen',
    'reverse p2 → p1 un-SNAT 192.0.2.9 → 10.1.0.1: 2 connections, 1 with their port kept',
  ]);
});

it('says nothing of those that might be broken and are too many to be looked at', async () => {
  const numbers = Array.from({ length: 503 }, (_, n) => n);
  const { lines } = await read(`
${numbers.map((n) => `  a${n} = 10.1.0.1:${20_000 + n}`).join('\n')}
  v = 172.30.0.9:80
  x = 10.1.0.9:8080
  time  packet | left | right
${numbers
  .map(
    (n) => `  ${n}.1  > c${n}:S  | a${n}>v | a${n}>x
  ${n}.2  < c${n}:SA | x>a${n} | x>a${n}
  ${n}.3  > c${n}:R  | a${n}>x | a${n}>x`,
  )
  .join('\n')}`);
  expect(lines.filter((line) => line.startsWith('forward'))).toEqual([
    'forward p1 → p2 DNAT 172.30.0.9:80 → 10.1.0.9:8080: 503 connections; 500 NOT undone: replies come to the client under another name; 3 not looked at',
  ]);
});

// Both sides of a proxy: offered with their grounds, and nothing else offered.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { textArtSources } from '../../testing/text-art';

const ENDS = `
  cli = 10.0.0.1:40000
  prx = 10.0.0.5:80
  out = 10.0.0.5:51000
  srv = 10.0.0.9:8080
  oth = 10.0.0.7:52000
  thr = 10.0.0.5:53000
  time      packet |  front    | proxy
`;
const EXCHANGE = `
  0.000  > a:S      |  cli>prx  | cli>prx
  0.001  < a:SA     |  prx>cli  | prx>cli
  0.002  > a:A      |  cli>prx  | cli>prx
  0.003  > a:P/100  |  cli>prx  | cli>prx
  0.004  > b:S      |  -        | out>srv
  0.005  < b:SA     |  -        | srv>out
  0.006  > b:A      |  -        | out>srv
  0.007  > b:P/100  |  -        | out>srv
  0.008  < b:P/1300 |  -        | srv>out
  0.009  < a:P/1300 |  prx>cli  | prx>cli
  0.010  > a:F      |  cli>prx  | cli>prx
  0.011  < a:F      |  prx>cli  | prx>cli
  0.012  > b:F      |  -        | out>srv
  0.013  < b:F      |  -        | srv>out
`;

async function offers(...parts: readonly string[]): Promise<Record<string, string[]>> {
  const { analysis } = await analyseSources(textArtSources([ENDS, ...parts].join('\n')));
  return Object.fromEntries(
    analysis.connections.map(({ client }, position) => [
      client,
      analysis.continuations
        .of(position)
        .map((one) => `${one.side} ${one.client} ${one.grounds.length}`),
    ]),
  );
}

describe('possibly continues as', () => {
  it('the connection that the proxy opened: address, times, contents, byte counts', async () => {
    expect(await offers(EXCHANGE)).toEqual({
      '10.0.0.1:40000': ['behind 10.0.0.5:51000 5'],
      '10.0.0.5:51000': ['before 10.0.0.1:40000 5'],
    });
  });

  it('with TLS on one side: by address and times, where one connection alone fits', async () => {
    const tls = EXCHANGE.replace('b:P/100 ', 'b:P/217 ').replace('b:P/1300', 'b:P/1400');
    const found = await offers(tls.replaceAll('/217', '/11').replaceAll('b:P/1400', 'b:P/10'));
    expect(found['10.0.0.1:40000']).toEqual(['behind 10.0.0.5:51000 3']);
    const another = `
  0.0041 > c:S      |  -        | thr>srv
  0.0051 < c:SA     |  -        | srv>thr
  0.0061 > c:A      |  -        | thr>srv
  0.0121 > c:F      |  -        | thr>srv
  0.0131 < c:F      |  -        | srv>thr
    `;
    const two = await offers(
      tls.replaceAll('/217', '/11').replaceAll('b:P/1400', 'b:P/10'),
      another,
    );
    expect(two['10.0.0.1:40000']).toEqual([]);
  });

  it('by contents and byte counts, where nothing bounds the clocks of the captures', async () => {
    const apart = EXCHANGE.replaceAll('| cli>prx\n', '| -\n').replaceAll('| prx>cli\n', '| -\n');
    expect((await offers(apart))['10.0.0.1:40000']).toEqual(['behind 10.0.0.5:51000 3']);
  });

  it('not a connection of another client, though it carries the same at the same time', async () => {
    const found = await offers(EXCHANGE.replaceAll('out', 'oth'));
    expect(Object.values(found)).toEqual([[], []]);
  });

  it('not one that was opened before, or after the end', async () => {
    const earlier = EXCHANGE.split('\n').map((line) =>
      line.includes('b:') ? line.replace('0.0', '9.0') : line,
    );
    const found = await offers(...earlier);
    expect(Object.values(found)).toEqual([[], []]);
  });

  it('nothing where no address links them', async () => {
    const found = await offers(`
  0      > a:S      |  cli>prx  | cli>prx
  0.001  < a:SA     |  prx>cli  | prx>cli
  0.002  > a:A      |  cli>prx  | cli>prx
  0.003  > a:P/100  |  cli>prx  | cli>prx
    `);
    expect(found).toEqual({ '10.0.0.1:40000': [] });
  });
});

// Who closed a connection, and where that was seen first.
import { expect, it } from 'vitest';
import { closedBy, closeWords, describeClosing } from '../../model/closing';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { HALF_UNTRANSLATED } from '../../testing/cases';
import { OPENED } from '../../testing/rule-cases/established';

/** Another connection runs on: captures that go on show what they did not see. */
const AFTERWARDS = `
  9      > b:S   | two>srv | two>srv | two>srv
  9.0002 < b:SA  | srv>two | srv>two | srv>two
  9.0004 > b:A   | two>srv | two>srv | two>srv`;

const read = async (end: string) => {
  const { analysis } = await analyseTextArt(`${OPENED}${end}${AFTERWARDS}`);
  const connection = analysis.connections[0];
  const names = new Map(analysis.points.map(({ id, name }) => [id, name]));
  return {
    words: closeWords(connection),
    by: closedBy(connection),
    text: describeClosing(connection, (stop) => names.get(stop) ?? stop),
    closing: connection.closing,
  };
};

it('is told of a FIN, by whose came first', async () => {
  const fins = (first: string, second: string) => `
  1      ${first} F  | ${first === '>' ? 'cli>srv | cli>srv | cli>srv' : 'srv>cli | srv>cli | srv>cli'}
  1.001  ${second} F  | ${second === '>' ? 'cli>srv | cli>srv | cli>srv' : 'srv>cli | srv>cli | srv>cli'}`;
  expect(await read(fins('>', '<'))).toMatchObject({
    words: 'fin by client',
    by: 'client',
    text: 'Closed by the client: its FIN came first, seen first at left.',
  });
  expect(await read(fins('<', '>'))).toMatchObject({ by: 'server', closing: { at: 'p3' } });
});

it('is told of a reset: in whose name, whether its own side saw it, and what came before', async () => {
  const own = await read(`
  1      < RA    | srv>cli | srv>cli | srv>cli`);
  expect(own).toMatchObject({ words: 'reset by server', by: 'server', closing: { at: 'p3' } });
  const between = await read(`
  1      < RA    | srv>cli | srv>cli | -`);
  expect(between).toMatchObject({ words: 'reset between, as server', by: 'between' });
  expect(between.text).toBe(
    'Reset in the server’s name, seen first at mid, not at the point nearest to the server: something on the way may have made it.',
  );
  const after = await read(`
  1      > F     | cli>srv | cli>srv | cli>srv
  1.001  < RA    | srv>cli | srv>cli | srv>cli`);
  expect(after.closing).toMatchObject({ by: 'server', finBefore: 'client', fromSender: true });
});

it('accuses nobody of a reset where the capture at its sender’s side had ended', async () => {
  const { analysis } = await analyseTextArt(`${OPENED}
  1      < RA    | srv>cli | srv>cli | -`);
  expect(closedBy(analysis.connections[0])).toBe('server');
});

it('is told of what was not closed', async () => {
  expect(await read('')).toMatchObject({ words: 'open', by: undefined });
  expect(
    await read(`
  1      > F     | cli>srv | cli>srv | cli>srv`),
  ).toMatchObject({ words: 'open, fin by client alone', by: undefined });
  expect(
    await read(`
  1      < P/80  | srv>cli | srv>cli | srv>cli
  1.2    < P/80* | ~       | srv>cli | srv>cli
  1.6    < P/80* | ~       | srv>cli | srv>cli
  2.4    < P/80* | ~       | srv>cli | srv>cli`),
  ).toMatchObject({ words: 'timeout, server unanswered', closing: { by: 'server', at: 'p3' } });
});

it('is told of a handshake that fails by the client’s SYNs, though the server repeats its answer', async () => {
  const { analysis } = await analyseTextArt(HALF_UNTRANSLATED);
  expect(closeWords(analysis.connections[0])).toBe('timeout, client unanswered');
});

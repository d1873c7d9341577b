import { describe, expect, it } from 'vitest';
import { CaseCopies, type CaseCopy } from './case-copies';

const wanted = (key: number): CaseCopy => ({
  key,
  file: { name: `${key}.pcap` } as File,
  name: `${key}.capture`,
  tables: 10,
});

/** Copies that end when they are told to. */
function open() {
  const log: string[] = [];
  const ends: ((bytes: number | null | 'stopped') => void)[] = [];
  const state = { isReading: false };
  const copies = new CaseCopies(
    () => state.isReading,
    ({ name }) => {
      log.push(`begins ${name}`);
      return new Promise((end) => ends.push(end));
    },
    ({ name }, bytes) => log.push(`${name}: ${bytes}`),
    ({ name }) => log.push(`drops ${name}`),
  );
  const end = async (bytes: number | null | 'stopped') => {
    ends.shift()?.(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { copies, log, state, end };
}

describe('CaseCopies', () => {
  it('holds up no file that waits to be read: copies begin when all are read', async () => {
    const { copies, log, state, end } = open();
    state.isReading = true;
    copies.add(wanted(1));
    copies.add(wanted(2));
    expect(log).toEqual([]);
    state.isReading = false;
    void copies.goOn();
    void copies.goOn();
    expect(log).toEqual(['begins 1.capture']);
    state.isReading = true;
    await end(5);
    expect(log).toEqual(['begins 1.capture', '1.capture: 5']);
    state.isReading = false;
    void copies.goOn();
    await end(null);
    expect(log.slice(2)).toEqual(['begins 2.capture', '2.capture: null']);
  });

  it('begins anew what was stopped with the worker that copied it', async () => {
    const { copies, log, end } = open();
    copies.add(wanted(1));
    await end('stopped');
    await end(5);
    expect(log).toEqual(['begins 1.capture', 'begins 1.capture', '1.capture: 5']);
  });

  it('copies nothing of a capture that was removed, and drops what is there', async () => {
    const { copies, log, end } = open();
    for (const key of [1, 2, 3]) copies.add(wanted(key));
    copies.forget(2);
    copies.forget(1);
    await end(5);
    await end(7);
    expect(log).toEqual([
      'begins 1.capture',
      'begins 3.capture',
      'drops 1.capture',
      '3.capture: 7',
    ]);
  });

  it('ends with the case', async () => {
    const { copies, log, end } = open();
    copies.add(wanted(1));
    copies.add(wanted(2));
    copies.close();
    await end('stopped');
    expect(log).toEqual(['begins 1.capture', 'drops 1.capture']);
  });
});

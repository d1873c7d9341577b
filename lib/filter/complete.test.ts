import { expect, it } from 'vitest';
import { completeFilter } from './complete';

/** The options for the text with the cursor at `|`. */
const complete = (marked: string) => {
  const cursor = marked.indexOf('|');
  const { start, end, options } = completeFilter(marked.replace('|', ''), cursor);
  return {
    place: marked.replace('|', '').slice(start, end),
    options: options.map(({ text }) => text),
  };
};

it('offers fields by their beginning, then by what they hold', () => {
  const { place, options } = complete('ip.addr == 10.0.0.1 && tcp.fl|');
  expect(place).toBe('tcp.fl');
  expect(options[0]).toBe('tcp.flags');
  expect(complete('ttl|').options).toContain('ip.ttl');
});

it('offers the values that a field chooses among', () => {
  expect(complete('journey.fate == |').options).toEqual(['unknown', 'delivered', 'lost', 'missed']);
  expect(complete('journey.fate == lo| && tcp').options).toEqual(['lost']);
});

it('offers operators behind a field that has a value', () => {
  expect(complete('tcp.port |').options).toContain('==');
  expect(complete('tcp.port |').options).not.toContain('contains');
  expect(complete('point |').options).toContain('contains');
  expect(complete('hop.lost |').options).toEqual([]);
});

it('offers nothing where nothing is begun', () => {
  expect(complete('|').options).toEqual([]);
  expect(complete('tcp.port == |').options).toEqual([]);
});

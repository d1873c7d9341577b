// What the inspector names can be filtered: every field of every frame of the edge captures is known to the filter, and found in that frame.
import { describe, expect, it } from 'vitest';
import { UNREAD_YET, YES } from '../filter/compile';
import { compileFilter, FILTER_FIELDS } from '../filter/filter';
import { applyQuickFilter, filtersOfField } from '../filter/quick-filters';
import type { ProtocolField } from '../model/protocol-tree';
import { memorySource } from '../read/byte-source';
import { edgeCaptures } from '../testing/edge-captures';
import { decodeTree } from '../wire/decode-tree';
import { analyseSources } from './analyse';
import { SubjectReader } from './filter-subject';
import { FrameReader } from './frame-reader';

/** Names that the filter does not have, each with its reason. */
const UNKNOWN: readonly RegExp[] = [
  // Of 64 bits, which the filter's numbers cannot tell apart.
  /^tcp\.options\.mptcp\.(sendkey|recvkey|rawdata\w+|\w*trunchmac)$/,
];

/** Fields of which the filter asks the innermost layer, or a whole SYN: elsewhere in the frame the inspector shows them too. */
const OF_COLUMNS = new Set(
  FILTER_FIELDS.filter(({ label }) => !label.endsWith('(reads the files)')).map(({ name }) => name),
);

const names = (fields: readonly ProtocolField[]): ProtocolField[] =>
  fields.flatMap((field) => [field, ...names(field.children ?? [])]);

const KNOWN = new Set(FILTER_FIELDS.map(({ name }) => name));

describe.each(edgeCaptures().filter(({ name }) => name !== 'cut' && name !== 'sections'))(
  '$name',
  ({ name, bytes }) => {
    it('every field that the inspector shows is found by its name, and by its value where that is offered', async () => {
      const source = memorySource(bytes, `${name}.pcap`);
      const { analysis, diagnosis } = await analyseSources([source]);
      const { journeys, input } = analysis.correlation;
      const reader = new SubjectReader(analysis, diagnosis);
      const frames = new FrameReader(source.name, source);
      const read = new Map<number, readonly [Uint8Array, number, number]>();
      await frames.readMany(
        Array.from({ length: input.totalRows }, (_, row) => row),
        analysis.captures[0].summary.interfaces,
        (row, own, linkType, wireLength) => read.set(row, [own, linkType, wireLength]),
        new AbortController().signal,
      );
      const missing = new Set<string>();
      const asked = new Set<string>();
      for (let journey = 0; journey < journeys.count; journey += 1) {
        const { row } = reader.place(journey, 0);
        const [own, linkType, wireLength] = read.get(row)!;
        for (const field of decodeTree(own, linkType, wireLength).flatMap(({ fields }) =>
          names(fields),
        )) {
          if (field.name === '' || UNKNOWN.some((one) => one.test(field.name))) continue;
          if (!KNOWN.has(field.name)) missing.add(`${field.name}: no such field`);
          else if (!OF_COLUMNS.has(field.name))
            for (const filter of [field.name, ...filtersOfField(field.name, field.value)]) {
              if (asked.has(filter)) continue;
              asked.add(filter);
              reader.place(journey, 0);
              const compiled = compileFilter(applyQuickFilter('', filter, 'only'), input.baseTime);
              if (!compiled.ok) throw new Error(`${filter}: ${compiled.error.text}`);
              let answer = compiled.value(reader.subject);
              if (answer === UNREAD_YET) {
                reader.takeBytes(own, linkType, wireLength);
                answer = compiled.value(reader.subject);
              }
              if (answer !== YES) missing.add(`${filter}: not found in frame ${row + 1}`);
            }
        }
      }
      expect([...missing]).toEqual([]);
      expect(asked.size).toBeGreaterThan(0);
    });
  },
);

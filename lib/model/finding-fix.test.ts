import { describe, expect, it } from 'vitest';
import { fixLines, fixSteps } from './finding-fix';

const FIX =
  'Update to 4.7.1.\nUntil then: `ovs-vsctl set x`. It happens less often.\nTo undo: `ovs-vsctl clear x`';

describe('a fix', () => {
  it('is a step a line, with its commands apart', () => {
    expect(fixSteps(FIX)).toEqual([
      [{ kind: 'text', text: 'Update to 4.7.1.' }],
      [
        { kind: 'text', text: 'Until then:' },
        { kind: 'command', text: 'ovs-vsctl set x' },
        { kind: 'text', text: 'It happens less often.' },
      ],
      [
        { kind: 'text', text: 'To undo:' },
        { kind: 'command', text: 'ovs-vsctl clear x' },
      ],
    ]);
  });

  it('may be none', () => {
    expect(fixSteps(null)).toEqual([]);
  });

  it('is written as numbered lines', () => {
    expect(
      fixLines(
        FIX,
        (text) => text,
        (command) => `    ${command}`,
      ),
    ).toEqual([
      '1. Update to 4.7.1.',
      '2. Until then:',
      '    ovs-vsctl set x',
      '   It happens less often.',
      '3. To undo:',
      '    ovs-vsctl clear x',
    ]);
  });
});

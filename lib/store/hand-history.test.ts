import { describe, expect, it } from 'vitest';
import { NO_CORRECTIONS, nudgeClock } from '../model/corrections';
import { type HandState, NO_HISTORY, recordChange, redoChange, undoChange } from './hand-history';

const START: HandState = {
  takenOut: [],
  points: [],
  lanes: { order: [], hidden: [], names: {} },
  corrections: NO_CORRECTIONS,
  notes: [],
  title: 'Untitled case',
  preface: '',
};
const named = (name: string): HandState => ({
  ...START,
  lanes: { ...START.lanes, names: { p1: name } },
});
const hidden: HandState = { ...START, lanes: { ...START.lanes, hidden: ['p2'] } };
const nudged: HandState = { ...START, corrections: nudgeClock(NO_CORRECTIONS, 'ff', 50) };

describe('undo and redo by hand', () => {
  it('goes back change by change, and forth again', () => {
    const one = recordChange(NO_HISTORY, START, hidden);
    const two = recordChange(one, hidden, nudged);
    const back = undoChange(two, nudged)!;
    expect(back.state).toBe(hidden);
    const further = undoChange(back.history, back.state)!;
    expect(further.state).toBe(START);
    expect(undoChange(further.history, further.state)).toBeUndefined();
    const forth = redoChange(further.history, further.state)!;
    expect(forth.state).toBe(hidden);
    expect(redoChange(forth.history, forth.state)!.state).toBe(nudged);
  });

  it('takes the letters of one name for one change', () => {
    let history = recordChange(NO_HISTORY, START, named('a'));
    history = recordChange(history, named('a'), named('ab'));
    expect(history.past).toEqual([START]);
    history = recordChange(history, named('ab'), {
      ...named('ab'),
      corrections: nudged.corrections,
    });
    expect(history.past).toHaveLength(2);
  });

  it('takes the letters of a preface for one change, and the case’s name for another', () => {
    const said = (preface: string): HandState => ({ ...START, preface });
    let history = recordChange(NO_HISTORY, START, said('T'));
    history = recordChange(history, said('T'), said('To'));
    expect(history.past).toEqual([START]);
    history = recordChange(history, said('To'), { ...said('To'), title: 'Timeout' });
    expect(undoChange(history, { ...said('To'), title: 'Timeout' })!.state).toEqual(said('To'));
  });

  it('takes the letters of the case’s name for one change, and a note for another', () => {
    const titled = (title: string): HandState => ({ ...START, title });
    let history = recordChange(NO_HISTORY, START, titled('T'));
    history = recordChange(history, titled('T'), titled('Ti'));
    expect(history.past).toEqual([START]);
    const noted: HandState = {
      ...titled('Ti'),
      notes: [{ id: 'n', target: { kind: 'finding', finding: 'f' }, text: 'odd' }],
    };
    history = recordChange(history, titled('Ti'), noted);
    expect(undoChange(history, noted)!.state).toEqual(titled('Ti'));
  });

  it('forgets what was undone once something else is done', () => {
    const back = undoChange(recordChange(NO_HISTORY, START, hidden), hidden)!;
    expect(recordChange(back.history, START, nudged).future).toEqual([]);
  });
});

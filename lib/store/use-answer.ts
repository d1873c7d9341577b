'use client';
// An answer of the engine's as a component needs it: asked again when the question or the tables change, withdrawn when it is no longer wanted.
import { useEffect, useState } from 'react';
import type { QuestionName } from '../engine/protocol';
import type { Answer, Question } from './answer-source';
import { useWorkspace, workspace } from './workspace';

/** What the answer is of: a component that must not show that of an older question compares it with its own. */
export interface AnswerOf<K extends QuestionName> {
  readonly question: Question<K>;
  readonly answer: Answer<K> | null;
}

/** The last answer, kept while the next is computed; null before the first. `question` must be the same object as long as it asks the same. */
export function useAnswer<K extends QuestionName>(
  name: K,
  question: Question<K>,
): AnswerOf<K> | null {
  const revision = useWorkspace((state) => state.status?.revision);
  const [known, setKnown] = useState<AnswerOf<K> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision has other tables
  useEffect(() => {
    const abort = new AbortController();
    void workspace.ask(name, question, abort.signal).then((answer) => {
      if (!abort.signal.aborted) setKnown({ question, answer });
    });
    return () => abort.abort();
  }, [name, question, revision]);
  return known;
}

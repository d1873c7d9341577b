// Asks whoever answers now, and counts what is under way, so that the page knows when it is idle.
import type { StoreApi } from 'zustand/vanilla';
import type { QuestionName } from '../engine/protocol';
import type { Answer, AnswerSource, Question } from './answer-source';
import type { WorkspaceState } from './workspace-state';

export class Asker {
  /** The engine, a snapshot, or nobody. */
  source: AnswerSource | null = null;

  constructor(private readonly store: StoreApi<WorkspaceState>) {}

  /** While the first captures are read there are no tables to ask: what is chosen then is loaded when they are there. */
  get isReady(): boolean {
    return (this.store.getState().status?.analysed ?? null) !== null;
  }

  /** null: withdrawn, or no answer (then `trouble` says why). */
  async ask<K extends QuestionName>(
    name: K,
    question: Question<K>,
    signal?: AbortSignal,
  ): Promise<Answer<K> | null> {
    const { source } = this;
    if (source === null) return null;
    try {
      const result = await this.track(source.ask(name, question, signal));
      if (source !== this.source) return null;
      if (result.ok) return result.value;
      this.store.setState({ trouble: result.error.message });
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    }
    return null;
  }

  /** Counts `work` as pending, so that the page is not idle before it is done. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.store.setState(({ pending }) => ({ pending: pending + 1 }));
    try {
      return await work;
    } finally {
      this.store.setState(({ pending }) => ({ pending: pending - 1 }));
    }
  }
}

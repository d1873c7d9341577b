// Whoever answers the workspace's questions: the engine behind its gateway, or a snapshot (snapshot-source.ts). The rest of the page cannot tell which.
import type { RpcFailure } from '../../workers/rpc';
import type { Result } from '../base/result';
import type { EngineQuestions, QuestionName } from '../engine/protocol';

export type Answer<K extends QuestionName> = EngineQuestions[K]['answer'];
export type Question<K extends QuestionName> = EngineQuestions[K]['question'];

export interface AnswerSource {
  /** Rejects with AbortError when `signal` is aborted. */
  ask<K extends QuestionName>(
    name: K,
    question: Question<K>,
    signal?: AbortSignal,
  ): Promise<Result<Answer<K>, RpcFailure>>;
}

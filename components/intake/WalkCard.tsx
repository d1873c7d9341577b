'use client';
// The card that leads through the walk, beside the page and not over it: Enter or → goes on, ← back, Escape ends it.
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/Button';
import { selectStage } from '@/lib/store/selectors';
import { useWorkspace } from '@/lib/store/workspace';
import { endWalk, goToStep, useWalk, WALK } from './walk';

export function WalkCard() {
  const step = useWalk((state) => state.step);
  const isReady = useWorkspace(
    (state) => selectStage(state) === 'workspace' && state.picture !== null,
  );
  const isEmpty = useWorkspace((state) => selectStage(state) === 'empty' && state.pending === 0);
  const next = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (step === -1 && isReady) goToStep(0);
    // The case was closed on the way.
    if (step !== null && step >= 0 && isEmpty) endWalk();
  }, [step, isReady, isEmpty]);

  useEffect(() => {
    if (step === null || step < 0) return;
    // After what the step shows took the focus.
    const timer = requestAnimationFrame(() => next.current?.focus());
    return () => cancelAnimationFrame(timer);
  }, [step]);

  if (step === null || step < 0) return null;
  const { title, text } = WALK[step];
  const isLast = step === WALK.length - 1;
  return (
    <section
      aria-label="Guided walk"
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') goToStep(step + 1);
        else if (event.key === 'ArrowLeft') goToStep(step - 1);
        else if (event.key === 'Escape') endWalk();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      className="fixed right-1/2 bottom-4 z-30 w-[440px] max-w-[calc(100vw-24px)] translate-x-1/2 rounded-lg border border-line-strong bg-raised px-4 py-3 shadow-lg"
    >
      <div aria-live="polite">
        <p className="figures text-2xs text-muted">
          {step + 1} of {WALK.length}
        </p>
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-1 text-muted">{text}</p>
      </div>
      <div className="mt-3 flex items-center gap-2">
        <Button ref={next} look="solid" size="small" onClick={() => goToStep(step + 1)}>
          {isLast ? 'Done' : 'Next'}
        </Button>
        {step > 0 && (
          <Button size="small" onClick={() => goToStep(step - 1)}>
            Back
          </Button>
        )}
        {!isLast && (
          <Button look="quiet" size="small" className="ml-auto" onClick={endWalk}>
            End the walk
          </Button>
        )}
      </div>
    </section>
  );
}

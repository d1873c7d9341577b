'use client';
// Copies a text and says so in its own place.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './Button';

const CONFIRM_MS = 1600;

type CopyState = 'idle' | 'copied' | 'refused';

const WORDS: Readonly<Record<CopyState, string>> = {
  idle: 'Copy',
  copied: 'Copied',
  refused: 'Not allowed',
};

export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const [state, setState] = useState<CopyState>('idle');

  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );

  const Icon = state === 'copied' ? Check : Copy;
  return (
    <Button look="quiet" size="small" onClick={copy} aria-label={`${WORDS[state]} ${name}`}>
      <Icon size={12} aria-hidden />
      {WORDS[state]}
    </Button>
  );
}

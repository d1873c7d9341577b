'use client';
// The browser's tab carries the case's name, so that two cases can be told apart.
import { useEffect } from 'react';
import { useWorkspace } from '@/lib/store/workspace';
import { UNTITLED } from '@/lib/store/workspace-state';

export function useDocumentTitle(): void {
  const title = useWorkspace((state) => state.title);

  useEffect(() => {
    document.title = title === UNTITLED ? 'Hoplane' : `${title} · Hoplane`;
  }, [title]);
}

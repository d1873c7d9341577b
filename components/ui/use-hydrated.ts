'use client';
// Whether the browser draws: false on the server and for the first drawing in the browser, which must be the server's to the letter.
import { useSyncExternalStore } from 'react';

const never = () => () => {};

export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

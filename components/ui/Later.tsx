'use client';
// Draws its content after what surrounds it is on the screen: a large page appears in several short steps instead of one long one.
import { type ReactNode, startTransition, useEffect, useState } from 'react';

export function Later({ children }: { readonly children: ReactNode }) {
  const [isTime, setIsTime] = useState(false);

  useEffect(() => startTransition(() => setIsTime(true)), []);

  return isTime ? children : null;
}

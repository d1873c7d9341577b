'use client';
// Light or dark.
import { Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Button } from '@/components/ui/Button';
import { useHydrated } from '@/components/ui/use-hydrated';

export function ThemeButton() {
  const { resolvedTheme, setTheme } = useTheme();
  // The server does not know which; the signs follow the document's class, which is there before the first picture.
  const isDark = useHydrated() && resolvedTheme === 'dark';
  const name = isDark ? 'Light colours' : 'Dark colours';
  return (
    <Button
      look="quiet"
      data-command="theme"
      className="-mr-1.5 ml-auto"
      aria-label={name}
      title={name}
      onClick={() => setTheme(isDark ? 'light' : 'dark')}
    >
      <Sun size={14} aria-hidden className="hidden dark:block" />
      <Moon size={14} aria-hidden className="dark:hidden" />
    </Button>
  );
}

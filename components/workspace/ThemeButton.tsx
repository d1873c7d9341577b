'use client';
// Light or dark.
import { Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Button } from '@/components/ui/Button';

export function ThemeButton() {
  const { resolvedTheme, setTheme } = useTheme();
  const isDark = resolvedTheme === 'dark';
  const name = isDark ? 'Light colours' : 'Dark colours';
  const Icon = isDark ? Sun : Moon;
  return (
    <Button
      look="quiet"
      data-command="theme"
      className="-mr-1.5 ml-auto"
      aria-label={name}
      title={name}
      onClick={() => setTheme(isDark ? 'light' : 'dark')}
    >
      <Icon size={14} aria-hidden />
    </Button>
  );
}

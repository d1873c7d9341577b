// Colours, fonts and text widths of the page as the scene needs them, read from the CSS tokens and read again when the theme changes.
import { useEffect, useState } from 'react';
import {
  COLOUR_ROLES,
  FONTS,
  type FontRole,
  LIGHT_THEME,
  type MeasureText,
  type Theme,
} from '@/lib/scene/theme';
import { fontOf, type PenStyle } from './canvas-pen';

export interface Pen extends PenStyle {
  readonly measure: MeasureText;
}

/** Null until the page's styles can be read. */
export function usePenStyle(): Pen | null {
  const [pen, setPen] = useState<Pen | null>(null);
  useEffect(() => {
    const read = (): void => setPen(readPen());
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['class', 'style'] });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', read);
    // Widths measured before the fonts came are those of other fonts.
    document.fonts.addEventListener('loadingdone', read);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', read);
      document.fonts.removeEventListener('loadingdone', read);
    };
  }, []);
  return pen;
}

function readPen(): Pen {
  const style = getComputedStyle(document.documentElement);
  const theme = Object.fromEntries(
    COLOUR_ROLES.map((role) => [
      role,
      style.getPropertyValue(`--${role}`).trim() || LIGHT_THEME[role],
    ]),
  ) as Theme;
  const families = {
    words: style.getPropertyValue('--font-words').trim() || 'system-ui, sans-serif',
    numbers: style.getPropertyValue('--font-numbers').trim() || 'monospace',
  };
  return { theme, families, measure: buildMeasure(families) };
}

const MOST_CACHED = 20_000;

function buildMeasure(families: PenStyle['families']): MeasureText {
  const context = document.createElement('canvas').getContext('2d');
  const widthsByFont = new Map<FontRole, Map<string, number>>();
  return (text: string, font: FontRole): number => {
    let widths = widthsByFont.get(font);
    if (widths === undefined) {
      widths = new Map();
      widthsByFont.set(font, widths);
    }
    const known = widths.get(text);
    if (known !== undefined) return known;
    if (context) context.font = fontOf(font, families);
    const width = context?.measureText(text).width ?? text.length * FONTS[font].sizePx * 0.6;
    if (widths.size > MOST_CACHED) widths.clear();
    widths.set(text, width);
    return width;
  };
}

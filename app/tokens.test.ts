import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLOUR_ROLES, DARK_THEME, LIGHT_THEME } from '../lib/scene/theme';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const readTheme = (selector: string): Record<string, string> => {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0];
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour]),
  );
};

/** WCAG 2.2 relative luminance and contrast. */
const luminance = (hex: string): number => {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a: string, b: string): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

describe.each([
  ['light', ':root', LIGHT_THEME],
  ['dark', '.dark', DARK_THEME],
] as const)('%s theme', (_name, selector, theme) => {
  const tokens = readTheme(selector);

  it('is the same in CSS and for pens without CSS', () => {
    for (const role of COLOUR_ROLES) expect([role, tokens[role]]).toEqual([role, theme[role]]);
  });

  it('has text of 4.5:1 on every surface it stands on', () => {
    const plain = ['surface', 'surface-raised', 'surface-sunken', 'selection'];
    const pairs: [string, string][] = [
      ...['ink', 'ink-muted', 'ink-faint', 'forward', 'reverse', 'nat', 'failure'].flatMap((text) =>
        plain.map((surface): [string, string] => [text, surface]),
      ),
      ...['retransmission', 'healthy', 'unknown'].flatMap((text) =>
        plain.map((surface): [string, string] => [text, surface]),
      ),
      ['nat', 'nat-surface'],
      ['failure', 'failure-surface'],
      ['retransmission', 'retransmission-surface'],
      ['ink', 'failure-surface'],
      ['ink-muted', 'failure-surface'],
    ];
    const poor = pairs
      .map(([text, surface]) => ({
        text,
        surface,
        ratio: contrast(tokens[text], tokens[surface]),
      }))
      .filter(({ ratio }) => ratio < 4.5);
    expect(poor).toEqual([]);
  });

  it('has marks of 3:1', () => {
    for (const mark of ['line-strong', 'focus'])
      expect(contrast(tokens[mark], tokens.surface)).toBeGreaterThanOrEqual(3);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  COLOUR_ROLES,
  CONNECTION_ROLES,
  type ColourRole,
  DARK_THEME,
  LIGHT_THEME,
} from '../lib/scene/theme';

const CONNECTIONS = CONNECTION_ROLES.map((code) => COLOUR_ROLES[code]);

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const readTheme = (selector: string): Record<string, string> => {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0];
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour]),
  );
};

type Triple = readonly [number, number, number];

const linear = (hex: string): Triple => {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return [red, green, blue];
};

const multiply = (matrix: readonly Triple[], [x, y, z]: Triple): Triple => {
  const [first, second, third] = matrix.map(([a, b, c]) => a * x + b * y + c * z);
  return [first, second, third];
};

/** Machado, Oliveira, Fernandes 2009: full dichromacy, on linear RGB. */
const DEFICIENCIES: Readonly<Record<string, readonly Triple[]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab (Ottosson 2020) of linear RGB, in which distance is difference seen. */
const oklab = (rgb: Triple): Triple => {
  const [l, m, s] = multiply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  return multiply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
  );
};

/** WCAG 2.2 relative luminance and contrast. */
const luminance = (hex: string): number => {
  const [red, green, blue] = linear(hex);
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
      ...[
        'ink',
        'ink-muted',
        'ink-faint',
        'forward',
        'reverse',
        'nat',
        'nat-again',
        'failure',
      ].flatMap((text) => plain.map((surface): [string, string] => [text, surface])),
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

  it('keeps apart for every eye what lines say by colour alone', () => {
    const pairs: readonly (readonly [ColourRole, ColourRole])[] = [
      ['forward', 'reverse'],
      ['forward', 'nat'],
      ['reverse', 'nat'],
      ['forward', 'failure'],
      ['reverse', 'failure'],
      ['nat', 'failure'],
      ['nat', 'nat-again'],
    ];
    for (const [deficiency, matrix] of Object.entries(DEFICIENCIES))
      for (const [one, other] of pairs) {
        const [a, b] = [one, other].map((role) =>
          oklab(
            multiply(matrix, linear(tokens[role])).map((v) => Math.max(0, v)) as [
              number,
              number,
              number,
            ],
          ),
        );
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(distance, `${one} and ${other}, ${deficiency}`).toBeGreaterThan(0.08);
      }
  });

  it('has marks of 3:1', () => {
    for (const mark of ['line-strong', 'focus', ...CONNECTIONS])
      expect(contrast(tokens[mark], tokens.surface)).toBeGreaterThanOrEqual(3);
  });
});

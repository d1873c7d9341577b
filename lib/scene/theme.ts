// Colour roles and fonts of the scene. Marks carry the code of a role; a pen (canvas, SVG, PDF) looks the colour up in a theme.
// The page's themes are app/tokens.css; these two are the same colours for pens without CSS.

/** A role's index is its code in the marks; its CSS custom property is `--<role>`. */
export const COLOUR_ROLES = [
  'surface',
  'surface-sunken',
  'line',
  'line-strong',
  'ink',
  'ink-muted',
  'ink-faint',
  'selection',
  'forward',
  'reverse',
  'nat',
  'nat-surface',
  'nat-again',
  'failure',
  'failure-surface',
  'retransmission',
  'unknown',
  'dimmed',
  'connection-1',
  'connection-2',
  'connection-3',
  'connection-4',
  'connection-5',
  'connection-6',
] as const;
export type ColourRole = (typeof COLOUR_ROLES)[number];
export type Theme = Readonly<Record<ColourRole, string>>;

/** Code of a role as the marks carry it. */
export const ROLE = Object.fromEntries(COLOUR_ROLES.map((role, code) => [role, code])) as Readonly<
  Record<ColourRole, number>
>;

export const LIGHT_THEME: Theme = {
  surface: '#fcfcfd',
  'surface-sunken': '#f3f5f8',
  line: '#e4e7ed',
  'line-strong': '#868e9c',
  ink: '#12151c',
  'ink-muted': '#515967',
  'ink-faint': '#5f6979',
  selection: '#eaf0fb',
  forward: '#2d4971',
  reverse: '#207676',
  nat: '#7243cc',
  'nat-surface': '#f0eafd',
  'nat-again': '#a1268f',
  failure: '#c72b3f',
  'failure-surface': '#fdebed',
  retransmission: '#875614',
  unknown: '#5f6979',
  dimmed: '#c9cfd9',
  'connection-1': '#2f6fca',
  'connection-2': '#b85c12',
  'connection-3': '#2c8350',
  'connection-4': '#6b7280',
  'connection-5': '#8a7a12',
  'connection-6': '#0e7f9c',
};

export const DARK_THEME: Theme = {
  surface: '#111317',
  'surface-sunken': '#0c0e11',
  line: '#262a33',
  'line-strong': '#6b7382',
  ink: '#eceef2',
  'ink-muted': '#a9b0bd',
  'ink-faint': '#8d95a4',
  selection: '#1d2638',
  forward: '#a9d1fd',
  reverse: '#3eb5b3',
  nat: '#9d80f7',
  'nat-surface': '#2a2145',
  'nat-again': '#e58ad6',
  failure: '#ef6a64',
  'failure-surface': '#3c1a21',
  retransmission: '#f0a54c',
  unknown: '#8d95a4',
  dimmed: '#3d4451',
  'connection-1': '#6fa8f5',
  'connection-2': '#e5944d',
  'connection-3': '#5cc48c',
  'connection-4': '#9aa3b2',
  'connection-5': '#c9bb55',
  'connection-6': '#55bfd8',
};

/** Codes of the colours that tell several connections of one picture apart, in turn. */
export const CONNECTION_ROLES = COLOUR_ROLES.flatMap((role, code) =>
  role.startsWith('connection-') ? [code] : [],
);

export interface Font {
  readonly family: 'words' | 'numbers';
  readonly sizePx: number;
  readonly weight: 400 | 500 | 600;
}

/** A font's index is its code in the marks. */
export const FONT_ROLES = [
  'label',
  'label-strong',
  'badge',
  'name',
  'role',
  'step',
  'small',
] as const;
export type FontRole = (typeof FONT_ROLES)[number];

export const FONTS: Readonly<Record<FontRole, Font>> = {
  label: { family: 'numbers', sizePx: 12, weight: 400 },
  'label-strong': { family: 'numbers', sizePx: 12, weight: 600 },
  badge: { family: 'numbers', sizePx: 11, weight: 500 },
  name: { family: 'words', sizePx: 12.5, weight: 600 },
  role: { family: 'words', sizePx: 11, weight: 400 },
  step: { family: 'words', sizePx: 11, weight: 600 },
  small: { family: 'numbers', sizePx: 11, weight: 400 },
};

export const FONT = Object.fromEntries(FONT_ROLES.map((role, code) => [role, code])) as Readonly<
  Record<FontRole, number>
>;

/** Width in px of a text in a font; injected, since the scene has no DOM. */
export type MeasureText = (text: string, font: FontRole) => number;

/** Widths of Geist and Geist Mono without a canvas, exact for the mono, on the safe side for the words. */
export const estimateText: MeasureText = (text, font) => {
  const { family, sizePx } = FONTS[font];
  return text.length * sizePx * (family === 'numbers' ? 0.6 : 0.58);
};

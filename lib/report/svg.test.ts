import { describe, expect, it } from 'vitest';
import { buildLayout } from '../scene/layout';
import { DARK_THEME, LIGHT_THEME, type Theme } from '../scene/theme';
import { everyMark, failingHandshake } from '../testing/node-path';
import { GEIST_FONTS, renderSvg } from './svg';
import { escapeXml } from './xml';

const LANES = { order: [], hidden: [], names: {} };
const render = (theme: Theme = LIGHT_THEME, names: Record<string, string> = {}) =>
  renderSvg(
    buildLayout({ ...failingHandshake(), lanes: { ...LANES, names }, timeMode: 'events' }),
    { theme, fonts: GEIST_FONTS, widthPx: 980, title: 'SYN & <RST>' },
  );

/** Names of elements left open, and whether each end tag fits: enough XML to catch a broken pen. */
function openElements(svg: string): readonly string[] {
  const open: string[] = [];
  for (const [, end, name, rest] of svg.matchAll(/<(\/?)([a-z]+)([^<>]*)>/gi)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!rest.endsWith('/')) open.push(name);
  }
  return open;
}

describe('renderSvg', () => {
  it('is one well-formed picture with all that the scene says', () => {
    const { svg, widthPx, heightPx } = render();
    expect(openElements(svg)).toEqual([]);
    expect(svg.startsWith(`<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}"`)).toBe(true);
    expect(heightPx).toBeGreaterThan(700);
    for (const text of [
      'cpe · eth0',
      '290 µs',
      'DNAT 172.30.249.115:9443 → 10.128.3.214:9443 · :60170→:59906',
      'src not restored: 10.128.3.214:9443, expected 172.30.249.115:9443',
      '[S] seq 1750650374 retry 3',
      '1.012131',
    ])
      expect(svg).toContain(`>${text}</text>`);
  });

  it('holds to what every reader of SVG can draw', () => {
    const { svg } = render();
    const elements = new Set([...svg.matchAll(/<([a-z]+)/gi)].map(([, name]) => name));
    expect([...elements].sort()).toEqual(
      ['circle', 'g', 'line', 'path', 'polygon', 'rect', 'svg', 'text', 'title'].sort(),
    );
    expect(svg).not.toMatch(/class=|style=|var\(|NaN|Infinity|undefined/);
  });

  it('escapes what users and captures name', () => {
    const { svg } = render(LIGHT_THEME, { p1: '<script>"a" & b' });
    expect(svg).toContain('&lt;script&gt;&quot;a&quot; &amp; b');
    expect(svg).toContain('<title>SYN &amp; &lt;RST&gt;</title>');
    expect(escapeXml('a\u0000b\ud800')).toBe('a\ufffdb\ufffd');
  });

  it('takes its colours from the theme alone', () => {
    const colours = (svg: string) => new Set(svg.match(/#[0-9a-f]{6}/g));
    const known = new Set(Object.values(DARK_THEME));
    expect([...colours(render(DARK_THEME).svg)].filter((colour) => !known.has(colour))).toEqual([]);
  });

  it('draws a part of a long picture', () => {
    const layout = buildLayout({ ...everyMark(), lanes: LANES, timeMode: 'events' });
    const options = { theme: LIGHT_THEME, fonts: GEIST_FONTS, widthPx: 980 };
    const part = renderSvg(layout, { ...options, from: layout.y[6], to: layout.length });
    expect(part.heightPx).toBeLessThan(renderSvg(layout, options).heightPx);
    expect(part.svg).not.toContain('>0.000000</text>');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coverText, readCoverage } from './font-coverage';
import { readReportFonts } from './fonts-node';
import { REPORT_FONT_FILES } from './report-fonts';

const fonts = await readReportFonts();

describe('the fonts of reports', () => {
  it.each(REPORT_FONT_FILES)('%s is that of its package', (file) => {
    const folder = file.startsWith('GeistMono') ? 'geist-mono' : 'geist-sans';
    const packaged = readFileSync(
      new URL(`../../node_modules/geist/dist/fonts/${folder}/${file}`, import.meta.url),
    );
    expect(Buffer.compare(packaged, fonts[file])).toBe(0);
  });

  it.each(REPORT_FONT_FILES)('%s has every character that reports use of themselves', (file) => {
    const has = readCoverage(fonts[file]);
    for (const character of 'azAZ09 →←µ×±·–—−…“”‘’‹›#{}[]()é√±')
      expect([character, has(character.codePointAt(0) ?? 0)]).toEqual([character, true]);
    expect(has(0x7bc0)).toBe(false);
  });
});

describe('text for the fonts', () => {
  const has = readCoverage(fonts['Geist-Regular.ttf']);

  it('stays as it is where each character has a glyph', () => {
    expect(coverText('10.0.0.1:80 → naïve\nЖ', has)).toBe('10.0.0.1:80 → naïve\nЖ');
  });

  it('composes what can be composed', () => {
    expect(coverText('e\u0301', has)).toBe('é');
  });

  it('gets a likeness or a number for what has none', () => {
    expect(coverText('✕ ⟶ ✓', has)).toBe('× → √');
    expect(coverText('節\u{1f600}', has)).toBe('‹U+7BC0›‹U+1F600›');
    expect(coverText('a\tb\u0000c', has)).toBe('a    bc');
  });
});

// The report's fonts for the command line: from public/fonts/ of the checkout, found upwards from this file or the bundle it became part of.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadReportFonts, REPORT_FONT_FILES, type ReportFonts } from './report-fonts';

/** Throws where the fonts are missing: the installation is not whole then. */
export async function readReportFonts(): Promise<ReportFonts> {
  const folder = findFontFolder(dirname(fileURLToPath(import.meta.url)));
  if (folder === undefined) throw new Error('public/fonts/ is missing: reports cannot be set');
  return loadReportFonts(async (file) => new Uint8Array(await readFile(join(folder, file))));
}

function findFontFolder(from: string): string | undefined {
  const folder = join(from, 'public', 'fonts');
  if (existsSync(join(folder, REPORT_FONT_FILES[0]))) return folder;
  const parent = dirname(from);
  return parent === from ? undefined : findFontFolder(parent);
}

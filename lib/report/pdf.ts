// The report for the command line: render-pdf.ts with the fonts from the disk. The page's half is workers/report.worker.ts.
import type { CaseSnapshot } from '../model/snapshot';
import { readReportFonts } from './fonts-node';
import { renderPdf as renderWithFonts } from './render-pdf';

/** Throws where the fonts are missing: the installation is not whole then. */
export const renderPdf = async (snapshot: CaseSnapshot): Promise<Uint8Array<ArrayBuffer>> =>
  renderWithFonts(snapshot, { fonts: await readReportFonts() });

// Makes reports off the page's thread: a shell around lib/report, with the fonts fetched from the page's own origin.
import { renderPdf } from '../lib/report/render-pdf';
import { loadReportFonts, type ReportFonts } from '../lib/report/report-fonts';
import type { ReportNotice, ReportWorkerQuestions } from './report-messages';
import { type Endpoint, serve } from './rpc';

let fonts: Promise<ReportFonts> | undefined;

/** Fetched once; a failure is forgotten, so that the next report tries again. */
async function fetchFonts(): Promise<ReportFonts> {
  fonts ??= loadReportFonts(async (file) => {
    const response = await fetch(`/fonts/${file}`);
    if (!response.ok) throw new Error(`/fonts/${file}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  });
  try {
    return await fonts;
  } catch (error) {
    fonts = undefined;
    throw error;
  }
}

const notify = serve<ReportWorkerQuestions, ReportNotice>(
  self as unknown as Endpoint,
  {
    pdf: async ({ snapshot, preface }) =>
      renderPdf(snapshot, {
        fonts: await fetchFonts(),
        preface,
        onProgress: (progress) => notify({ progress }),
      }),
  },
  (_name, answer) => (answer instanceof Uint8Array ? [answer.buffer] : []),
);

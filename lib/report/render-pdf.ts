// CaseSnapshot → PDF, in a worker or in Node by the same code: pdfmake's browser build works in both and gives the same bytes.
// It weighs a megabyte, so it is loaded when the first report is made.
import type { BufferOptions, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces';
import type { CaseSnapshot } from '../model/snapshot';
import { coverForPrint } from './font-coverage';
import { NUMBERS_FONT, WORDS_FONT } from './pdf-style';
import { buildReportDefinition } from './report-definition';
import type { ReportFontFile, ReportFonts } from './report-fonts';
import { buildReportSections } from './report-sections';

export interface RenderPdfOptions {
  readonly fonts: ReportFonts;
  /** What its sender says before it; default nothing. */
  readonly preface?: string;
  /** 0 … 1 while pages are drawn. */
  readonly onProgress?: (progress: number) => void;
}

/** What is used of pdfmake; its own types know neither data that is not base64 nor the policy in the browser build. */
interface PdfMake {
  localAccessPolicy: (path: string) => boolean;
  setUrlAccessPolicy(policy: (url: string) => boolean): void;
  setFonts(fonts: TFontDictionary): void;
  setProgressCallback(callback: (progress: number) => void): void;
  addVirtualFileSystem(files: Record<string, { data: Uint8Array; encoding: string }>): void;
  createPdf(
    definition: TDocumentDefinitions,
    options?: BufferOptions,
  ): { getBuffer(): Promise<Uint8Array> };
}

/** The same snapshot and fonts give the same bytes. */
export async function renderPdf(
  snapshot: CaseSnapshot,
  { fonts, preface, onProgress }: RenderPdfOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const pdfMake = await loadPdfMake(fonts);
  pdfMake.setProgressCallback(onProgress ?? (() => undefined));
  const printable = coverForPrint(snapshot, fonts);
  const definition = buildReportDefinition(
    printable,
    buildReportSections(printable),
    coverForPrint(preface ?? '', fonts),
  );
  const buffer = await pdfMake.createPdf(definition).getBuffer();
  return new Uint8Array(buffer);
}

let loaded: Promise<PdfMake> | undefined;

function loadPdfMake(fonts: ReportFonts): Promise<PdfMake> {
  loaded ??= import('pdfmake/build/pdfmake.js').then((module) => {
    const pdfMake = (module as unknown as { default: PdfMake }).default;
    pdfMake.addVirtualFileSystem(
      Object.fromEntries(
        Object.entries(fonts).map(([file, data]) => [file, { data, encoding: 'binary' }]),
      ),
    );
    pdfMake.setFonts({
      [WORDS_FONT]: family('Geist-Regular.ttf', 'Geist-SemiBold.ttf'),
      [NUMBERS_FONT]: family('GeistMono-Regular.ttf', 'GeistMono-SemiBold.ttf'),
    });
    // Nothing in a snapshot may make it read a file or call out.
    pdfMake.localAccessPolicy = () => false;
    pdfMake.setUrlAccessPolicy(() => false);
    return pdfMake;
  });
  return loaded;
}

/** No italics are embedded: what asks for them gets the upright. */
const family = (normal: ReportFontFile, bold: ReportFontFile) => ({
  normal,
  bold,
  italics: normal,
  bolditalics: bold,
});

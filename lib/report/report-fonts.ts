// The fonts that reports embed: Geist and Geist Mono (SIL Open Font License) in public/fonts/, fetched by the worker, read from the disk by fonts-node.ts.

export const REPORT_FONT_FILES = [
  'Geist-Regular.ttf',
  'Geist-SemiBold.ttf',
  'GeistMono-Regular.ttf',
  'GeistMono-SemiBold.ttf',
] as const;
export type ReportFontFile = (typeof REPORT_FONT_FILES)[number];

/** Bytes of each file. */
export type ReportFonts = Readonly<Record<ReportFontFile, Uint8Array<ArrayBuffer>>>;

/** All files by one way of getting them. */
export async function loadReportFonts(
  load: (file: ReportFontFile) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<ReportFonts> {
  const fonts = await Promise.all(
    REPORT_FONT_FILES.map(async (file) => [file, await load(file)] as const),
  );
  return Object.fromEntries(fonts) as Record<ReportFontFile, Uint8Array<ArrayBuffer>>;
}

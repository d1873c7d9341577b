// A PDF read back: texts with their places, outline and links, by Mozilla's pdf.js.
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  /** From the foot of the page. */
  readonly y: number;
}

export interface PdfPage {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PdfText[];
}

export interface ReadPdf {
  readonly pages: readonly PdfPage[];
  /** All text, a space between runs. */
  readonly text: string;
  readonly outline: readonly string[];
  readonly links: readonly string[];
  readonly title: string;
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: bytes.slice(), verbosity: 0 });
  const document = await task.promise;
  const pages: PdfPage[] = [];
  const links: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const [, , width, height] = page.view;
    const { items } = await page.getTextContent();
    const texts = items.flatMap((item) =>
      'str' in item && item.str !== ''
        ? [{ text: item.str, x: item.transform[4], y: item.transform[5], width: item.width }]
        : [],
    );
    pages.push({ width, height, texts });
    for (const annotation of await page.getAnnotations())
      if (typeof annotation.url === 'string') links.push(annotation.url);
  }
  const outline = flatten((await document.getOutline()) ?? []);
  const { info } = await document.getMetadata();
  await task.destroy();
  const text = pages
    .flatMap((page) => page.texts.map((item) => item.text))
    .join(' ')
    .replace(/\s+/g, ' ');
  return {
    pages,
    text,
    outline,
    links,
    title: String((info as Record<string, unknown>).Title ?? ''),
  };
}

interface OutlineItem {
  readonly title: string;
  readonly items: readonly OutlineItem[];
}

const flatten = (items: readonly OutlineItem[]): string[] =>
  items.flatMap((item) => [item.title, ...flatten(item.items)]);

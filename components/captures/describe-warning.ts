// What is wrong with a capture, in words, with the byte where it was noticed.
import { formatCount } from '@/components/ui/format-number';
import type { CaptureWarning } from '@/lib/model/capture';

/** `file` stands beside the text: where that begins with it, it is left out. */
export function describeWarning({ text, offset }: CaptureWarning, file: string): string {
  const own = text.startsWith(`${file}: `) ? text.slice(file.length + 2) : text;
  const sentence = /[.!?]$/.test(own) ? own : `${own}.`;
  return offset === undefined || /\bbyte \d/.test(sentence)
    ? sentence
    : `${sentence} At byte ${formatCount(offset)}.`;
}

// What is wrong with a capture, in words, with the byte where it was noticed.
import { formatCount } from '@/components/ui/format-number';
import type { CaptureWarning } from '@/lib/model/capture';

export const describeWarning = ({ text, offset }: CaptureWarning): string => {
  const sentence = /[.!?]$/.test(text) ? text : `${text}.`;
  return offset === undefined || /\bbyte \d/.test(text)
    ? sentence
    : `${sentence} At byte ${formatCount(offset)}.`;
};

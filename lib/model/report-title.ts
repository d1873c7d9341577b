// What a report is called when nobody has named the case: after what was found in it, and the file after that and the day of the captures.
import { fileStem } from '../base/file-name';
import type { Finding } from './finding';

/** Characters of a file's name, without day and ending, that every system and mail program takes. */
const LONGEST_NAME = 72;
/** Files named before the others are counted. */
const FILES_NAMED = 2;

/** The title of the gravest finding that is a fault; else which captures were looked at. */
export function suggestTitle(
  findings: readonly Pick<Finding, 'severity' | 'title'>[],
  files: readonly string[],
): string {
  const fault = (['failure', 'warning'] as const)
    .map((severity) => findings.find((finding) => finding.severity === severity))
    .find((finding) => finding !== undefined);
  if (fault !== undefined) return fault.title;
  const names = files.map(fileStem).sort();
  const named = names.slice(0, FILES_NAMED).join(', ');
  const more = names.length > FILES_NAMED ? ` and ${names.length - FILES_NAMED} more` : '';
  return names.length === 0 ? 'Analysis' : `No fault found in ${named}${more}`;
}

/** `2026-11-22-SYN-ACK-of-172.30.249.115-9443-is-translated-back-only-in-part.pdf`; `firstTime` in ns since 1970, decimal. */
export function reportFileName(title: string, firstTime: string | null): string {
  const words = title.replace(/[^\p{L}\p{N}.]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  const cut = words.length <= LONGEST_NAME ? words : words.slice(0, LONGEST_NAME + 1);
  // Between two words, where there is a place.
  const name = cut === words ? words : cut.replace(/-[^-]*$/, '').slice(0, LONGEST_NAME);
  const day = firstTime === null ? '' : dayOf(firstTime);
  return `${[day, name || 'hoplane'].filter((part) => part !== '').join('-')}.pdf`;
}

function dayOf(time: string): string {
  const date = new Date(Number(BigInt(time) / 1_000_000n));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

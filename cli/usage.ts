// The command line's contract in words: what `hoplane` prints when it is used wrongly or asked for help.

export const USAGE = `Usage:
  hoplane analyze FILE... [--evidence PATH]... [--json OUT] [--journeys OUT.ndjson] [--pdf OUT]
                          [--share-file OUT] [--fail-on failure|warning] [--quiet]
  hoplane packets FILE... [--out OUT.tsv]
  hoplane explain FILE#FRAME FILE#FRAME FILE... [--json OUT]

A FILE is a capture (pcap or pcapng, also gzip, zstd or xz), an archive (tar, zip) or a folder of captures. OUT may be - for standard output.
Exit status: 0 the analysis ran; 1 a file could not be read at all; 2 wrong usage; 3 --fail-on met.
`;

export const EXIT_OK = 0;
export const EXIT_UNREADABLE = 1;
export const EXIT_USAGE = 2;
export const EXIT_FINDINGS = 3;

/** Wrong usage: said on standard error, exit status 2. */
export class UsageError extends Error {}

// What people call a capture's file by.

/** Without the endings that every capture has: `case/cpe-eth0` of `case/cpe-eth0.pcap.gz`. */
export const withoutEndings = (file: string): string =>
  file.replace(/\.(gz|zst|xz)$/i, '').replace(/\.(pcapng|pcap|cap|ntar)$/i, '');

/** Without its folder, too: `cpe-eth0`. */
export const fileStem = (file: string): string => withoutEndings(file.replace(/^.*[\\/]/, ''));

// TCP flag bits as they stand in the header (RFC 9293 section 3.1, AE from RFC 9768) and tcpdump's letters for them.

export const TCP_FIN = 0x001;
export const TCP_SYN = 0x002;
export const TCP_RST = 0x004;
export const TCP_PSH = 0x008;
export const TCP_ACK = 0x010;
export const TCP_URG = 0x020;
export const TCP_ECE = 0x040;
export const TCP_CWR = 0x080;
export const TCP_AE = 0x100;

/** The flags that say what a segment is; PSH, ECE and CWR may change on the way. */
export const TCP_IDENTITY_FLAGS = TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST;

const LETTERS: readonly (readonly [number, string])[] = [
  [TCP_FIN, 'F'],
  [TCP_SYN, 'S'],
  [TCP_RST, 'R'],
  [TCP_PSH, 'P'],
  [TCP_ACK, '.'],
  [TCP_URG, 'U'],
  [TCP_ECE, 'E'],
  [TCP_CWR, 'W'],
  [TCP_AE, 'e'],
];

/** tcpdump's flag text without brackets: `S`, `S.`, `P.`, `none`. */
export const formatTcpFlags = (flags: number): string => {
  let text = '';
  for (const [bit, letter] of LETTERS) if (flags & bit) text += letter;
  return text === '' ? 'none' : text;
};

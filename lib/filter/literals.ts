// Literals of the filter language by the kind of field they are compared with. Each answers undefined where the text is none of that kind.
import ipaddr from 'ipaddr.js';

/** `443`, `0x1bb`, `0b11`, octal with a leading zero, `-1`; `1.5` only where decimals make sense. */
export function parseNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^-/, '');
  if (/^0x[0-9a-f]+$/i.test(digits)) return sign * Number.parseInt(digits.slice(2), 16);
  if (/^0b[01]+$/i.test(digits)) return sign * Number.parseInt(digits.slice(2), 2);
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8);
  return /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(digits) ? sign * Number(digits) : undefined;
}

/** The number that the inspector's text of a field says: `443`, `0x0002 [S]`, `TCP (6)`, `20 bytes`, `set`. */
export function numberOfText(text: string): number | undefined {
  if (text === 'set' || text === 'yes') return 1;
  if (text === 'not set' || text === 'no') return 0;
  const [, number] =
    /\((0x[0-9a-f]+|\d+)\)$/.exec(text) ?? /^(0x[0-9a-f]+|\d+)(?![\d.:a-f])/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number);
}

export function parseFlag(text: string): number | undefined {
  if (/^(1|true|set)$/i.test(text)) return 1;
  if (/^(0|false|not set)$/i.test(text)) return 0;
  return undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** `2ms`, `1.5s`, `10min`; a bare number is seconds, as in Wireshark. */
export function parseSeconds(text: string): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([a-zµ]*)$/i.exec(text);
  if (match === null) return undefined;
  const unit = match[2] === '' ? 1 : UNITS[match[2].toLowerCase()];
  return unit === undefined ? undefined : Number(match[1]) * unit;
}

/** `2021-02-15 13:53:53.103262` (UTC), `2021-02-15T13:53:53Z`: nanoseconds after `baseTime`. */
export function parseMoment(text: string, baseTime: bigint): number | undefined {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?)?\s*(?:Z|UTC)?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, day, clock = '00:00', fraction = ''] = match;
  const seconds = Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
  if (Number.isNaN(seconds)) return undefined;
  const nanoseconds = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  return Number(nanoseconds - baseTime);
}

export type AddressTest = (address: string) => boolean;

/** One address or a prefix `10.0.0.0/8`, of either IP version. */
export function parseAddressTest(text: string): AddressTest | undefined {
  const [address, bits] = text.split('/');
  if (
    !ipaddr.isValid(address) ||
    (address.includes('.') && !/^\d+\.\d+\.\d+\.\d+$/.test(address) && !address.includes(':'))
  )
    return undefined;
  const network = ipaddr.parse(address);
  if (bits === undefined) {
    const whole = network.toString();
    return (other) => other === whole;
  }
  const length = Number(bits);
  if (!/^\d+$/.test(bits) || length > (network.kind() === 'ipv4' ? 32 : 128)) return undefined;
  return (other) => {
    if (!ipaddr.isValid(other)) return false;
    const parsed = ipaddr.parse(other);
    if (parsed instanceof ipaddr.IPv4)
      return network instanceof ipaddr.IPv4 && parsed.match(network, length);
    return network instanceof ipaddr.IPv6 && parsed.match(network, length);
  };
}

/** The bytes of an address, for order. */
export const addressBytes = (text: string): Uint8Array | undefined =>
  ipaddr.isValid(text) ? Uint8Array.from(ipaddr.parse(text).toByteArray()) : undefined;

/** `0a:58:0a:80:03:ca`, also with hyphens. */
export const parseMac = (text: string): string | undefined =>
  /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)
    ? text.toLowerCase().replaceAll('-', ':')
    : undefined;

const encoder = new TextEncoder();

/** Bytes of a quoted text (UTF-8, `\xNN` one byte each), or of `47:45:54`, `0x474554`, `47`, `2`. */
export function parseBytes(text: string, quoted: boolean): Uint8Array | undefined {
  if (quoted) {
    const single = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return [...text].every((letter) => letter.charCodeAt(0) < 256) ? single : encoder.encode(text);
  }
  const digits = text.replace(/^0x/i, '').replace(/[:.-]/g, '');
  const hex = digits.length === 1 ? `0${digits}` : digits;
  if (!/^([0-9a-f]{2})+$/i.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

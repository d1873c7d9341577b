// Moments in the names of files, and those that may be something else: `x-12.pcap` by `-G 3600 -w x-%H.pcap`, or the twelfth of something: there the frames' times tell.

type Unit = 'hour' | 'minute' | 'weekday' | 'yearday';

/** What strftime wrote of the moment at which the file was begun: %H, %H%M (minutes of the day), %a or %A (0 Sunday), %j. */
export interface ToldMoment {
  readonly unit: Unit;
  readonly value: number;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const SECOND_NS = 1_000_000_000n;
const DAY_S = 86_400;

/** The writer's local time against UTC: no zone lies elsewhere than on a quarter of an hour, from −12 to +14 hours. */
const ZONE_STEP_S = 900;
const FIRST_ZONE_S = -12 * 3600;
const LAST_ZONE_S = 14 * 3600;
/** A file is begun for a packet at hand, which may have waited in the kernel's buffer for as long (1 s is tcpdump's timeout). */
const WAITED_S = 2;

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const YEAR = '(?:19|20)\\d\\d';
const DATE = `${YEAR}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\\d|3[01])`;
const NAMED_DATE = `(?:${DAY}[-_. ]?${MONTH}[-_., ]*${YEAR}|${MONTH}[-_. ]?${DAY}[-_., ]+${YEAR})`;
const HOUR = '(?:[01]\\d|2[0-3])';
const CLOCK = `${HOUR}[-_.:h]?[0-5]\\d(?:[-_.:m]?[0-5]\\d)?`;
/** What may be something else stands apart from the rest of the name. */
const APART = '(?:^|[-_. ]+)';
const END = '(?=$|[-_. ])';

interface Form {
  readonly pattern: RegExp;
  /** Of what may be something else: what it says. */
  readonly tell?: (match: RegExpExecArray) => ToldMoment;
}

const hour = (text: string): ToldMoment => ({ unit: 'hour', value: Number(text) });

/** What `-G` has strftime write: a date with the time of day, a date, seconds since 1970, a time of day with its seconds; then what is believed only where the frames bear it out. */
const FORMS: readonly Form[] = [
  { pattern: new RegExp(`[-_. ]?(?<!\\d)${DATE}[-T_. ]*${CLOCK}(?!\\d)Z?`, 'g') },
  {
    pattern: new RegExp(`${APART}${DATE}[-T_. ]*(${HOUR})${END}`),
    tell: ([, text]) => hour(text),
  },
  { pattern: new RegExp(`[-_. ]?(?<!\\d)${DATE}(?!\\d)Z?`, 'g') },
  { pattern: new RegExp(`[-_. ]?(?<![a-z\\d])${NAMED_DATE}(?:[-T_. ]*${CLOCK})?(?!\\d)Z?`, 'gi') },
  { pattern: /[-_. ]?(?<!\d)1\d{9}(?!\d)/g },
  { pattern: /[-_. ]?(?<!\d)(?:[01]\d|2[0-3])([-_.:]?)[0-5]\d\1[0-5]\d(?!\d)Z?/g },
  {
    pattern: new RegExp(`${APART}(?:${YEAR}[-_.]?)?([0-2]\\d\\d|3[0-5]\\d|36[0-6])${END}`),
    tell: ([, day]) => ({ unit: 'yearday', value: Number(day) }),
  },
  {
    pattern: new RegExp(`${APART}(${HOUR})[-_.:h]?([0-5]\\d)${END}`),
    tell: ([, hours, minutes]) => ({ unit: 'minute', value: Number(hours) * 60 + Number(minutes) }),
  },
  {
    pattern: new RegExp(`${APART}(sun|mon|tue|wed|thu|fri|sat)(?:[a-z]*day)?${END}`, 'i'),
    tell: ([, day]) => ({ unit: 'weekday', value: WEEKDAYS.indexOf(day.toLowerCase()) }),
  },
  { pattern: new RegExp(`${APART}(${HOUR})${END}`), tell: ([, text]) => hour(text) },
];

/** A name without the first kind of moment that stands in it; `told` where the moment needs a witness. */
export function readToldMoment(name: string): {
  readonly stem: string;
  readonly told: ToldMoment | null;
} {
  for (const { pattern, tell } of FORMS) {
    const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(name);
    if (match !== null)
      return { stem: name.replace(pattern, ''), told: tell === undefined ? null : tell(match) };
  }
  return { stem: name, told: null };
}

interface Told {
  readonly told: ToldMoment | null;
  /** The first frame, ns since 1970. */
  readonly first: bigint;
}

/** Whether the names say when the files, in order of time, were begun, by a clock of one time zone. The first may have waited for its first frame. */
export function bearsOut(members: readonly Told[]): boolean {
  if (members.every(({ told }) => told === null)) return true;
  const held = members.length > 2 ? members.slice(1) : members;
  for (let zone = FIRST_ZONE_S; zone <= LAST_ZONE_S; zone += ZONE_STEP_S)
    if (held.every((member) => isBegun(member, zone))) return true;
  return false;
}

function isBegun({ told, first }: Told, zone: number): boolean {
  if (told === null) return false;
  const seconds = Number(first / SECOND_NS) + zone;
  for (let waited = 0; waited <= WAITED_S; waited += 1)
    if (momentAt(told.unit, seconds - waited) === told.value) return true;
  return false;
}

/** Of local seconds since 1970, a Thursday. */
function momentAt(unit: Unit, seconds: number): number {
  switch (unit) {
    case 'minute':
      return Math.floor((seconds % DAY_S) / 60);
    case 'hour':
      return Math.floor((seconds % DAY_S) / 3600);
    case 'weekday':
      return (Math.floor(seconds / DAY_S) + 4) % 7;
    case 'yearday': {
      const year = new Date(seconds * 1000).getUTCFullYear();
      return Math.floor((seconds - Date.UTC(year, 0, 1) / 1000) / DAY_S) + 1;
    }
  }
}

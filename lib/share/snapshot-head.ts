// The written form of a snapshot, format hoplane.snapshot/0, without its journey columns (snapshot-columns.ts): its own shapes, checked on the way in and out.
// docs/snapshot.md describes it. A change here that an old reader can't take is a new version of the format.
import * as v from 'valibot';

export const SNAPSHOT_SCHEMA = 'hoplane.snapshot/0';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
const finite = v.pipe(v.number(), v.finite());
/** Nanoseconds since 1970; bounded, for it becomes a BigInt. */
const time = v.pipe(v.string(), v.regex(/^-?\d{1,24}$/, 'not a whole number of nanoseconds'));
const direction = v.picklist(['forward', 'reverse']);
/** A link is clicked: nothing but the web's own schemes may stand there. */
const webAddress = v.pipe(v.string(), v.regex(/^https?:\/\//, 'not a web address'));
const pair = v.tuple([v.string(), v.string()]);
const frame = v.object({ file: v.string(), frame: index });

const warning = v.object({
  code: v.picklist([
    'cut-short',
    'damaged',
    'not-a-capture',
    'unreadable',
    'unsupported-format',
    'unknown-link-type',
    'unknown-block',
    'time-missing',
    'time-range',
    'snaplen',
    'interfaces-untold',
    'link-contexts',
    'storage-full',
    'empty',
  ]),
  text: v.string(),
  offset: v.optional(count),
});

const capture = v.object({
  id: v.string(),
  file: v.string(),
  sha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  fingerprint: v.string(),
  format: v.string(),
  frames: count,
  firstTime: v.nullable(time),
  lastTime: v.nullable(time),
  warnings: v.array(warning),
});

/** Who a point is, as its traffic tells; absent where it does not, and in older snapshots. */
const role = v.object({
  kind: v.picklist(['end', 'host-end', 'edge', 'translator', 'router', 'underlay']),
  address: v.nullable(v.string()),
  confidence: v.picklist(['certain', 'likely']),
  text: v.string(),
  grounds: v.array(v.string()),
});

const point = v.object({
  id: v.string(),
  capture: index,
  name: v.string(),
  interface: v.nullable(v.string()),
  host: v.string(),
  frames: count,
  role: v.optional(role),
});

const clock = v.object({
  host: v.string(),
  reference: v.string(),
  state: v.picklist(['reference', 'solved', 'one-way', 'unknown']),
  samples: count,
  segments: v.array(
    v.object({
      from: time,
      to: time,
      epoch: time,
      offsetNs: finite,
      driftPpm: finite,
      errorNs: v.nullable(finite),
      unsure: v.optional(v.literal(true)),
    }),
  ),
  shared: v.optional(
    v.object({
      confidence: v.picklist(['certain', 'likely', 'by-hand']),
      apartNs: v.nullable(finite),
    }),
  ),
});

const side = v.picklist(['client', 'server']);

const connection = v.object({
  id: v.string(),
  protocol: v.string(),
  client: v.string(),
  server: v.string(),
  points: v.array(v.string()),
  legs: v.array(v.object({ point: v.string(), client: v.string(), server: v.string() })),
  translations: v.array(
    v.object({
      from: v.string(),
      to: v.string(),
      direction,
      kind: v.picklist(['dnat', 'snat', 'un-dnat', 'un-snat']),
      before: v.string(),
      after: v.string(),
    }),
  ),
  handshake: v.nullable(v.picklist(['complete', 'failed', 'unseen'])),
  close: v.nullable(v.picklist(['fin', 'reset', 'open', 'timeout'])),
  closing: v.optional(
    v.object({
      by: v.nullable(side),
      at: v.nullable(v.string()),
      finBefore: v.nullable(side),
      fromSender: v.boolean(),
    }),
  ),
  retransmissions: count,
  journeys: count,
  delivered: count,
  lost: count,
  missed: count,
  unknown: count,
  losses: v.array(v.object({ from: v.string(), to: v.string(), direction, count })),
  firstTime: finite,
  lastTime: finite,
  forwardStops: v.array(v.string()),
  reverseStops: v.array(v.string()),
});

const hop = v.object({
  from: v.string(),
  to: v.string(),
  direction,
  journeys: count,
  lost: count,
  reordered: v.optional(count),
  duplicated: v.optional(count),
  latencyNs: v.nullable(
    v.object({
      min: finite,
      p50: finite,
      p99: finite,
      max: finite,
      error: v.nullable(finite),
    }),
  ),
  cutFrames: v.optional(v.object({ frames: count, firstByteNs: finite, lastByteNs: finite })),
  order: v.optional(
    v.object({
      confidence: v.picklist(['certain', 'likely', 'tie']),
      ground: v.picklist(['ttl', 'time', 'both-directions', 'ends', 'macs', 'hosts', 'none']),
    }),
  ),
});

const frames = v.array(frame);

const sibling = v.object({
  connection: v.string(),
  text: v.string(),
  partings: v.array(
    v.object({
      kind: v.picklist(['hop', 'tuple', 'flag', 'timing', 'way', 'header']),
      text: v.string(),
      fields: v.optional(
        v.array(v.object({ field: v.string(), ours: v.string(), theirs: v.string() })),
      ),
      frames,
      siblingFrames: frames,
    }),
  ),
});

const confidence = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const grounds = v.array(v.object({ text: v.string(), speaks: v.picklist(['for', 'against']) }));

const cause = v.object({
  held: v.nullable(v.object({ text: v.string(), confidence, grounds })),
  open: v.array(v.object({ text: v.string(), decides: v.string(), command: v.string() })),
});

const finding = v.object({
  id: v.string(),
  rule: v.string(),
  severity: v.picklist(['failure', 'warning', 'note']),
  confidence,
  grounds: v.optional(grounds, []),
  cause: v.optional(v.nullable(cause), null),
  title: v.string(),
  summary: v.string(),
  connections: v.array(v.string()),
  between: v.nullable(pair),
  direction: v.optional(v.nullable(direction), null),
  steps: v.array(v.object({ text: v.string(), frames })),
  sibling: v.optional(v.nullable(sibling), null),
  times: v.optional(
    v.array(
      v.object({
        part: v.string(),
        ns: finite,
        usualNs: v.nullable(finite),
        errorNs: v.nullable(finite),
      }),
    ),
    [],
  ),
  alternatives: v.array(v.object({ rule: v.string(), why: v.string() })),
  confirm: v.array(v.object({ text: v.string(), command: v.string() })),
  evidence: v.array(
    v.object({
      file: v.string(),
      line: count,
      text: v.string(),
      speaks: v.picklist(['for', 'against']),
    }),
  ),
  fix: v.nullable(v.string()),
  references: v.array(v.object({ title: v.string(), url: webAddress })),
});

const rule = v.object({
  rule: v.string(),
  result: v.picklist(['found', 'healthy', 'notApplicable']),
  reason: v.string(),
  lacks: v.optional(
    v.array(v.object({ text: v.string(), where: v.string(), command: v.string() })),
    [],
  ),
});

const note = v.object({
  id: v.string(),
  target: v.variant('kind', [
    v.object({ kind: v.literal('frame'), file: v.string(), frame: index }),
    v.object({ kind: v.literal('connection'), connection: v.string() }),
    v.object({ kind: v.literal('finding'), finding: v.string() }),
  ]),
  text: v.string(),
});

const view = v.object({
  connections: v.array(v.string()),
  finding: v.nullable(v.string()),
  selected: v.nullable(frame),
  span: v.nullable(v.tuple([finite, finite])),
  lanes: v.object({
    order: v.array(v.string()),
    hidden: v.array(v.string()),
    names: v.record(v.string(), v.string()),
  }),
});

const frameKey = v.object({ capture: v.string(), frame: index });

/** What was corrected by hand before the analysis that is kept here; absent where nothing was. */
const corrections = v.object({
  matches: v.array(
    v.object({ kind: v.picklist(['pin', 'forbid']), first: frameKey, second: frameKey }),
  ),
  clocks: v.array(v.object({ capture: v.string(), nudgeNs: finite })),
  points: v.array(
    v.variant('kind', [
      v.object({
        kind: v.literal('merge'),
        capture: v.string(),
        place: v.string(),
        into: v.string(),
        intoCapture: v.optional(v.string()),
      }),
      v.object({
        kind: v.literal('split'),
        capture: v.string(),
        place: v.string(),
        by: v.picklist(['direction', 'vlan']),
      }),
    ]),
  ),
  hosts: v.optional(
    v.array(
      v.variant('kind', [
        v.object({ kind: v.literal('alone'), capture: v.string() }),
        v.object({ kind: v.literal('with'), capture: v.string(), other: v.string() }),
      ]),
    ),
    [],
  ),
});

/** What the columns' indices point into, and how many rows they have. */
const window = v.object({
  baseTime: time,
  files: v.array(v.string()),
  connections: v.array(v.string()),
  protocols: v.array(index),
  strings: v.array(v.string()),
  /** Words by the codes in the columns: a code's meaning travels with it. */
  fates: v.array(v.string()),
  reasons: v.array(v.string()),
  journeys: index,
  sightings: index,
  omitted: count,
});

export const snapshotHead = v.object({
  schema: v.literal(SNAPSHOT_SCHEMA),
  title: v.string(),
  tool: v.object({ name: v.string(), version: v.string() }),
  captures: v.array(capture),
  points: v.array(point),
  clocks: v.array(clock),
  connections: v.array(connection),
  hops: v.array(hop),
  findings: v.array(finding),
  rules: v.array(rule),
  notes: v.array(note),
  corrections: v.optional(corrections),
  view,
  window,
});

export type SnapshotHead = v.InferOutput<typeof snapshotHead>;
export type WindowHead = SnapshotHead['window'];

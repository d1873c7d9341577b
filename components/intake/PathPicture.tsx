// What Hoplane does, in one picture: a packet at every point of its path, translated at one hop; its reply, which is not turned back; its retry, lost on the way.
// Drawn as the workspace draws, at the same sizes; a narrow screen gets fewer lanes, not smaller letters.
import { classNames } from '@/components/ui/class-names';

interface Lane {
  readonly x: number;
  readonly name: string;
}

interface Drawing {
  readonly width: number;
  readonly lanes: readonly Lane[];
  /** Where lanes stand together, and what is written over them. */
  readonly places: readonly { readonly text: string; readonly from: number; readonly to: number }[];
  /** The lane before the hop that translates. */
  readonly nat: number;
  /** Lanes that a reply passes. */
  readonly reply: readonly number[];
  readonly hasTimes: boolean;
  readonly translated: string;
  readonly notRestored: string;
  readonly lost: string;
}

const WIDE: Drawing = {
  width: 816,
  lanes: [
    { x: 118, name: 'eth0' },
    { x: 244, name: 'veth5b02' },
    { x: 374, name: 'tun0' },
    { x: 446, name: 'tun0′' },
    { x: 572, name: 'veth91c7' },
    { x: 700, name: 'eth0' },
  ],
  places: [
    { text: 'client pod', from: 0, to: 0 },
    { text: 'node', from: 1, to: 4 },
    { text: 'server pod', from: 5, to: 5 },
  ],
  nat: 2,
  reply: [5, 4, 1, 0],
  hasTimes: true,
  translated: 'DNAT 172.30.249.115:9443 → 10.128.3.214:9443',
  notRestored: 'src not restored: 10.128.3.214, expected 172.30.249.115',
  lost: 'lost between tun0 and tun0′',
};

const NARROW: Drawing = {
  width: 292,
  lanes: [
    { x: 26, name: 'eth0' },
    { x: 104, name: 'tun0' },
    { x: 156, name: 'tun0′' },
    { x: 234, name: 'eth0' },
  ],
  places: [
    { text: 'client', from: 0, to: 0 },
    { text: 'node', from: 1, to: 2 },
    { text: 'server', from: 3, to: 3 },
  ],
  nat: 1,
  reply: [3, 0],
  hasTimes: false,
  translated: 'DNAT service → pod',
  notRestored: 'src not restored',
  lost: 'lost here',
};

const HEIGHT = 228;
const SENT = 66;
const REPLY = 128;
const RETRY = 196;
/** What a hop takes, down the picture. */
const DROP = 2;
const BADGE_PX = 20;

export function PathPicture() {
  return (
    <figure
      role="img"
      aria-label="One packet drawn as a line over the capture points of its path: translated at the node. Its reply comes back without the translation. The packet is sent again and lost in the node."
    >
      <Picture drawing={WIDE} className="max-sm:hidden" />
      <Picture drawing={NARROW} className="sm:hidden" />
    </figure>
  );
}

function Picture({
  drawing,
  className,
}: {
  readonly drawing: Drawing;
  readonly className: string;
}) {
  const { width, lanes, nat, reply, hasTimes } = drawing;
  const last = lanes.length - 1;
  const half = (lanes[nat].x + lanes[nat + 1].x) / 2;
  const at = (row: number, lane: number): string => `${lanes[lane].x} ${row + lane * DROP}`;
  const before = lanes.slice(0, nat + 1).map((_, lane) => at(SENT, lane));
  const after = lanes.slice(nat + 1).map((_, lane) => at(SENT, nat + 1 + lane));
  const onHop = (row: number): string => `${half} ${row + (nat + 0.5) * DROP}`;
  const labelX = lanes[last].x + 20;
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className={classNames('w-full fill-none', className)}
    >
      <Heads drawing={drawing} />
      {hasTimes && (
        <>
          <Text x={0} y={SENT} text="0.000000" className="fill-muted" />
          <Text x={0} y={REPLY + 6} text="0.000286" className="fill-muted" />
          <Text x={0} y={RETRY} text="1.012131" className="fill-muted" />
        </>
      )}
      <g strokeWidth={1.5}>
        <path d={`M${before.join('L')}L${onHop(SENT)}`} className="stroke-forward" />
        <path d={`M${onHop(SENT)}L${after.join('L')}`} className="stroke-nat" />
        <path
          d={`M${reply.map((lane, hop) => `${lanes[lane].x} ${REPLY + hop * DROP}`).join('L')}`}
          className="stroke-reverse"
        />
        <path
          d={`M${lanes
            .slice(0, nat + 1)
            .map((_, lane) => at(RETRY, lane))
            .join('L')}L${onHop(RETRY)}`}
          strokeDasharray="2 3"
          className="stroke-warning"
        />
      </g>
      {lanes.map(({ x }, lane) => (
        <g key={x}>
          <circle
            cx={x}
            cy={SENT + lane * DROP}
            r={4}
            className={lane <= nat ? 'fill-forward' : 'fill-nat'}
          />
          {reply.includes(lane) && (
            <circle cx={x} cy={REPLY + reply.indexOf(lane) * DROP} r={4} className="fill-reverse" />
          )}
          {lane <= nat && <circle cx={x} cy={RETRY + lane * DROP} r={4} className="fill-forward" />}
        </g>
      ))}
      <path
        d={`M${half - 5} ${RETRY + (nat + 0.5) * DROP - 5}l10 10m0 -10l-10 10`}
        strokeWidth={2}
        className="stroke-failure"
      />
      <Badge x={half} y={SENT + 26} text={drawing.translated} look="nat" />
      <Badge x={half} y={REPLY + 26} text={drawing.notRestored} look="failure" />
      <Text x={half + 14} y={RETRY + 7} text={drawing.lost} className="fill-failure" />
      <Text x={labelX} y={SENT + last * DROP} text="[S]" className="fill-ink" />
      <Text x={labelX} y={REPLY} text="[S.]" className="fill-ink" />
      {hasTimes && <Text x={labelX} y={RETRY} text="[S] retry 1" className="fill-warning" />}
    </svg>
  );
}

function Heads({ drawing: { lanes, places } }: { readonly drawing: Drawing }) {
  return (
    <>
      {lanes.map(({ x, name }) => (
        <g key={x}>
          <path d={`M${x} 46V${HEIGHT}`} className="stroke-line" />
          <text x={x} y={36} textAnchor="middle" className="fill-ink text-[12.5px] font-semibold">
            {name}
          </text>
        </g>
      ))}
      {places.map(({ text, from, to }) => {
        const middle = (lanes[from].x + lanes[to].x) / 2;
        const gap = text.length * 3 + 10;
        return (
          <g key={text}>
            <text x={middle} y={14} textAnchor="middle" className="fill-muted text-2xs">
              {text}
            </text>
            {to > from && (
              <path
                d={`M${lanes[from].x - 14} 15v-5H${middle - gap}M${middle + gap} 10H${lanes[to].x + 14}v5`}
                className="stroke-line-strong"
              />
            )}
          </g>
        );
      })}
    </>
  );
}

function Text({
  x,
  y,
  text,
  className,
}: {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly className: string;
}) {
  return (
    <text x={x} y={y + 4} className={classNames('figures text-xs', className)}>
      {text}
    </text>
  );
}

const LOOKS = {
  nat: { box: 'fill-nat-surface stroke-nat', text: 'fill-nat' },
  failure: { box: 'fill-failure stroke-failure', text: 'fill-surface' },
} as const;

function Badge({
  x,
  y,
  text,
  look,
}: {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly look: keyof typeof LOOKS;
}) {
  // A character of figures of 11 px is 6.6 wide.
  const width = Math.ceil(text.length * 6.6) + 14;
  return (
    <>
      <rect
        x={x - width / 2}
        y={y - BADGE_PX / 2}
        width={width}
        height={BADGE_PX}
        rx={3}
        className={LOOKS[look].box}
      />
      <text
        x={x}
        y={y + 4}
        textAnchor="middle"
        className={classNames('figures text-2xs font-medium', LOOKS[look].text)}
      >
        {text}
      </text>
    </>
  );
}

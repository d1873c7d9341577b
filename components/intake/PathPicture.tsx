// What Hoplane does, in one picture: one packet at five points of its path, translated at one of them; its retry, lost at another.

const LANES = [
  { x: 84, name: 'client pod', point: 'eth0' },
  { x: 246, name: 'node', point: 'veth5b02' },
  { x: 408, name: 'node', point: 'tun0' },
  { x: 570, name: 'node', point: 'veth91c7' },
  { x: 732, name: 'server pod', point: 'eth0' },
] as const;

const FIRST = 62;
const REPLY = 94;
const RETRY = 126;

export function PathPicture() {
  return (
    <svg
      viewBox="0 0 860 152"
      className="w-full"
      role="img"
      aria-label="One packet drawn as a line over five capture points: translated at the third. Its reply comes back. A later packet is lost between the third and the fourth."
    >
      {LANES.map((lane) => (
        <g key={lane.x}>
          <text x={lane.x} y={11} textAnchor="middle" className="fill-faint text-[10px]">
            {lane.name}
          </text>
          <text x={lane.x} y={26} textAnchor="middle" className="figures fill-ink text-[11px]">
            {lane.point}
          </text>
          <line x1={lane.x} x2={lane.x} y1={36} y2={150} className="stroke-line" />
        </g>
      ))}
      <path d={`M84 ${FIRST - 6} L408 ${FIRST}`} className="stroke-forward" strokeWidth={1.5} />
      <path d={`M408 ${FIRST} L732 ${FIRST + 6}`} className="stroke-nat" strokeWidth={1.5} />
      <path d={`M84 ${REPLY + 6} L732 ${REPLY - 4}`} className="stroke-reverse" strokeWidth={1.5} />
      <path
        d={`M84 ${RETRY - 4} L408 ${RETRY + 1} L486 ${RETRY + 3}`}
        className="fill-none stroke-forward"
        strokeWidth={1.5}
      />
      <path
        d={`M482 ${RETRY - 2} l8 10 m0 -10 l-8 10`}
        className="stroke-failure"
        strokeWidth={2}
      />
      {LANES.map((lane, index) => (
        <g key={lane.x}>
          <circle
            cx={lane.x}
            cy={FIRST - 6 + index * 3}
            r={3}
            className={index < 3 ? 'fill-forward' : 'fill-nat'}
          />
          <circle cx={lane.x} cy={REPLY + 6 - index * 2.5} r={3} className="fill-reverse" />
          {index < 3 && (
            <circle cx={lane.x} cy={RETRY - 4 + index * 2.5} r={3} className="fill-forward" />
          )}
        </g>
      ))}
      <g>
        <rect
          x={322}
          y={67}
          width={172}
          height={17}
          rx={3}
          className="fill-nat-surface stroke-nat"
        />
        <text x={408} y={79} textAnchor="middle" className="figures fill-nat text-[10px]">
          DNAT service → pod:8443
        </text>
      </g>
      <text x={748} y={FIRST + 10} className="figures fill-muted text-[11px]">
        [S]
      </text>
      <text x={748} y={REPLY} className="figures fill-muted text-[11px]">
        [S.]
      </text>
      <rect x={494} y={RETRY - 5} width={144} height={16} className="fill-surface" />
      <text x={498} y={RETRY + 7} className="figures fill-failure text-[11px]">
        lost here, sent again
      </text>
    </svg>
  );
}

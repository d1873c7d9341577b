'use client';
// What was corrected by hand, one line each, to be taken back.
import { X } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/components/ui/Button';
import { SectionHeading } from '@/components/ui/SectionHeading';
import { formatDuration } from '@/lib/base/time';
import type { CaptureInterface } from '@/lib/model/capture';
import { type Corrections, countCorrections, type FrameKey } from '@/lib/model/corrections';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { CaptureRow, Session } from '@/lib/store/workspace-state';

const NO_CAPTURES: readonly CaptureRow[] = [];

export function CorrectionList() {
  const corrections = useWorkspace((state) => state.view.corrections);
  const captures = useWorkspace((state) => state.status?.captures ?? NO_CAPTURES);
  const session = useWorkspace((state) => state.session);
  const named = useMemo(() => nameCaptures(captures, session), [captures, session]);
  if (countCorrections(corrections) === 0) return null;
  return (
    <>
      <SectionHeading>Corrected by hand</SectionHeading>
      <ul className="pb-2">
        {describe(corrections, named).map(({ text, without }) => (
          <li key={text} className="flex items-center gap-1 px-3.5 text-xs">
            <span className="figures min-w-0 flex-1 break-words">{text}</span>
            {session.kind === 'live' && (
              <Button
                look="quiet"
                size="small"
                aria-label={`Take back: ${text}`}
                onClick={() => workspace.hand.correct(without)}
              >
                <X size={12} aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What of a capture a place is: `tun0`, `if6 in`; empty where the capture has no more than one. */
function describePlace(key: string, interfaces: readonly CaptureInterface[]): string {
  const [place, ...part] = key.split(' ');
  const [number, ifindex] = place.split('/').map(Number);
  const named =
    ifindex > 0
      ? `if${ifindex}`
      : interfaces.length > 1
        ? (interfaces[number]?.name ?? `#${number}`)
        : '';
  return [named, ...part].filter((word) => word !== '').join(' ');
}

interface NamedCapture {
  readonly file: string;
  readonly fingerprint: string;
  readonly interfaces: readonly CaptureInterface[];
}

/** Those that are read, or those of a snapshot. */
const nameCaptures = (
  captures: readonly CaptureRow[],
  session: Session,
): readonly NamedCapture[] =>
  session.kind === 'snapshot'
    ? session.snapshot.captures.map((one) => ({ ...one, interfaces: [] }))
    : captures.flatMap(({ file, status }) =>
        status.state === 'ready' ? [{ file, ...status.summary }] : [],
      );

interface Line {
  readonly text: string;
  /** The corrections without this one. */
  readonly without: Corrections;
}

function describe(corrections: Corrections, captures: readonly NamedCapture[]): readonly Line[] {
  const { matches, clocks, points, hosts } = corrections;
  const find = (wanted: string) => captures.find(({ fingerprint }) => fingerprint === wanted);
  const fileOf = (fingerprint: string): string =>
    find(fingerprint)?.file ?? 'a capture that is not open';
  const placeOf = (fingerprint: string, key: string): string => {
    const told = describePlace(key, find(fingerprint)?.interfaces ?? []);
    return told === '' ? fileOf(fingerprint) : `${fileOf(fingerprint)} ${told}`;
  };
  const frame = ({ capture, frame: number }: FrameKey): string => `${fileOf(capture)}#${number}`;
  return [
    ...matches.map((one) => ({
      text: `${frame(one.first)} and ${frame(one.second)}: ${one.kind === 'pin' ? 'one connection' : 'two connections'}`,
      without: { ...corrections, matches: matches.filter((other) => other !== one) },
    })),
    ...clocks.map((one) => ({
      text: `Clock of ${fileOf(one.capture)}: ${formatDuration(Math.abs(one.nudgeNs))} ${one.nudgeNs > 0 ? 'further ahead' : 'further behind'} than solved`,
      without: { ...corrections, clocks: clocks.filter((other) => other !== one) },
    })),
    ...points.map((one) => ({
      text:
        one.kind === 'split'
          ? `${placeOf(one.capture, one.place)} split by ${one.by === 'vlan' ? 'VLAN' : 'direction'}`
          : `${placeOf(one.capture, one.place)} merged into ${placeOf(one.intoCapture ?? one.capture, one.into)}`,
      without: { ...corrections, points: points.filter((other) => other !== one) },
    })),
    ...hosts.map((one) => ({
      text:
        one.kind === 'alone'
          ? `${fileOf(one.capture)}: a host of its own`
          : `${fileOf(one.capture)} and ${fileOf(one.other)}: one host`,
      without: { ...corrections, hosts: hosts.filter((other) => other !== one) },
    })),
  ];
}

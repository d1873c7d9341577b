// What a reader must know of the captures before any verdict: defects of the captures, spans that do not cover each other, clocks that can't be trusted.
// Three rules over the fitness check (lib/correlate/fitness.ts) and the solved clocks.
import { counted } from '../../base/counted';
import { formatDuration } from '../../base/time';
import type { Finding } from '../../model/finding';
import type { FitnessCode, FitnessFinding } from '../../model/fitness';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import type { Rule, RuleAnswer } from '../rule';
import { emptyParts, listed, step } from '../story';
import { THRESHOLDS } from '../thresholds';

const WINDOW: ReadonlySet<FitnessCode> = new Set([
  'nothing-in-common',
  'spans-apart',
  'late-start',
  'early-end',
]);
const CLOCK: ReadonlySet<FitnessCode> = new Set(['clock-unknown', 'clock-one-way']);
/** Answers that take another way are how some networks are (OpenShift SDN's replies bypass tun0): a remark of the fitness check, no defect. */
const NO_DEFECT: ReadonlySet<FitnessCode> = new Set(['one-way']);

const COPY: FitnessCode = 'same-frames';

/** Something to be said of captures, named by ids or files. */
type Remark = Pick<FitnessFinding, 'captures' | 'text'>;

interface ClockRemark extends Remark {
  readonly headline: string;
}

interface Manner {
  /** Of the rule. */
  readonly id: string;
  /** Tells findings of one rule apart. */
  readonly part?: string;
  readonly headline: string;
  readonly summary: string;
  readonly fix: string;
  readonly healthy: string;
  readonly confirm?: Finding['confirm'];
}

const COPIES: Manner = {
  id: 'capture-defect',
  part: 'copy',
  headline: 'The same capture was given more than once',
  summary: 'A copy adds nothing: its lane repeats the other’s, and nothing is missing.',
  fix: 'Take the copy out of the case. If two points were meant, look for the file of the other one.',
  healthy: '',
};

function judge(facts: CaseFacts, told: readonly Remark[], manner: Manner): RuleAnswer {
  if (facts.points.length === 0)
    return { result: 'notApplicable', reason: 'There are no captures.' };
  if (told.length === 0) return { result: 'healthy', reason: manner.healthy };
  const captures = [...new Set(told.flatMap((one) => one.captures))];
  const finding: Finding = {
    ...emptyParts,
    id: [manner.id, ...(manner.part === undefined ? [] : [manner.part]), ...captures].join('-'),
    rule: manner.id,
    // Not a fault of the network: a reader must know it, no one need be woken for it.
    severity: 'note',
    ...weigh(0.9, 'The captures themselves show it: counted over all their frames.'),
    title: manner.headline,
    summary: `${manner.summary} ${told[0].text}${told.length > 1 ? ` And ${counted(told.length - 1, 'more remark')} below.` : ''}`,
    connections: [],
    between: null,
    steps: told.map((one) => step(one.text, [])),
    confirm: manner.confirm ?? [],
    fix: manner.fix,
    references: [],
  };
  return {
    result: 'found',
    findings: [finding],
    reason: `${counted(told.length, 'remark')} on ${counted(captures.length, 'capture')}.`,
  };
}

export const captureDefect: Rule = {
  id: 'capture-defect',
  title: 'Captures that miss what passed them',
  needs: 'captures that share packets',
  judge: (facts) => {
    const copies = facts.fitness.filter(({ code }) => code === COPY);
    const defects = judge(
      facts,
      facts.fitness.filter(
        ({ code }) =>
          code !== COPY && !WINDOW.has(code) && !CLOCK.has(code) && !NO_DEFECT.has(code),
      ),
      {
        id: 'capture-defect',
        headline: 'The captures do not show all that passed',
        summary: 'What is missing in a capture looks like loss and is none.',
        fix: 'Capture again without a filter on addresses, with -s 0 (or at least -s 128) and a larger buffer (tcpdump -B 65536), writing to a fast disk; note the lines “packets dropped by kernel” that tcpdump prints at its end.',
        healthy: 'No capture misses packets that passed it, cuts headers, or hides a direction.',
      },
    );
    return copies.length === 0 ? defects : withCopies(defects, judge(facts, copies, COPIES));
  },
};

/** Nothing is missing from a copy, so it is no part of what looks like loss. */
function withCopies(defects: RuleAnswer, copies: RuleAnswer): RuleAnswer {
  if (defects.result !== 'found' || copies.result !== 'found') return copies;
  return {
    result: 'found',
    findings: [...defects.findings, ...copies.findings],
    reason: `${defects.reason} ${copies.reason}`,
  };
}

export const captureWindow: Rule = {
  id: 'capture-window',
  title: 'Captures that do not cover the same time',
  needs: 'two captures or more',
  judge: (facts) =>
    judge(
      facts,
      facts.fitness.filter(({ code }) => WINDOW.has(code)),
      {
        id: 'capture-window',
        headline: 'The captures do not cover the same time',
        summary: 'Only the span that all captures have in common can be compared.',
        fix: 'Start all captures before the fault and stop them after it, by one command where possible.',
        healthy: 'The captures cover the same time, and share packets.',
      },
    ),
};

export const clockFault: Rule = {
  id: 'clock-fault',
  title: 'Clocks that stepped, drift or can’t be aligned',
  needs: 'captures of two hosts with common packets, both ways',
  judge(facts) {
    const steps = findClockFaults(facts);
    const untold = facts.fitness.filter(({ code }) => CLOCK.has(code));
    if (facts.clocks.length < 2 && steps.length === 0)
      return { result: 'notApplicable', reason: 'All captures have one clock.' };
    return judge(facts, [...steps, ...untold], {
      id: 'clock-fault',
      headline:
        steps.length === 1
          ? steps[0].headline
          : steps.length > 1
            ? `Clocks step or drift, ${counted(steps.length, 'time')}`
            : 'Clocks could not be aligned for certain',
      confirm: [
        {
          text: 'On each host: how far its clock is off, what corrects it, and when it was stepped.',
          command: 'chronyc tracking; timedatectl; journalctl -u chronyd -u ntpd | grep -i step',
        },
      ],
      summary:
        'Latencies between hosts, and the order of events on them, are known no better than the clocks.',
      fix: 'Let chrony or ntpd run on all hosts, and capture when they are in step (chronyc tracking).',
      healthy: `${counted(facts.clocks.length, 'clock')} aligned, without steps.`,
    });
  },
};

/** Steps between segments, and drifts that no crystal has. */
function findClockFaults(facts: CaseFacts): readonly ClockRemark[] {
  return facts.clocks.flatMap(({ host, segments }): ClockRemark[] => {
    const names = facts.points.filter((point) => point.host === host);
    if (names.length === 0) return [];
    const told = (headline: string, more: string): ClockRemark => ({
      captures: names.map(({ file }) => file),
      text: `${headline}: ${more}.`,
      headline,
    });
    const where = listed([...new Set(names.map(({ name }) => name))]);
    const steps = segments.slice(1).flatMap((segment, index): ClockRemark[] => {
      const before = segments[index];
      const elapsed = Number(BigInt(segment.from) - BigInt(before.epoch));
      const jump =
        segment.offsetNs +
        segment.driftPpm * 1e-6 * Number(BigInt(segment.from) - BigInt(segment.epoch)) -
        (before.offsetNs + before.driftPpm * 1e-6 * elapsed);
      if (Math.abs(jump) < THRESHOLDS.clockStepNs) return [];
      return [
        told(
          `The clock of ${where} steps by ${jump > 0 ? '+' : '−'}${formatDuration(Math.abs(jump))}`,
          'what follows is aligned by itself',
        ),
      ];
    });
    const wild = segments.filter(({ driftPpm }) => Math.abs(driftPpm) > THRESHOLDS.driftPpm);
    return [
      ...steps,
      ...(wild.length > 0
        ? [
            told(
              `The clock of ${where} drifts by ${wild[0].driftPpm.toFixed(0)} ppm against the reference, more than ${THRESHOLDS.driftPpm}`,
              'it is being slewed, or broken',
            ),
          ]
        : []),
    ];
  });
}

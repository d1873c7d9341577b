// What was collected beside the captures, held against the findings: a counter that rises while the connections concerned were there speaks for its cause,
// one that was watched and stood still speaks against; entries of connection tracking and levels speak for what they show.
import type { Evidence } from '../model/evidence';
import type { Finding, FindingCause } from '../model/finding';
import { type CounterChange, changesWithin, type Span, utcSecond } from './counter-facts';
import type { CaseFacts } from './facts';
import { levelsSay } from './level-evidence';
import { OPEN_CAUSES, SPEAKING, TELLING, type Telling } from './speaking-counters';
import type { Testimony } from './testimony';
import { entriesSay } from './tracked-evidence';

/** What a rise adds to a verdict, to the certainty of its cause, and to a consideration, which it takes above what packets alone allow. */
const ADDS = 0.05;
const ADDS_TO_CAUSE = 0.2;
const MOST_OF_CAUSE = 0.95;
const ADDS_TO_NOTE = 0.3;
const MOST_OF_NOTE = 0.85;

/** The finding with what the evidence says of it; itself where that is nothing. */
export function weighEvidence(
  facts: CaseFacts,
  finding: Finding,
  evidence: readonly Evidence[],
): Finding {
  if (evidence.length === 0) return finding;
  const span = spanOf(facts, finding);
  const telling = tellCause(facts, finding, evidence, span);
  const testimonies = [
    ...(telling === undefined ? countersSay(finding, evidence, span) : [telling.testimony]),
    ...entriesSay(facts, finding, evidence),
    ...levelsSay(finding, evidence, span),
  ];
  const weighed = testimonies.reduce(addTestimony, finding);
  return telling === undefined ? weighed : nameCause(weighed, telling);
}

function addTestimony(finding: Finding, testimony: Testimony): Finding {
  const { told, speaks, takes, ground, isUndated } = testimony;
  if (isUndated === true)
    return {
      ...finding,
      grounds: [...finding.grounds, { text: ground, speaks }],
      evidence: [...finding.evidence, ...told],
    };
  const isNote = finding.severity === 'note';
  const by = speaks === 'for' ? (isNote ? ADDS_TO_NOTE : ADDS) : -takes;
  const confidence = Math.min(
    isNote ? Math.max(MOST_OF_NOTE, finding.confidence) : 0.99,
    Math.max(0.05, finding.confidence + by),
  );
  return {
    ...finding,
    confidence: Math.round(confidence * 100) / 100,
    grounds: [...finding.grounds, { text: ground, speaks }],
    cause: addToCause(finding.cause, { speaks, takes, ground }),
    evidence: [...finding.evidence, ...told],
  };
}

/** What is counted beside the captures speaks of the cause above all. */
function addToCause(
  cause: FindingCause | null,
  { speaks, takes, ground }: Pick<Testimony, 'speaks' | 'takes' | 'ground'>,
): FindingCause | null {
  if (cause === null || cause.held === null) return cause;
  const { held } = cause;
  const by = speaks === 'for' ? ADDS_TO_CAUSE : -takes;
  const confidence = Math.min(
    Math.max(MOST_OF_CAUSE, held.confidence),
    Math.max(0.05, held.confidence + by),
  );
  return {
    ...cause,
    held: {
      ...held,
      confidence: Math.round(confidence * 100) / 100,
      grounds: [...held.grounds, { text: ground, speaks }],
    },
  };
}

function countersSay(
  finding: Finding,
  evidence: readonly Evidence[],
  span: Span,
): readonly Testimony[] {
  const speaking = SPEAKING[finding.rule];
  if (speaking === undefined) return [];
  const watched = changesWithin(evidence, speaking.counters, span);
  if (watched.length === 0) return [];
  const risen = watched.filter(({ first, last }) => last.value > first.value);
  const rises = risen.length > 0;
  return [
    {
      speaks: rises ? 'for' : 'against',
      takes: speaking.takes,
      ground: rises
        ? 'A counter collected beside the captures rises with it.'
        : `Counters collected beside the captures stand still${speaking.takes === 0 ? ', which leaves other causes' : ''}.`,
      told: (rises ? risen : watched).map((change) =>
        tell(change, rises ? speaking.rises : speaking.still),
      ),
    },
  ];
}

interface Named {
  readonly cause: Telling;
  readonly testimony: Testimony;
  readonly sentence: string;
}

/** Where packets show only that something was lost, and a counter rose by as much meanwhile: it tells who dropped it. */
function tellCause(
  facts: CaseFacts,
  finding: Finding,
  evidence: readonly Evidence[],
  span: Span,
): Named | undefined {
  if (!OPEN_CAUSES.has(finding.rule)) return undefined;
  const ids = new Set(finding.connections);
  const lost = facts.connections
    .filter(({ id }) => ids.has(id))
    .reduce((sum, one) => sum + (one.lost > 0 ? one.lost : one.journeys), 0);
  for (const cause of TELLING) {
    const change = changesWithin(evidence, cause.counters, span).find(
      ({ first, last }) => last.value - first.value >= Math.max(1, lost),
    );
    if (change === undefined) continue;
    const told = tell(change, cause.says);
    return {
      cause,
      sentence: told.text,
      testimony: {
        speaks: 'for',
        takes: 0,
        told: [told],
        ground:
          'A counter collected beside the captures rises by as many packets as are lost, and more, and names the cause.',
      },
    };
  }
  return undefined;
}

const CONFIRMS_OTHER = 'What is to be confirmed below.';

/** How sure the cause is that a counter names: it rose by as much as was lost, and may have counted other packets. */
const NAMED_BY_COUNTER = 0.8;

const nameCause = (finding: Finding, { cause, sentence, testimony }: Named): Finding => ({
  ...finding,
  cause: {
    held: {
      text: `${cause.says[0].toUpperCase()}${cause.says.slice(1)}.`,
      confidence: NAMED_BY_COUNTER,
      grounds: [{ text: testimony.ground, speaks: 'for' }],
    },
    open: [
      ...(finding.cause?.held == null
        ? []
        : [{ text: finding.cause.held.text, decides: CONFIRMS_OTHER, command: '' }]),
      ...(finding.cause?.open ?? []),
    ],
  },
  summary: `${finding.summary} The evidence beside the captures names the cause: ${sentence}`,
  alternatives: [
    { rule: cause.rule, why: `It is the likelier reading, with what was counted: ${cause.says}.` },
    ...finding.alternatives.filter(({ rule }) => rule !== cause.rule),
  ],
  confirm: [cause.confirm, ...finding.confirm],
  fix: cause.fix,
});

const tell = (change: CounterChange, means: string): Finding['evidence'][number] => ({
  file: change.file,
  line: change.last.line,
  text: sentence(change, means),
  speaks: change.last.value > change.first.value ? 'for' : 'against',
});

/** From the first to the last packet of the finding's connections; null: it has none. */
function spanOf(facts: CaseFacts, finding: Finding): Span {
  const ids = new Set(finding.connections);
  const concerned = facts.connections.filter(({ id }) => ids.has(id));
  if (concerned.length === 0) return null;
  const base = Number(facts.baseTime / 1_000_000n);
  return [
    base + Math.min(...concerned.map(({ firstTime }) => firstTime)) / 1e6,
    base + Math.max(...concerned.map(({ lastTime }) => lastTime)) / 1e6,
  ];
}

function sentence({ name, first, last }: CounterChange, means: string): string {
  if (first === last)
    return `${name} is 0${last.timeMs === null ? '' : ` at ${utcSecond(last.timeMs)} UTC`} and has never risen: ${means}.`;
  const when =
    first.timeMs === null || last.timeMs === null
      ? 'from its first sample to its last'
      : `from ${utcSecond(first.timeMs)} to ${utcSecond(last.timeMs)} UTC`;
  return last.value > first.value
    ? `${name} rises by ${last.value - first.value}, to ${last.value}, ${when}: ${means}.`
    : `${name} stands still at ${last.value} ${when}: ${means}.`;
}

'use client';
// What was looked at besides the findings, folded: the checks that found nothing, those that do not apply, and the captures that would let them.
import { Disclosure } from '@/components/ui/Disclosure';
import { formatQuantity } from '@/components/ui/format-number';
import type { RuleResult } from '@/lib/model/finding';
import { wantedCaptures } from '@/lib/model/finding-text';
import { useWorkspace } from '@/lib/store/workspace';
import { CommandLine } from './CommandLine';
import { TechnicalText } from './TechnicalText';

const RESULT_WORDS = { healthy: 'found nothing', notApplicable: 'does not apply' } as const;

const NO_RULES: readonly RuleResult[] = [];

export function Checks() {
  const rules = useWorkspace((state) => state.diagnosis?.rules ?? NO_RULES);
  const quiet = rules.filter((rule) => rule.result !== 'found');
  if (quiet.length === 0) return null;
  const count = (result: RuleResult['result']) =>
    quiet.filter((rule) => rule.result === result).length;
  return (
    <Disclosure
      className="px-2.5"
      line={
        <span className="text-muted">
          {formatQuantity(count('healthy'), 'check')} found nothing
          {count('notApplicable') > 0 && `, ${count('notApplicable')} do not apply`}
        </span>
      }
    >
      <dl className="pb-2">
        {quiet.map(({ rule, result, reason }) => (
          <div key={rule} className="px-3.5 py-1 pl-7 text-xs">
            <dt className="flex items-baseline justify-between gap-2">
              <span className="figures">{rule}</span>
              <span className={result === 'healthy' ? 'text-healthy' : 'text-faint'}>
                {result === 'found' ? '' : RESULT_WORDS[result]}
              </span>
            </dt>
            <dd className="text-muted">
              <TechnicalText text={reason} />
            </dd>
          </div>
        ))}
      </dl>
      <WantedCaptures rules={quiet} />
    </Disclosure>
  );
}

/** What would let the others run: a capture for each, with its command. */
function WantedCaptures({ rules }: { readonly rules: readonly RuleResult[] }) {
  const wanted = wantedCaptures(rules);
  if (wanted.length === 0) return null;
  return (
    <div className="px-3.5 pb-3 pl-7 text-xs">
      <h3 className="text-2xs font-semibold text-muted">Captures that would tell more</h3>
      <ul className="space-y-2">
        {wanted.map(({ where, command, asks }) => (
          <li key={command} className="pt-1">
            <p>
              <TechnicalText text={where} />
            </p>
            {asks.map(({ text, rules: wanting }) => (
              <p key={text} className="text-muted">
                {text}: <span className="figures text-2xs">{wanting.join(', ')}</span>
              </p>
            ))}
            <CommandLine command={command} />
          </li>
        ))}
      </ul>
    </div>
  );
}

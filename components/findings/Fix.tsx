// How to mend what was found: steps, each command with its own button, what undoes it among them.
import { fixSteps } from '@/lib/model/finding-fix';
import { CommandLine } from './CommandLine';
import { Part } from './Part';
import { TechnicalText } from './TechnicalText';

export function Fix({ fix }: { readonly fix: string | null }) {
  const steps = fixSteps(fix);
  if (steps.length === 0) return null;
  return (
    <Part title="Fix">
      <ol className="space-y-2">
        {steps.map((step, index) => (
          <li key={step[0].text} className="flex gap-2">
            {steps.length > 1 && (
              <span className="figures w-3 shrink-0 text-right text-muted">{index + 1}</span>
            )}
            <div className="min-w-0 flex-1">
              {step.map(({ kind, text }) =>
                kind === 'command' ? (
                  <CommandLine key={text} command={text} />
                ) : (
                  <p key={text}>
                    <TechnicalText text={text} />
                  </p>
                ),
              )}
            </div>
          </li>
        ))}
      </ol>
    </Part>
  );
}

// A command to take to a terminal, as it is typed there.
import { CopyButton } from '@/components/ui/CopyButton';

export function CommandLine({ command }: { readonly command: string }) {
  return (
    <div className="mt-0.5 flex items-start justify-between gap-1 rounded-lg bg-sunken py-0.5 pr-0.5 pl-2">
      <code className="figures min-w-0 py-1 text-xs break-words whitespace-pre-wrap">
        {command}
      </code>
      <CopyButton text={command} name="the command" />
    </div>
  );
}

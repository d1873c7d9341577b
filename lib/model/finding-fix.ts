// The fix of a finding as steps: a line of it is a step, what stands between backticks in it is a command to be typed as it is.

export interface FixPart {
  readonly kind: 'text' | 'command';
  readonly text: string;
}

export type FixStep = readonly FixPart[];

/** Steps in order. A full stop or comma that followed a command is left out: the command stands on a line of its own. */
export const fixSteps = (fix: string | null): readonly FixStep[] =>
  (fix ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readStep);

const readStep = (line: string): FixStep =>
  line
    .split('`')
    .map((piece, index): FixPart => {
      const isCommand = index % 2 === 1;
      return {
        kind: isCommand ? 'command' : 'text',
        text: isCommand ? piece : (index === 0 ? piece : piece.replace(/^[\s.,;]+/, '')).trimEnd(),
      };
    })
    .filter(({ text }) => text !== '');

/** Steps as numbered lines of text, commands indented beneath them. */
export const fixLines = (
  fix: string | null,
  writeText: (text: string) => string,
  writeCommand: (command: string) => string,
): readonly string[] =>
  fixSteps(fix).flatMap((step, index) =>
    step.map(({ kind, text }, at) =>
      kind === 'command'
        ? writeCommand(text)
        : `${at === 0 ? `${index + 1}. ` : '   '}${writeText(text)}`,
    ),
  );

// The command line: takes the arguments apart and hands over to a command. The contract is in usage.ts.
import { parseArgs } from 'node:util';
import { analyze } from './analyze';
import { explain } from './explain';
import { packets } from './packets';
import { EXIT_OK, EXIT_USAGE, USAGE, UsageError } from './usage';

async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'analyze':
      return analyze(analyzeOptions(rest));
    case 'packets':
      return packets(packetsOptions(rest));
    case 'explain':
      return explain(explainOptions(rest));
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(USAGE);
      return EXIT_OK;
    default:
      throw new UsageError(
        command === undefined ? 'a command is missing' : `no command ${command}`,
      );
  }
}

function analyzeOptions(args: readonly string[]): Parameters<typeof analyze>[0] {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      evidence: { type: 'string', multiple: true },
      json: { type: 'string' },
      journeys: { type: 'string' },
      pdf: { type: 'string' },
      'share-file': { type: 'string' },
      'fail-on': { type: 'string' },
      quiet: { type: 'boolean' },
    },
  });
  return {
    files: positionals,
    evidence: values.evidence ?? [],
    json: values.json,
    journeys: values.journeys,
    pdf: values.pdf,
    shareFile: values['share-file'],
    failOn: values['fail-on'],
    quiet: values.quiet ?? false,
  };
}

function explainOptions(args: readonly string[]): Parameters<typeof explain>[0] {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  return { words: positionals, json: values.json };
}

function packetsOptions(args: readonly string[]): Parameters<typeof packets>[0] {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string' } },
  });
  return { files: positionals, out: values.out };
}

const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof TypeError &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS'));

run(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (isUsageError(error)) {
      process.stderr.write(`hoplane: ${error.message}\n\n${USAGE}`);
      process.exitCode = EXIT_USAGE;
      return;
    }
    process.stderr.write(`hoplane: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT_USAGE;
  },
);

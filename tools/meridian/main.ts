import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { checkFree } from '../bootstrap/process-lock.mjs';
import { bench } from './commands/bench.ts';
import { denial } from './commands/denial.ts';
import { destroy } from './commands/destroy.ts';
import { doctor } from './commands/doctor.ts';
import { events } from './commands/events.ts';
import { env } from './commands/env.ts';
import { format, generate, generateSchemas } from './commands/generate.ts';
import { logs } from './commands/logs.ts';
import { merchant } from './commands/merchant.ts';
import type { DriftOptions } from './commands/drift.ts';
import { isRehearsed, preview, refresh } from './commands/preview.ts';
import type { PinsOptions } from './commands/pins.ts';
import type { PreviewOptions } from './commands/preview.ts';
import type { RenderOptions } from './commands/render.ts';
import { rotate } from './commands/rotate.ts';
import { seed } from './commands/seed.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { enginesFor, test, type TestOptions } from './commands/test.ts';
import { up, type UpOptions } from './commands/up.ts';
import { verify } from './commands/verify.ts';
import { givenSetting } from './given-setting.ts';
import { installEngines } from './installation.ts';
import { isAnythingThere, localStack } from './places.ts';
import { preflight, stackLock } from './preflight.ts';
import { goOnWithoutReader } from './reader.ts';
import { reportError } from './report-error.ts';
import { accountFolders, handOver, isRoot } from './system-account.ts';

/** Commands that work on the clone alone: they are run by whoever owns it. */
const commandsOnClone = new Set([
  'drift',
  'generate',
  'generate-schemas',
  'format',
  'pins',
  'render',
  'verify',
]);

/** A rehearsal starts nothing that stays, and reads the clone's history. */
function isOnClone(verb: string, options: unknown): boolean {
  if (verb === 'preview') return isRehearsed((options as PreviewOptions).stack);
  return commandsOnClone.has(verb);
}

/** Commands that only talk to what runs, or read what it left. */
const commandsWithoutEngines = new Set([
  'stop',
  'status',
  'logs',
  'seed',
  'merchant',
  'bench',
  'denial',
  'events',
  'rotate',
]);

/** Commands that go on only as long as somebody reads. */
const commandsThatOnlyPrint = new Set(['logs', 'events']);

/** Commands that hold the stack's lock while they work. */
const commandsOnStack = new Set(['up', 'stop', 'destroy', 'preview', 'refresh', 'env']);

/** Without a platform of the account there is nothing to hand over for: the answer is the same for all. */
function talksToNobody(verb: string): boolean {
  if (verb === 'destroy') return !isAnythingThere(accountFolders());
  return commandsWithoutEngines.has(verb) && !existsSync(accountFolders().state);
}

/** As root: what the account's own process would say at once is said before the way there is made. */
async function refuseEarly(verb: string, options: unknown): Promise<void> {
  if (!commandsOnStack.has(verb)) return;
  const folders = accountFolders();
  checkFree(stackLock(folders));
  if (verb !== 'up' && verb !== 'preview') return;
  const { config = {} } = options as UpOptions;
  await preflight(folders, { given: { settings: config }, starts: verb === 'up' });
}

const program = new Command('meridian')
  .description('A whole production platform in one typed program: run it, review it, prove it.')
  .showHelpAfterError('(--help lists what there is)')
  .addHelpText(
    'after',
    `
Examples:
  npm start                       bring the local platform up (pulumi up)
  npm start -- --json             the same, for scripts
  npm run logs -- catalog         the last lines of every replica of catalog
  eval "$(npx --no meridian env)" then plain: pulumi preview --stack local
  npm run destroy -- --yes        remove the platform with its data, without asking`,
  );

const configHelp =
  'a setting of this machine, remembered; empty to forget it (Pulumi.local.yaml lists them)';

let exitCode = 0;

function command(
  name: string,
  description: string,
  action: (...given: never[]) => Promise<number>,
): Command {
  const verb = name.split(' ')[0] ?? name;
  return program
    .command(name)
    .description(description)
    .action(async (...given: unknown[]) => {
      if (isRoot() && !isOnClone(verb, given[0]) && !talksToNobody(verb)) {
        await refuseEarly(verb, given[0]);
        // What fetches and builds engines are the caller's own clients, with the caller's settings.
        if (!commandsWithoutEngines.has(verb)) {
          await installEngines({
            quiet: process.argv.includes('--json') || verb === 'env',
            ...(verb === 'test' ? enginesFor(given[1] as TestOptions) : {}),
          });
        }
        const needsLatest = !commandsWithoutEngines.has(verb) && verb !== 'destroy';
        exitCode = await handOver(process.argv.slice(2), needsLatest ? 'latest' : 'running');
        return;
      }
      exitCode = await action(...(given as never[]));
    });
}

function countUpTo(maximum: number): (value: string) => number {
  return (value) => {
    const count = Number(value);
    if (!Number.isInteger(count) || count < 1 || count > maximum) {
      throw new InvalidArgumentError(`must be a whole number from 1 to ${maximum}.`);
    }
    return count;
  };
}

command('up', 'bring the local platform up, or to what the program now says', up)
  .option('--json', 'print the result as JSON')
  .option('--full', 'ask Pulumi also when nothing has changed since the last start')
  .option('-c, --config <key=value>', configHelp, givenSetting);
command('stop', 'stop every process; state and data stay', stop);
command('destroy', 'remove the platform with all its data, after asking', destroy).option(
  '--yes',
  'do not ask',
);
command('preview', 'show what `up` would change; for a cluster by rehearsal, without one', preview)
  .option('--stack <stack>', 'the stack: this machine, or one that is rehearsed', localStack)
  .option('--diff', 'show every changed property (this machine)')
  .option('--base <revision>', 'hold the program against this revision (rehearsal)')
  .option('--json', 'print it as JSON (rehearsal)')
  .option('-c, --config <key=value>', configHelp, givenSetting);
command('refresh', 'read what really is into the state', refresh);
command('status', 'show what runs, zone by zone', status).option('--json', 'print it as JSON');
command('logs <service>', 'print the last lines of every replica of a service or engine', logs)
  .option('-f, --follow', 'go on with new lines until Ctrl-C')
  .option('--lines <count>', 'lines of each replica', countUpTo(100_000), 50);
command('seed', 'load the generated catalogue through the catalog service', seed).option(
  '--products <count>',
  'how many products',
  countUpTo(1_000_000),
  10_000,
);
command('merchant', 'set up the account of the first merchant, and show how to use it', merchant);
command('bench', 'measure memory and the read path of the running platform', bench)
  .option('--requests <count>', 'reads or rounds to measure (1000)', countUpTo(100_000))
  .option('--authentication', 'measure what authentication costs a request instead')
  .option('--load', 'measure reads at a steady pace, and the CPU of each process, instead')
  .option('--rate <count>', 'reads a second under load (200)', countUpTo(10_000))
  .option('--seconds <count>', 'how long the load lasts (20)', countUpTo(3600))
  .option('--connections <count>', 'connections of the load (16)', countUpTo(1000))
  .option('--json', 'print it as JSON');
command(
  'denial',
  'try every access, declared or not, and hold the outcome against the graph',
  denial,
).option('--json', 'print every access as JSON');
command('events [topic]', 'print the events that services have published', events)
  .option('-f, --follow', 'go on with new events until Ctrl-C')
  .option('--last <count>', 'events of each topic, from its end', countUpTo(100_000), 20)
  .option('--all', 'every event that Kafka keeps')
  .option('--json', 'print each as a line of JSON');
command('rotate', 'give every process new keys and certificates now, without a restart', rotate);
command('env', 'print what plain Pulumi needs to work on the local stack', env);
command('doctor', 'install what is missing and say where every part comes from', doctor).option(
  '--json',
  'print it as JSON',
);
command('test [suites...]', 'run every check and test, or the suites with these names', test)
  .option('--long', 'run the long campaigns instead')
  .option('--cluster', 'run the tests against a Kubernetes control plane instead');
command('verify', 'run every static check, and go on after a failure', verify);
command(
  'render',
  "write a stack's Helm charts to a folder, for people and other tools to read",
  // Loaded only where it is used: every kind of Kubernetes takes memory and time.
  async (options: RenderOptions) => (await import('./commands/render.ts')).render(options),
)
  .requiredOption('--stack <stack>', 'a stack that runs in a cluster, such as staging')
  .requiredOption('--out <folder>', 'an empty folder, or one that an earlier render wrote');
command(
  'pins',
  'look up the digests of images and charts, and record them',
  // As above: it lowers a whole stack.
  async (options: PinsOptions) => (await import('./commands/pins.ts')).pins(options),
).option('--stack <stack>', 'a stack that runs in a cluster', 'staging');
command(
  'drift',
  'hold the releases that a cluster runs against those that this folder would deploy',
  async (options: DriftOptions) => (await import('./commands/drift.ts')).drift(options),
)
  .requiredOption('--stack <stack>', 'a stack that runs in a cluster, such as staging')
  .option('--context <context>', "of the kubeconfig; kubectl's current one if it is not given")
  .option('--json', 'print it as JSON');
command('generate', 'generate code and documents from the contracts', generate);
command(
  'generate-schemas',
  'generate the schemas of manifests from the pinned modules of Kubernetes and its operators',
  generateSchemas,
);
command('format', 'format every file', format);

goOnWithoutReader(commandsThatOnlyPrint.has(process.argv[2] ?? ''));

try {
  await program.parseAsync();
} catch (error) {
  exitCode = reportError(error);
}
process.exitCode = exitCode;

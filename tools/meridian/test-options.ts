import { CodedError } from '@meridian/language/coded-error.ts';
import type { InstallationOptions } from './installation.ts';
import type { Campaign } from './jest-run.ts';

/** Options of `npm test`. */
export interface TestOptions {
  readonly long?: boolean;
  readonly cluster?: boolean;
  /** Of the suites on a control plane also what takes longer. */
  readonly all?: boolean;
  /** Since which revision; true for the commit at which the branch left main. */
  readonly changed?: string | true;
}

/**
 * Refuses what asks for two runs at once, or of a run what it does not have: it would be dropped without a word.
 *
 * @param names parts of the paths of suites
 * @throws {CodedError} TEST_OPTION_UNUSABLE
 */
export function refuseTwoRuns(names: readonly string[], options: TestOptions): void {
  const { changed, long, cluster, all } = options;
  if (all === true && cluster !== true) {
    throw new CodedError(
      'TEST_OPTION_UNUSABLE',
      "Option '--all': must be given with --cluster, got it without; other suites leave nothing out, so leave it out too",
    );
  }
  const campaigns = [
    ...(long === true ? ['--long'] : []),
    ...(cluster === true ? ['--cluster'] : []),
  ];
  const others = changed === undefined ? campaigns.slice(1) : [...campaigns, ...quoted(names)];
  if (others.length === 0) return;
  const option = changed === undefined ? '--long' : '--changed';
  throw new CodedError(
    'TEST_OPTION_UNUSABLE',
    `Option '${option}': must be given without ${changed === undefined ? '--cluster' : 'names of suites, --long and --cluster'}, got it beside ${others.join(' and ')}; leave out one of them`,
  );
}

function quoted(names: readonly string[]): readonly string[] {
  return names.map((name) => `'${name}'`);
}

/** Which campaign is asked for; undefined for the suites of every change. */
export function campaignOf({ long, cluster }: TestOptions): Campaign | undefined {
  if (cluster === true) return 'cluster';
  return long === true ? 'long' : undefined;
}

/** What runs programs of telemetry, which take minutes to build: nobody builds them for other suites that are named. */
export const TELEMETRY_SUITES = [
  'tests/engines/telemetry-configurations.test.ts',
  'tests/engines/telemetry-engines.test.ts',
  'tests/golden/alertmanager.test.ts',
  'tests/golden/boards.test.ts',
  'tests/golden/rules.test.ts',
  'tests/long/drills.test.ts',
  'tests/long/kit-mutants.test.ts',
  'tests/long/promtool-probes.test.ts',
  'tests/long/promtool-releases.test.ts',
  'tests/long/promtool-rules.test.ts',
  'tests/long/sight-requests.test.ts',
  'tests/long/sight.test.ts',
  'tests/long/telemetry-platform.test.ts',
  'tests/long/telemetry-trouble.test.ts',
  'tests/sight/sight-requests.test.ts',
  'tests/sight/sight.test.ts',
];

/**
 * What the tests need; a control plane stands on no engine of the local landing.
 *
 * @param names parts of the paths of suites; none for all
 */
export function enginesFor(
  names: readonly string[],
  options: TestOptions,
): Omit<InstallationOptions, 'quiet'> {
  const campaign = campaignOf(options);
  if (campaign === 'cluster') return { cluster: true, only: [] };
  const isNamed = (suite: string) => names.some((name) => suite.includes(name));
  const telemetry =
    names.length === 0 ||
    TELEMETRY_SUITES.some(
      (suite) => suite.startsWith('tests/long/') === (campaign === 'long') && isNamed(suite),
    );
  return campaign === 'long'
    ? { fuzzer: true, judges: true, telemetry }
    : { charts: true, fuzzer: true, telemetry };
}

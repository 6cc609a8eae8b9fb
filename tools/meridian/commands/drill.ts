import { localRules } from '@meridian/components/observability/local/prometheus.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { FAULT_NAMES } from '../../drill/fault.ts';
import type { FaultName } from '../../drill/fault.ts';
import { FAULTS } from '../../drill/faults.ts';
import { Injected } from '../../drill/injected.ts';
import { keepDrill, lastDrills } from '../../drill/last-drills.ts';
import type { Moment } from '../../drill/moments.ts';
import { runDrill } from '../../drill/run-drill.ts';
import type { DrillReport } from '../../drill/run-drill.ts';
import { SMALL_TIME } from '../../drill/small-time.ts';
import { declaredStack } from '../declared-stack.ts';
import { localStackSettings } from '../kept-settings.ts';
import { printable } from '../output/printable.ts';
import { explainPlatform } from './explain.ts';
import { printJson } from '../output/print-json.ts';
import { localFolders } from '../places.ts';
import { withPlatform } from '../session.ts';
import { table } from '../table.ts';

/** Options of `npm run drill`. */
export interface DrillCommandOptions {
  readonly list?: boolean;
  readonly json?: boolean;
}

/**
 * Breaks the running platform on purpose and holds what the pager is told against what the fault declares. Ends with
 * 1 if that is not exactly one page or ticket, resolved once. Ctrl-C takes everything back.
 *
 * @throws {CodedError} DRILL_UNKNOWN, DRILL_PLATFORM_UNWELL, PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT
 */
export async function drill(
  given: string | undefined,
  options: DrillCommandOptions,
): Promise<number> {
  const folders = localFolders();
  if (options.list === true || given === undefined) return await list(folders, options);
  const name = FAULT_NAMES.find((known) => known === given);
  if (name === undefined) throw unknown(given);
  const report = await withPlatform(`drills ${name}`, {}, () => drilled(folders, name, options));
  const { alert, about } = report.expected;
  await keepDrill(folders, { alert, about, fault: name, at: report.at, outcome: report.outcome });
  if (options.json === true) printJson<'drill'>({ action: 'run', ...report });
  else process.stdout.write(`${ended(report)}\n`);
  return report.outcome === 'passed' ? 0 : 1;
}

async function drilled(
  folders: Folders,
  name: FaultName,
  { json }: DrillCommandOptions,
): Promise<DrillReport> {
  const injected = await Injected.open(folders);
  await injected.takeBack();
  const stop = new AbortController();
  const end = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  const out = json === true ? process.stderr : process.stdout;
  try {
    return await runDrill({
      ...{ folders, name, fault: FAULTS[name], injected, signal: stop.signal },
      rules: await rulesInSmallTime(folders),
      onWait: (what) => process.stderr.write(`… ${what}\n`),
      explain: async () => (await explainPlatform(folders)).first?.id ?? null,
      onMoment: (moment) => out.write(`${told(moment)}\n`),
    });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  }
}

/** The rules of the platform as its settings make them. */
export async function rulesInSmallTime(folders: Folders): Promise<string> {
  return localRules(await declaredStack(localStackSettings(folders).all), SMALL_TIME);
}

function told({ what, afterSeconds, detail }: Moment): string {
  const when = `+${afterSeconds.toFixed(1)} s`.padStart(9);
  return `${when}  ${what.padEnd(10)}  ${printable(detail)}`;
}

function ended({ fault, outcome, problems, expected }: DrillReport): string {
  return outcome === 'passed'
    ? `${fault}: one ${expected.severity}, resolved once; docs/runbooks/${expected.runbook}.md`
    : [`${fault}: failed`, ...problems.map((problem) => `  ${printable(problem)}`)].join('\n');
}

async function list(folders: Folders, { json }: DrillCommandOptions): Promise<number> {
  const drills = await lastDrills(folders);
  const faults = FAULT_NAMES.map((fault) => {
    const { summary, expected } = FAULTS[fault];
    const last = drills.find((one) => one.fault === fault);
    return {
      ...{ fault, summary, expected },
      ...(last === undefined ? {} : { last: { at: last.at, outcome: last.outcome } }),
    };
  });
  if (json === true) printJson<'drill'>({ action: 'list', faults });
  else {
    const rows = faults.map(({ fault, summary, expected: { severity, alert, about }, last }) => [
      ...[fault, severity, `${alert} about ${about}`],
      ...[last === undefined ? 'never' : `${last.outcome} ${last.at}`, summary],
    ]);
    const header = ['FAULT', 'ENDS IN', 'ALERT', 'LAST DRILL', 'WHAT IS BROKEN'];
    process.stdout.write(`${table(header, rows)}\n`);
  }
  return 0;
}

function unknown(given: string): CodedError {
  return new CodedError(
    'DRILL_UNKNOWN',
    `Drill '${given}': must be one of ${FAULT_NAMES.join(', ')}, got '${given}'; 'npm run drill -- --list' says what each breaks`,
  );
}

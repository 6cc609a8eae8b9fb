import { objectiveStates, type ObjectiveState } from '../../telemetry/slo/objectives.ts';
import { openStores } from '../../telemetry/stores/open-stores.ts';
import { printJson } from '../output/print-json.ts';
import { printable } from '../output/printable.ts';
import { table } from '../table.ts';

/** Options of `meridian slo`. */
export interface SloOptions {
  readonly json?: boolean;
}

/**
 * Tells what is left of the budget of each objective and what burns, by service and operation, from what the platform's
 * rules have recorded; what burns most comes first. What nobody has asked for is not listed.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, TELEMETRY_UNREACHABLE, TELEMETRY_REFUSED
 */
export async function slo({ json }: SloOptions): Promise<number> {
  await using stores = await openStores();
  const states = await objectiveStates(stores.prometheus);
  if (json === true) {
    printJson<'slo'>(states);
    return 0;
  }
  const asked = states.objectives.filter(
    ({ remaining, burnRate }) => remaining !== null || burnRate !== null,
  );
  const header = [
    'SERVICE',
    'OPERATION',
    'OBJECTIVE',
    'AT',
    'MAY FAIL',
    'BUDGET LEFT',
    'BURNS',
    '',
  ];
  process.stdout.write(`${table(header, asked.map(rowOf))}\n\n`);
  const silent = states.objectives.length - asked.length;
  if (silent > 0) process.stdout.write(`${silent} objectives had no events yet.\n`);
  for (const { alert, service, severity } of states.alerts) {
    process.stdout.write(`${printable(severity)}: ${printable(alert)} of ${printable(service)}\n`);
  }
  if (states.alerts.length === 0) process.stdout.write('No alert fires.\n');
  return 0;
}

function rowOf(state: ObjectiveState): readonly string[] {
  const { service, operation, slo: objective, place, allowedShare, remaining } = state;
  return [
    ...[service, operation, objective, place].map(printable),
    percent(allowedShare),
    remaining === null ? '' : percent(remaining),
    state.burnRate === null ? '' : `${state.burnRate.toFixed(2)} ×`,
    state.burning === null ? '' : state.burning.toUpperCase(),
  ];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { carryOutAll } from '../../denial/attempt.ts';
import type { Cell } from '../../denial/attempt.ts';
import { attemptsOn } from '../../denial/matrix.ts';
import { KAFKA } from '../../denial/principals.ts';
import { serviceOf } from '../health.ts';
import { printJson } from '../output/print-json.ts';
import { localFolders } from '../places.ts';
import { table } from '../table.ts';
import { zoneStatuses } from '../zones.ts';

/** Options of `npm run denial`. */
export interface DenialOptions {
  readonly json?: boolean;
}

/**
 * Tries every access of every identity on the running platform, declared or not, and holds what came
 * of it against the graph. Ends with 1 if one is not as declared.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function denial(options: DenialOptions): Promise<number> {
  const folders = localFolders();
  const zones = await zoneStatuses(folders);
  const processes = zones.flatMap(({ zone, status }) =>
    (status?.processes ?? []).map(({ name, listens }) => ({
      zone,
      process: name,
      name: name === `${KAFKA}-${zone}` ? KAFKA : serviceOf(name, zone),
      address: listens[0] === undefined ? undefined : `${listens[0].address}:${listens[0].port}`,
    })),
  );
  const cells = await carryOutAll(
    await attemptsOn(landed(platform(localSettings({}))), folders, processes),
  );
  const wrong = cells.filter(({ asDeclared }) => !asDeclared);
  if (options.json === true) {
    printJson<'denial'>({ cells, wrong: wrong.length });
  } else {
    print(`${summaryTable(cells)}\n`);
    for (const cell of wrong) print(sentence(cell));
    print(`${cells.length - wrong.length} of ${cells.length} accesses are as the graph declares.`);
  }
  return wrong.length === 0 ? 0 : 1;
}

function summaryTable(cells: readonly Cell[]): string {
  const groups = Map.groupBy(cells, ({ engine, object, caller }) =>
    [engine, object, caller].join('\0'),
  );
  const rows = [...groups].map(([key, group]) => {
    const admitted = group.filter(({ verdict }) => verdict === 'admitted');
    const wrong = group.filter(({ asDeclared }) => !asDeclared).length;
    return [
      ...key.split('\0'),
      shorten(admitted.map(({ action }) => action)),
      String(group.filter(({ verdict }) => verdict === 'refused').length),
      wrong === 0 ? 'yes' : `NO: ${wrong} are not`,
    ];
  });
  return table(['OF', 'OBJECT', 'CALLER', 'ADMITTED', 'REFUSED', 'AS DECLARED'], rows);
}

/** As many as fit a line of a terminal; `--json` has all. */
const SHOWN_ACTIONS = 3;

function shorten(actions: readonly string[]): string {
  if (actions.length === 0) return '-';
  const more = actions.length - SHOWN_ACTIONS;
  const shown = actions.slice(0, SHOWN_ACTIONS).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function sentence({ engine, object, caller, action, declared, verdict, detail }: Cell): string {
  const rule = declared ? 'is declared' : 'is not declared';
  return `${caller} → ${engine} ${object}, ${action}: ${rule}, and was ${verdict} (${detail})`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

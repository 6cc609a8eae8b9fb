import { writeFileSync } from 'node:fs';
import type { AccessTable } from '@meridian/language/access.ts';
import { contractShapes } from '@meridian/components/model/contract-shapes.ts';
import type { ContractShapes } from '@meridian/components/model/contract-shapes.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { positionsOf } from '@meridian/components/model/positions.ts';
import type { DeclaredPosition, Positions } from '@meridian/components/model/positions.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import type { AnyTask } from '@meridian/components/model/task.ts';
import type { DeclaredSettings } from '../stacks/stacks.ts';
import { DECLARED_FILE_VARIABLE } from './declared-file-variable.ts';
import { declaredAlerts } from './declared-alerts.ts';
import { emittedMetrics } from './emitted-metrics.ts';
import type { ReadSource } from './emitted-metrics.ts';
import type { DeclaredAlert } from './declared-alerts.ts';

/** What a program declares, and where: plain JSON. */
export interface DeclaredPlatform {
  readonly graph: LandedGraph;
  readonly contracts: ContractShapes;
  /** Who gets what for whose object: rows by the name of a service, and of a method as its contract has it. */
  readonly access: Readonly<Record<string, AccessTable>>;
  /** What the rules of the stack tell, each alert for each service. */
  readonly alerts: readonly DeclaredAlert[];
  /** The metrics that the code of each service writes, by its name. */
  readonly emits: Readonly<Record<string, readonly string[]>>;
  /** Positions beside those of components/model: 'stack staging'. */
  readonly positions: Positions;
}

/** What a program is asked to write, and what it writes. */
export interface DeclaredParts {
  readonly graph: LandedGraph;
  readonly declared: readonly (AnyService | AnyTask)[];
  readonly stack: string;
  readonly settings: DeclaredSettings;
  /** The program's folder, which positions are relative to. */
  readonly programFolder: string;
  /** Reads sources of services. @default from the program's folder */
  readonly readSource?: ReadSource;
}

/** What a program declares, and where each of it stands. */
export async function declaredPlatform(parts: DeclaredParts): Promise<DeclaredPlatform> {
  const { graph, declared, stack, settings, programFolder, readSource } = parts;
  const services = declared.filter((one) => one.kind === 'service');
  return {
    graph,
    contracts: contractShapes(services),
    access: Object.fromEntries(services.map((service) => [service.name, accessByMethod(service)])),
    alerts: await declaredAlerts(graph, settings),
    emits: emittedMetrics(graph, programFolder, readSource),
    positions: {
      ...positionsOf(declared, programFolder),
      [`stack ${stack}`]: stackPosition(stack),
    },
  };
}

/** Writes what the program declares, where somebody asks for it by DECLARED_FILE_VARIABLE. */
export async function writeDeclared(parts: DeclaredParts): Promise<void> {
  const file = process.env[DECLARED_FILE_VARIABLE];
  if (file === undefined || file === '') return;
  writeFileSync(file, `${JSON.stringify(await declaredPlatform(parts))}\n`);
}

/** Methods have their names in the contract, as everything else of the graph has them. */
function accessByMethod({ access, contract }: AnyService): AccessTable {
  return Object.fromEntries(
    (contract?.methods ?? []).flatMap(({ name, localName }) => {
      const row = access[localName];
      return row === undefined ? [] : [[name, row] as const];
    }),
  );
}

/** Settings of a stack are a file of its name (stacks/stacks.ts), and no call makes them. */
function stackPosition(stack: string): DeclaredPosition {
  return { file: `stacks/${stack}.ts`, line: 1 };
}

import { writeFileSync } from 'node:fs';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { positionsOf } from '@meridian/components/model/positions.ts';
import type { DeclaredPosition, Positions } from '@meridian/components/model/positions.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import type { AnyTask } from '@meridian/components/model/task.ts';

/**
 * Names a file that the program writes what it declares to, as a DeclaredPlatform, before it declares its first
 * resource. A review sets it, and nothing else does: without it the program writes no file.
 */
export const DECLARED_FILE_VARIABLE = 'MERIDIAN_DECLARED_FILE';

/** What a program declares, and where: plain JSON. */
export interface DeclaredPlatform {
  readonly graph: LandedGraph;
  /** Positions beside those of components/model: 'stack staging'. */
  readonly positions: Positions;
}

/** What a program is asked to write, and what it writes. */
export interface DeclaredParts {
  readonly graph: LandedGraph;
  readonly declared: readonly (AnyService | AnyTask)[];
  readonly stack: string;
  /** The program's folder, which positions are relative to. */
  readonly programFolder: string;
}

/** What a program declares, and where each of it stands. */
export function declaredPlatform(parts: DeclaredParts): DeclaredPlatform {
  const { graph, declared, stack, programFolder } = parts;
  return {
    graph,
    positions: {
      ...positionsOf(declared, programFolder),
      [`stack ${stack}`]: stackPosition(stack),
    },
  };
}

/** Writes what the program declares, where somebody asks for it by DECLARED_FILE_VARIABLE. */
export function writeDeclared(parts: DeclaredParts): void {
  const file = process.env[DECLARED_FILE_VARIABLE];
  if (file === undefined || file === '') return;
  writeFileSync(file, `${JSON.stringify(declaredPlatform(parts))}\n`);
}

/** Settings of a stack are a file of its name (stacks/stacks.ts), and no call makes them. */
function stackPosition(stack: string): DeclaredPosition {
  return { file: `stacks/${stack}.ts`, line: 1 };
}

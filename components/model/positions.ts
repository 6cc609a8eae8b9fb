import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeTrace } from '@meridian/language/declared-place.ts';
import { compareText } from './order.ts';
import type { AnyService } from './service.ts';
import type { AnyTask } from './task.ts';

/** Where a declaration was made. */
export interface DeclaredPosition {
  /** Relative to the program's folder. */
  readonly file: string;
  /** From 1: the line of the call that made it. */
  readonly line: number;
}

/**
 * Positions by what stands there, such as 'service catalog', 'task catalogue-seed', 'topic catalog.events.v1',
 * 'external payment-provider' or 'store catalog-postgres': beside the graph, which is the same without them.
 */
export type Positions = Readonly<Record<string, DeclaredPosition>>;

/** Where all that services and tasks declare was declared. A declaration that is a copy of another one has no position. */
export function positionsOf(
  declared: readonly (AnyService | AnyTask)[],
  programFolder: string,
): Positions {
  const positions = new Map(
    [...declared.flatMap(namedDeclarations)].flatMap(([name, declaration]) => {
      const position = positionIn(placeTrace(declaration) ?? '', programFolder);
      return position === undefined ? [] : [[name, position] as const];
    }),
  );
  return Object.fromEntries([...positions].toSorted(([one], [other]) => compareText(one, other)));
}

/** A service or task with all that it declares, each by its name in a review. */
function namedDeclarations(
  declaration: AnyService | AnyTask,
): readonly (readonly [string, object])[] {
  if (declaration.kind === 'task') return [[`task ${declaration.name}`, declaration]];
  const { stores, externals, publishes, consumes } = declaration;
  return [
    [`service ${declaration.name}`, declaration],
    ...stores.map((store) => [`store ${store.binding}`, store] as const),
    ...externals.map((external) => [`external ${external.name}`, external] as const),
    ...[...publishes, ...consumes].map((topic) => [`topic ${topic.name}`, topic] as const),
  ];
}

/** A frame of V8: its file, as a path or URL, perhaps with a query, then line and column. */
const FRAME = /\(?((?:file:\/\/)?\/[^\n]+?)(?:\?[^\n:]*)?:(\d+):\d+\)?$/m;

function positionIn(trace: string, programFolder: string): DeclaredPosition | undefined {
  const [, place, line] = FRAME.exec(trace) ?? [];
  if (place === undefined) return undefined;
  const file = place.startsWith('file:') ? fileURLToPath(place) : place;
  return { file: path.relative(programFolder, file), line: Number(line) };
}

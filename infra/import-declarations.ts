import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cyclesAmong } from '@meridian/components/model/validate/cycle-problems.ts';
import { describeProblem } from '@meridian/components/model/validate/problem.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** A declaration of a service that another one imports, to call it; types alone are erased before. */
const IMPORTED_SERVICE =
  /^import\s+(?!type\s)[^;'"]*from\s+'@meridian\/([a-z0-9-]+)\/service\.ts'/gm;

/**
 * The declarations of a program. Services name each other by import, so a cycle of calls is one of imports, in which
 * JavaScript finds a name that has no value yet: the validation of the graph, which would tell of it, is never reached.
 *
 * @param root the program's folder
 * @throws {CodedError} GRAPH_INVALID with every cycle of calls
 */
export async function importDeclarations<Declarations>(
  load: () => Promise<Declarations>,
  root: string,
): Promise<Declarations> {
  try {
    return await load();
  } catch (cause) {
    // Not by its class: a module that runs in another realm, as under a test, throws that realm's own.
    if ((cause as Error).name !== 'ReferenceError') throw cause;
    const problems = cyclesAmong(importedServices(root)).map(describeProblem);
    if (problems.length === 0) throw cause;
    throw new CodedError('GRAPH_INVALID', problems.join('\n'), { cause, problems });
  }
}

/** By the name of a service those whose declarations its own imports. */
function importedServices(root: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    globSync('services/*/service.ts', { cwd: root })
      .toSorted()
      .map((file) => {
        const source = readFileSync(path.join(root, file), 'utf8');
        const imported = [...source.matchAll(IMPORTED_SERVICE)].flatMap(([, name]) => name ?? []);
        return [path.basename(path.dirname(file)), imported];
      }),
  );
}

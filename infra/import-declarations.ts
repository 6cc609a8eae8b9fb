import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cyclesAmong } from '@meridian/components/model/validate/cycle-problems.ts';
import { describeProblem, quoted } from '@meridian/components/model/validate/problem.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** A declaration of a service that another one imports, to call it; types alone are erased before. */
const IMPORTED_SERVICE =
  /^import\s+(?!type\s)[^;'"]*from\s+'@meridian\/([a-z0-9-]+)\/service\.ts'/gm;

/**
 * The declarations of a program. Services name each other by import, so a cycle of calls is one of imports, in which
 * JavaScript finds a name that has no value yet: the validation of the graph, which would tell of it, is never reached.
 *
 * @param root the program's folder
 * @throws {CodedError} GRAPH_INVALID with every cycle of calls, DECLARATION_UNREADABLE for what cannot be loaded
 */
export async function importDeclarations<Declarations>(
  load: () => Promise<Declarations>,
  root: string,
): Promise<Declarations> {
  try {
    return await load();
  } catch (cause) {
    // Not by its class: a module that runs in another realm, as under a test, throws that realm's own.
    const cycles =
      (cause as Error).name === 'ReferenceError' ? cyclesAmong(importedServices(root)) : [];
    const problems = cycles.map(describeProblem);
    if (problems.length > 0) {
      throw new CodedError('GRAPH_INVALID', problems.join('\n'), { cause, problems });
    }
    throw unreadable(cause as Error, root) ?? cause;
  }
}

/** Where Node.js or V8 says that something is wrong: above the line itself, or first among the calls. */
const PLACE = /^(?:\s+at .*?)?\(?(?:file:\/\/)?(\/[^\n]+?\.[jt]s):(\d+)(?::\d+)?\)?$/m;

/** Which file cannot find what it imports. Source: Node.js 24, lib/internal/errors.js, ERR_MODULE_NOT_FOUND */
const IMPORTER = / imported from (\/.+)$/;

/** A fault of a file of the program, which is its author's; undefined for any other. */
function unreadable(cause: Error, root: string): CodedError | undefined {
  const [, importer] = IMPORTER.exec(cause.message) ?? [];
  const [, file = '', line] =
    importer === undefined ? (PLACE.exec(cause.stack ?? '') ?? []) : ['', importer];
  const relative = path.relative(root, file);
  if (!/^(?:services|infra)\//.test(relative) || relative.includes('node_modules'))
    return undefined;
  const problem = describeProblem({
    subject: `File ${quoted(relative)}`,
    rule: 'must be a declaration that Node.js can load',
    given: `${cause.name}: ${cause.message.replaceAll(`${root}/`, '')}`,
    fix: line === undefined ? 'put its imports right' : `put line ${line} right`,
  });
  return new CodedError('DECLARATION_UNREADABLE', problem, { cause, problems: [problem] });
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

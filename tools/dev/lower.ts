/**
 * Lowers the program as its files are now, for a process that has loaded them as they were: prints a
 * DevelopedProgram. The first argument is the stack's settings as JSON.
 */
import { WATCH_PROGRAMS } from '@meridian/components/observability/watch-programs.ts';
import { readProgramSources } from '@meridian/components/service/source-digest.ts';
import { lowerDevelopment } from '@meridian/components/local/lower-development.ts';
import { lowerLocal } from '@meridian/components/local/lower-local.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { declaredStack } from '../meridian/declared-stack.ts';
import { programFolder } from '../meridian/places.ts';
import type { Settings } from '../meridian/stack-config.ts';
import { structureOf, type DevelopedProgram } from './developed-program.ts';

try {
  const given = JSON.parse(process.argv[2] ?? '{}') as Settings;
  const { settings, declared, graph } = await declaredStack(given);
  const sources = readProgramSources(
    programFolder,
    graph,
    process.env['MERIDIAN_CACHE'],
    WATCH_PROGRAMS,
  );
  const stack = lowerLocal(graph, settings, sources);
  const program: DevelopedProgram = {
    services: lowerDevelopment(graph, settings, sources),
    withoutCode: declared.services
      .filter(({ implemented }) => !implemented)
      .map(({ name }) => name),
    edgeUrl: stack.edge.url,
    structure: structureOf(stack),
  };
  process.stdout.write(JSON.stringify(program));
} catch (error) {
  // A mistake in a declaration is told by its message; anything else shows where it was thrown.
  if (!(error instanceof CodedError)) throw error;
  process.stderr.write(`${error.message} [${error.code}]\n`);
  process.exitCode = 1;
}

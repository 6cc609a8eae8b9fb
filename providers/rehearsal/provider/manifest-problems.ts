import { checkManifest } from '../schemas/check-manifest.ts';
import type { Problem } from '../schemas/problem.ts';
import { hasUnknown, isRecord, masked, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';

/** What is wrong with an object, each with its property and without a word of its secrets. */
export function manifestProblems(object: Properties): readonly string[] {
  return withoutSecrets(problemsOf(revealed(object)), () => problemsOf(masked(object)));
}

/** Every problem of an object that has no secrets marked. */
export function problemsOf(object: unknown): readonly Problem[] {
  if (!isRecord(object)) return [{ path: '', message: 'must be an object of Kubernetes' }];
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    return [{ path: '', message: "must have the texts 'apiVersion' and 'kind'" }];
  }
  // What a preview does not know yet is checked when it is known.
  const found = hasUnknown(object) ? [] : checkManifest({ ...object, apiVersion, kind });
  const naming = namingProblems(object);
  const told = new Set(naming.map(({ path }) => path));
  return [...naming, ...found.filter(({ path }) => !told.has(path))];
}

/** Names that a cluster or Pulumi would invent differ from run to run. */
function namingProblems({ metadata }: Properties): readonly Problem[] {
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' && name !== ''
    ? []
    : [
        {
          path: 'metadata.name',
          message: 'must be set: a rehearsal invents no names (no generateName, no auto-naming)',
        },
      ];
}

/**
 * Problems as texts. One that only shows with the values of secrets is told without its message,
 * which may quote them.
 *
 * @param maskedProblems what is wrong when every secret is masked
 */
export function withoutSecrets(
  problems: readonly Problem[],
  maskedProblems: () => readonly Problem[],
): readonly string[] {
  if (problems.length === 0) return [];
  const harmless = new Set(maskedProblems().map(described));
  return problems.map((problem) =>
    harmless.has(described(problem))
      ? described(problem)
      : described({ path: problem.path, message: 'is wrong; its value is secret and not shown' }),
  );
}

function described({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

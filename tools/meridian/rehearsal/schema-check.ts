import type { KubernetesPart } from '@meridian/components/kubernetes/manifest.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { manifestProblems } from '@meridian/provider-rehearsal/provider/manifest-problems.ts';

/**
 * Holds every object of a stack against the schema of its kind, as a preview does.
 *
 * @param parts all that is made of a stack, by noun
 * @throws {CodedError} OBJECTS_INVALID with every problem
 */
export function checkSchemas(parts: Readonly<Record<string, KubernetesPart>>): void {
  const problems = Object.values(parts).flatMap(({ steps }) =>
    steps.flatMap(({ manifests = [] }) =>
      manifests.flatMap((object) =>
        manifestProblems({ ...object }).map(
          (problem) => `Object '${object.kind} ${object.metadata.name}': ${problem}`,
        ),
      ),
    ),
  );
  if (problems.length > 0)
    throw new CodedError('OBJECTS_INVALID', problems.join('\n'), { problems });
}

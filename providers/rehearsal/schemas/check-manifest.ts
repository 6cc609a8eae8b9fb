import type { Problem } from './problem.ts';
import { problemOf } from './problem.ts';
import { kindsNamed } from './known-kinds.ts';
import { schemaSources, validatorOf } from './validators.ts';

/** What every object of a cluster says of itself. */
export interface CheckedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/**
 * Holds an object against the schema of its kind, as strictly as `kubeconform -strict`: unknown
 * properties, wrong types, what is missing, and values outside of enumerations, patterns, formats and
 * bounds. Rules that need more than a schema (CEL, admission) are not looked at.
 *
 * @returns every problem, in the order of the schema; none when the object fits
 */
export function checkManifest(manifest: CheckedManifest): readonly Problem[] {
  const { apiVersion, kind } = manifest;
  const validate = validatorOf(`${apiVersion}/${kind}`, manifest);
  if (validate === undefined) return [unknownKind(manifest)];
  if (validate(manifest)) return [];
  // A value of a Secret must not get into a message.
  const sayValues = kind !== 'Secret';
  return (validate.errors ?? [])
    .filter(({ schemaPath }) => !ofAlternative.test(schemaPath))
    .map((error) => problemOf(error, { sayValues }));
}

/** What is wrong with one alternative says little; that none fits is an error of its own. */
const ofAlternative = /\/(?:anyOf|oneOf)\/\d+\/|(?<!\/properties)\/not\//;

function unknownKind({ apiVersion, kind }: CheckedManifest): Problem {
  const named = kindsNamed(kind);
  return named.length > 0
    ? {
        path: 'apiVersion',
        message: `must be one in which ${kind} is served (${named.join(', ')}), got '${apiVersion}'`,
      }
    : {
        path: 'kind',
        message: `must be a kind with a schema here (from ${schemaSources().join(', ')}), got '${apiVersion}/${kind}'`,
      };
}

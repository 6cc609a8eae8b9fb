import type { ErrorObject } from 'ajv';
import { hasUnknown } from '../provider/property-values.ts';
import type { Properties } from '../provider/property-values.ts';
import { problemOf } from '../schemas/problem.ts';
import type { Problem } from '../schemas/problem.ts';
import { cloudSource, inputsValidator } from './cloud-types.ts';
import { limitProblems } from './limits.ts';

/**
 * Holds inputs against what the package declares of the type, and against the values that the cloud takes as far as they are
 * known: unknown properties, wrong types, what is missing, and values outside of enumerations, patterns and ranges. What only the
 * cloud could say is not looked at.
 *
 * @returns every problem; none when the inputs fit
 */
export function cloudProblems(token: string, inputs: Properties): readonly Problem[] {
  const validate = inputsValidator(token);
  if (validate === undefined) return [unknownType(token)];
  const isWhole = validate(inputs);
  const errors = isWhole ? [] : (validate.errors ?? []).filter(isTold);
  const found = errors.map((error) => problemOf(error, { sayValues: true }));
  return [...found, ...limitProblems(token, inputs)];
}

/** What is not known yet is checked when it is; what is wrong with one alternative says little. */
function isTold({ keyword, schemaPath, data }: ErrorObject): boolean {
  if (keyword === 'if' || /\/(?:anyOf|oneOf)\/\d+\//.test(schemaPath)) return false;
  const isWhole = keyword === 'required' || keyword === 'additionalProperties';
  return isWhole || !hasUnknown(data);
}

function unknownType(token: string): Problem {
  const source = cloudSource(token.split(':')[0] ?? '');
  return {
    path: '',
    message: `must be of a type with a schema here (from ${source}), got '${token}'; add it to tools/generators/cloud-schemas/cloud-types.ts and run 'npm run generate:clouds'`,
  };
}

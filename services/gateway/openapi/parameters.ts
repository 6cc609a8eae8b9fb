import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { jsonPath } from '../transcode/decode-request.ts';
import { isHeaderField, isWellKnown } from '../transcode/http-binding.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { isParameterField } from '../transcode/parameter-value.ts';
import { isRequired } from './schemas.ts';
import type { Schema, Schemas } from './schemas.ts';

/** A path template in OpenAPI's terms. */
export interface PathNames {
  readonly path: string;
  /** One for each wildcard of the template, in order. */
  readonly parameters: readonly string[];
}

/** Messages inside messages are parameters down to this depth, so that a recursive one ends. */
const MAX_PARAMETER_DEPTH = 3;

/**
 * Names the wildcards of a path after the field that they set, numbered where several of them make up
 * one field: `name_1`, `name_2`. OpenAPI has no other way to say that.
 */
export function pathNames({ template, pathFields }: HttpBinding): PathNames {
  const parameters: string[] = [];
  const segments = template.segments.map((segment, index) => {
    if (segment.kind === 'literal') return segment.text;
    const holder = template.variables.findIndex(
      ({ start, end }) => index >= start && (end === undefined || index < end),
    );
    const fields = pathFields[holder];
    const name = fields === undefined ? `wildcard_${index}` : jsonPath(fields);
    const wildcards = template.segments
      .slice(template.variables[holder]?.start, template.variables[holder]?.end)
      .filter(({ kind }) => kind !== 'literal').length;
    const taken = parameters.filter((each) => each === name || each.startsWith(`${name}_`)).length;
    const unique = wildcards > 1 ? `${name}_${taken + 1}` : name;
    parameters.push(unique);
    return `{${unique}}`;
  });
  const verb = template.verb === undefined ? '' : `:${template.verb}`;
  return { path: `/${segments.join('/')}${verb}`, parameters };
}

/** Parameter objects for the wildcards of a path. */
export function pathParameters(
  { template, pathFields }: HttpBinding,
  names: PathNames,
  schemas: Schemas,
): readonly Schema[] {
  const wildcards = [...template.segments.entries()].filter(([, { kind }]) => kind !== 'literal');
  return wildcards.map(([index, { kind }], position) => {
    const holder = template.variables.findIndex(
      ({ start, end }) => index >= start && (end === undefined || index < end),
    );
    const field = pathFields[holder]?.at(-1);
    const whole = template.variables[holder]?.multiple === false && field !== undefined;
    const { description, ...schema } = whole ? schemas.field(field) : { type: 'string' };
    const open = kind === 'rest' ? 'May contain slashes.' : undefined;
    return {
      name: names.parameters[position],
      in: 'path',
      required: true,
      ...((description ?? open) === undefined ? {} : { description: description ?? open }),
      schema,
    };
  });
}

/** Parameter objects for the request fields that neither path nor body sets. */
export function queryParameters(binding: HttpBinding, schemas: Schemas): readonly Schema[] {
  if (binding.body === 'whole') return [];
  const taken = new Set(binding.pathFields.map((fields) => jsonPath(fields)));
  const leaves = parameterLeaves(binding.method.input, []).filter(
    (fields) =>
      fields[0] !== binding.body &&
      !taken.has(jsonPath(fields)) &&
      !fields.some((field) => isHeaderField(binding, field)),
  );
  return leaves.flatMap((fields) => {
    const leaf = fields.at(-1);
    if (leaf === undefined) return [];
    const { description, ...schema } = schemas.field(leaf);
    return [
      {
        name: jsonPath(fields),
        in: 'query',
        ...(description === undefined ? {} : { description }),
        ...(fields.every(isRequired) ? { required: true } : {}),
        ...(leaf.fieldKind === 'list' ? { style: 'form', explode: true } : {}),
        schema,
      },
    ];
  });
}

function parameterLeaves(
  message: DescMessage,
  parents: readonly DescField[],
): readonly (readonly DescField[])[] {
  if (parents.length >= MAX_PARAMETER_DEPTH) return [];
  return message.fields.flatMap((field) => {
    const path = [...parents, field];
    if (isParameterField(field)) return [path];
    return field.fieldKind === 'message' && !isWellKnown(field.message)
      ? parameterLeaves(field.message, path)
      : [];
  });
}

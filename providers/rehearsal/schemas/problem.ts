import type { ErrorObject } from 'ajv';

/** What is wrong with an object, and where. */
export interface Problem {
  /** Such as `spec.template.spec.containers[0].image`; empty for the object itself. */
  readonly path: string;
  /** What is allowed and what was given, to be read after the path. */
  readonly message: string;
}

/** An error of the validator in words. */
export function problemOf(error: ErrorObject, options: { readonly sayValues: boolean }): Problem {
  const { keyword, instancePath, params, parentSchema = {}, data } = error;
  const path = pathOf(instancePath);
  const got = options.sayValues && !isObject(data) ? `, got ${JSON.stringify(data)}` : '';
  switch (keyword) {
    case 'additionalProperties':
      return {
        path: join(path, String(params['additionalProperty'])),
        message: `is not a property here${choiceOf(parentSchema)}`,
      };
    case 'required':
      return { path: join(path, String(params['missingProperty'])), message: 'is missing' };
    case 'type':
      return {
        path,
        message: `must be ${[params['type']].flat().join(' or ')}${got || `, got ${typeName(data)}`}`,
      };
    case 'enum':
      return { path, message: `must be one of ${quoted(params['allowedValues'])}${got}` };
    case 'format':
      return { path, message: `must be of the format ${String(params['format'])}${got}` };
    case 'anyOf':
    case 'oneOf':
      return {
        path,
        message: `must fit ${keyword === 'oneOf' ? 'exactly' : 'at least'} one of ${JSON.stringify(parentSchema[keyword])}`,
      };
    case 'not':
      return { path, message: `must not fit ${JSON.stringify(parentSchema['not'])}` };
    default:
      return { path, message: `${error.message ?? keyword}${got}` };
  }
}

function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(join, '');
}

/** Keys that are not plain words are quoted, and positions in a list are bracketed. */
function join(path: string, key: string): string {
  if (/^\d+$/.test(key)) return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function choiceOf(schema: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(isObject(schema['properties']) ? schema['properties'] : {});
  return names.length === 0 ? '' : `; there are ${names.toSorted().join(', ')}`;
}

function quoted(values: unknown): string {
  return (values as readonly unknown[]).map((value) => JSON.stringify(value)).join(', ');
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'a list' : isObject(value) ? 'an object' : 'something else';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

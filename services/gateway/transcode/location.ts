import type { DescMessage, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { findField, httpBindings, isWellKnown } from './http-binding.ts';
import type { HttpBinding } from './http-binding.ts';

const readers = new WeakMap<HttpBinding, HttpBinding | 'none'>();

/**
 * The operation that reads what this one creates: of the same service and resource, at the path of this
 * one and one segment more. Undefined for an operation that creates nothing which has a path of its own.
 */
export function readerOf(binding: HttpBinding): HttpBinding | undefined {
  const known = readers.get(binding) ?? findReader(binding) ?? 'none';
  readers.set(binding, known);
  return known === 'none' ? undefined : known;
}

function findReader(binding: HttpBinding): HttpBinding | undefined {
  const { verb, template, method } = binding;
  const created = resourceOf(binding);
  if (verb !== 'POST' || template.verb !== undefined || created === undefined) return undefined;
  return method.parent.methods.flatMap(httpBindings).find(
    (reader) =>
      reader.verb === 'GET' &&
      resourceOf(reader) === created &&
      reader.template.source.startsWith(`${template.source}/{`) &&
      reader.template.segments.length === template.segments.length + 1 &&
      reader.pathFields.every(([field, ...deeper]) => {
        const own = findField(created, field.name);
        return deeper.length === 0 && own?.fieldKind === 'scalar';
      }),
  );
}

/** The message that an operation answers with. */
function resourceOf({ method, responseBody }: HttpBinding): DescMessage | undefined {
  const resource = responseBody === undefined ? method.output : responseBody.message;
  return resource === undefined || isWellKnown(resource) ? undefined : resource;
}

/**
 * The path of what an operation has created (RFC 9110 section 15.3.2), taken from the answer; undefined
 * for an operation that creates nothing which has one.
 */
export function locationOf(binding: HttpBinding, answer: Message): string | undefined {
  const reader = readerOf(binding);
  if (reader === undefined) return undefined;
  let resource: ReflectMessage = reflect(binding.method.output, answer);
  if (binding.responseBody?.fieldKind === 'message') {
    if (!resource.isSet(binding.responseBody)) return undefined;
    resource = resource.get(binding.responseBody);
  }
  const values = reader.pathFields.map(([{ name }]) => {
    const field = findField(resource.desc, name);
    return field?.fieldKind === 'scalar' ? String(resource.get(field)) : '';
  });
  if (values.includes('')) return undefined;
  let next = 0;
  const segments = reader.template.segments.map((segment) =>
    segment.kind === 'literal' ? segment.text : encodeURIComponent(values[next++] ?? ''),
  );
  return `/${segments.join('/')}`;
}

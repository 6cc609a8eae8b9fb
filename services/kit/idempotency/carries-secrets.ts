import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';

const known = new WeakMap<DescMethod, boolean>();

/**
 * Whether a request or an answer of a method has a field marked `debug_redact`, at any depth: a password,
 * a token. Source: google/protobuf/descriptor.proto, FieldOptions.
 */
export function carriesSecrets(method: DescMethod): boolean {
  let found = known.get(method);
  if (found === undefined) {
    found = holdsSecrets(method.input) || holdsSecrets(method.output);
    known.set(method, found);
  }
  return found;
}

/** Whether a message has such a field. */
export function holdsSecrets(message: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return message.fields.some((field) => {
    if (field.proto.options?.debugRedact === true) return true;
    const inner = innerMessage(field);
    return inner !== undefined && holdsSecrets(inner, seen);
  });
}

function innerMessage(field: DescField): DescMessage | undefined {
  switch (field.fieldKind) {
    case 'message':
    case 'list':
    case 'map':
      return field.message;
    default:
      return undefined;
  }
}

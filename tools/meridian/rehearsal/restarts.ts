import type { ResourceChange } from './preview-report.ts';
import { RESTARTED_KINDS } from './restart-table.ts';
import type { Effect, RestartedKind } from './restart-table.ts';

/** Without the version of its API: 'kubernetes:apps/v1:StatefulSet' is 'apps:StatefulSet'. */
export function kindOf(type: string): string {
  const [, api = '', kind = ''] = type.split(':');
  return `${api.replace(/\/[^/]+$/, '')}:${kind}`;
}

/**
 * What a change does to what runs, in words for people: of all fields that change, what is felt most. Undefined for what
 * restarts nothing by itself, such as a policy, and for what is made or taken away.
 */
export function restartsOf({
  type,
  operation,
  properties,
}: Pick<ResourceChange, 'type' | 'operation' | 'properties'>): string | undefined {
  const kind = RESTARTED_KINDS[kindOf(type)];
  if (kind === undefined) return undefined;
  if (operation === 'replace') return kind.replaced;
  if (operation !== 'update') return undefined;
  const [most] = properties
    .map(({ property }) => effectOf(kind, property) ?? kind.otherwise)
    .toSorted((one, other) => other.weight - one.weight);
  return most?.text;
}

/** What a change of one field does to what runs; undefined for a kind that restarts nothing by itself. */
export function restartEffect(
  type: string,
  property: string,
): (Effect & { readonly isKnown: boolean }) | undefined {
  const kind = RESTARTED_KINDS[kindOf(type)];
  if (kind === undefined) return undefined;
  const effect = effectOf(kind, property);
  return { ...(effect ?? kind.otherwise), isKnown: effect !== undefined };
}

function effectOf({ rules }: RestartedKind, property: string): Effect | undefined {
  return rules.find(({ field }) => field.test(property))?.does;
}

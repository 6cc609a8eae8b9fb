import { wordOf } from '@meridian/policies/fields.ts';
import type { DeclarationReference } from '../finding.ts';
import type { ObjectChange } from './object-change.ts';

/** Kinds that are a service's own, one of each: they are told by its name alone. */
const OF_A_SERVICE: ReadonlySet<string> = new Set([
  ...['argoproj.io:Rollout', 'argoproj.io:AnalysisTemplate', 'keda.sh:ScaledObject'],
]);

/** The service that an object belongs to; undefined where it belongs to none. */
export function serviceOf({ labels }: ObjectChange): string | undefined {
  const { 'app.kubernetes.io/component': component, 'app.kubernetes.io/name': name } = labels;
  return component === 'service' && typeof name === 'string' ? name : undefined;
}

/** Who is told of, and what it is one of. */
export function subjectOf(change: ObjectChange): {
  readonly subject: string;
  readonly among: string;
} {
  const service = serviceOf(change);
  if (service !== undefined && OF_A_SERVICE.has(change.kind)) {
    return { subject: service, among: 'services' };
  }
  return { subject: change.title, among: pluralOf(change) };
}

function pluralOf({ kind }: ObjectChange): string {
  const name = kind.split(':').at(-1) ?? kind;
  if (kind === 'helm.sh:Release') return 'charts';
  if (name.endsWith('y') && !/[aeo]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|ch|x)$/.test(name) ? `${name}es` : `${name}s`;
}

/** The declaration that an object follows from, where it is one that a program writes by name. */
export function declaredBy(change: ObjectChange): DeclarationReference | undefined {
  const service = serviceOf(change);
  if (service !== undefined) return { declaration: `service ${service}` };
  const { kind, name, labels } = change;
  if (kind === 'kafka.strimzi.io:KafkaTopic') return { declaration: `topic ${name}` };
  return labels['app.kubernetes.io/component'] === 'tasks'
    ? { declaration: `task ${wordOf(labels['app.kubernetes.io/name'])}` }
    : undefined;
}

import type { Finding } from '../finding.ts';
import type { ObjectChange } from './object-change.ts';

/** Whom rules name as the owner of an alert, in any form that Prometheus reads. */
const OWNER = /\bowner["']?\s*:\s*["']?([\w.-]+)/g;

/**
 * Tells of routes whose owner no alert names any more as of what nobody misses: a team that has another name has
 * other routes, and its alerts name it.
 */
export function withoutUnowned(
  findings: readonly Finding[],
  changes: readonly ObjectChange[],
): readonly Finding[] {
  if (!findings.some(({ among }) => among === 'routes')) return findings;
  const owners = new Set(
    changes
      .filter(
        ({ kind }) => kind === 'core:ConfigMap' || kind === 'monitoring.coreos.com:PrometheusRule',
      )
      .flatMap(({ after }) => textsIn(after))
      .flatMap((text) => [...text.matchAll(OWNER)].map(([, owner]) => owner)),
  );
  return findings.map((finding) => {
    const [, names] = /^(?:pages|tickets) of (.+)$/.exec(finding.subject) ?? [];
    if (finding.among !== 'routes' || names === undefined || owners.size === 0) return finding;
    if (names.split(', ').some((name) => owners.has(name) || !/^[\w.-]+$/.test(name)))
      return finding;
    return {
      ...finding,
      kind: 'alert-changed',
      consequence: 'no alert names that owner any more',
    };
  });
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  // Rules may be an object and not a text.
  return Reflect.has(value, 'groups')
    ? [JSON.stringify(value)]
    : Object.values(value).flatMap(textsIn);
}

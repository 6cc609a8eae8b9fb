import { compareText } from '../order.ts';
import type { PlatformProps } from '../platform.ts';
import type { Problem } from './problem.ts';
import { serviceFile } from './problem.ts';

/**
 * Cycles of synchronous calls: with one, a slow service can wait for itself and no order of
 * rollout is safe. Each cycle is reported once, from its first name by the alphabet.
 */
export function cycleProblems({ services }: PlatformProps): Problem[] {
  return cyclesAmong(
    new Map(
      services.map((service) => [service.name, service.calls.map((call) => call.service.name)]),
    ),
  );
}

/** The same from the names of those that each service calls. */
export function cyclesAmong(callees: ReadonlyMap<string, readonly string[]>): Problem[] {
  const found = new Map<string, Problem>();
  const walked = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name);
    if (start >= 0) {
      const problem = describeCycle(path.slice(start));
      // A service that calls itself is reported with the calls.
      if (path.length - start > 1) found.set(problem.given, problem);
      return;
    }
    // What was walked to its end lies on no cycle that is not found yet.
    if (walked.has(name)) return;
    for (const callee of callees.get(name) ?? []) walk(callee, [...path, name]);
    walked.add(name);
  };
  for (const name of callees.keys()) walk(name, []);
  return [...found.values()];
}

function describeCycle(members: readonly string[]): Problem & { readonly given: string } {
  const first = members.toSorted(compareText)[0] ?? '';
  const start = members.indexOf(first);
  const cycle = [...members.slice(start), ...members.slice(0, start)];
  return {
    subject: `Service '${first}'`,
    rule: 'synchronous calls must not form a cycle',
    given: [...cycle, first].join(' → '),
    fix: `turn one of these calls into an event, or remove it, in ${cycle.map(serviceFile).join(' or ')}`,
  };
}

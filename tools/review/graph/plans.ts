import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { Finding } from '../finding.ts';
import { isSame } from './is-same.ts';
import { ofMember } from './comparison.ts';

/** What is declared and has no code yet: nothing of it runs, and people who plan by it read something else. */
export function planFindings(before: LandedGraph, after: LandedGraph): readonly Finding[] {
  const [old, now] = [before, after].map(planned);
  const names = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...names].toSorted().flatMap((name) => {
    const [was, is] = [old?.get(name), now?.get(name)];
    if (isSame(was, is)) return [];
    // What has got code is told as what came.
    if (is === undefined && landedNames(after).has(name)) return [];
    return [
      ofMember(name, 'implemented', {
        kind: 'plan-changed',
        subject: name,
        among: 'plans',
        before: was === undefined ? 'none' : 'declared',
        after: is === undefined ? 'none' : 'declared',
        consequence: 'it has no code, and nothing of it runs',
      }),
    ];
  });
}

/** Services and stores that are declared and not landed, as they are declared. */
function planned(graph: LandedGraph): ReadonlyMap<string, unknown> {
  const names = landedNames(graph);
  return new Map([...declaredIn(graph.declared)].filter(([name]) => !names.has(name)));
}

function landedNames(graph: LandedGraph): ReadonlySet<string> {
  return new Set(declaredIn(graph).keys());
}

function declaredIn({ services, tasks }: Pick<LandedGraph, 'services' | 'tasks'>) {
  return new Map<string, unknown>([
    ...services.map((service) => [`service ${service.name}`, service] as const),
    ...services.flatMap(({ stores }) =>
      stores.map((store) => [`store ${store.binding}`, store] as const),
    ),
    ...tasks.map((task) => [`task ${task.name}`, task] as const),
  ]);
}

import type { ChartedService } from '../kubernetes/lower-services.ts';

/** A file of the chart that makes no object: Helm runs it with the others and stops where it fails. */
export const CONTRADICTIONS_FILE = 'templates/contradictions.tpl';

/** Helm's expression for a CPU of the schema's form, in millicores. */
const millicores = (path: string): string =>
  `(ternary (trimSuffix "m" ${path}) (printf "%s000" ${path}) (hasSuffix "m" ${path}) | int64)`;

/** Helm's expression for memory of the schema's form, in MiB. */
const mebibytes = (path: string): string =>
  `(ternary (mul 1024 (trimSuffix "Gi" ${path} | int64)) (trimSuffix "Mi" ${path} | int64) (hasSuffix "Gi" ${path}))`;

/** Fails with a text of which `%v` are the values at the paths, when the condition holds. */
function refusal(condition: string, text: string, paths: readonly string[]): string {
  return `{{- if ${condition} }}
{{- fail (printf "${text}" ${paths.join(' ')}) }}
{{- end }}
`;
}

/** The value at a path. */
const at = (path: string): string => `.Values.${path}`;

/**
 * Refuses values that contradict each other, which a schema cannot compare: Kubernetes would refuse some of them object by
 * object, the autoscaler would say so in a condition alone, and the kernel would end a process whose heap does not fit.
 */
export function contradictions({ heap: { outsideHeapMiB } }: ChartedService): string {
  const request = { cpu: at('resources.requests.cpu'), memory: at('resources.requests.memory') };
  const limit = { cpu: at('resources.limits.cpu'), memory: at('resources.limits.memory') };
  return [
    refusal(
      `gt (int64 ${at('replicas.min')}) (int64 ${at('replicas.max')})`,
      notAbove('replicas.min', 'replicas.max'),
      [at('replicas.max'), at('replicas.min')],
    ),
    refusal(
      `gt ${millicores(request.cpu)} ${millicores(limit.cpu)}`,
      notAbove('resources.requests.cpu', 'resources.limits.cpu'),
      [limit.cpu, request.cpu],
    ),
    refusal(
      `gt ${mebibytes(request.memory)} ${mebibytes(limit.memory)}`,
      notAbove('resources.requests.memory', 'resources.limits.memory'),
      [limit.memory, request.memory],
    ),
    refusal(
      `gt (add (int64 ${at('heapMiB')}) ${outsideHeapMiB}) ${mebibytes(limit.memory)}`,
      `Value heapMiB: must leave ${outsideHeapMiB} MiB of resources.limits.memory (%v) to what is beside the heap, got %v; lower it, or raise resources.limits.memory`,
      [limit.memory, at('heapMiB')],
    ),
  ].join('');
}

const notAbove = (lesser: string, greater: string): string =>
  `Value ${lesser}: must not exceed ${greater} (%v), got %v; lower it, or raise ${greater}`;

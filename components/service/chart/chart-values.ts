import { Placeholders } from '../../kubernetes/chart/placeholder.ts';
import { UNRESOLVED } from '../../kubernetes/manifest.ts';
import { REPLICA_RANGE } from '../../model/validate/sizing-problems.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';

/** All that may differ between two installations of a service's chart. */
export interface ServiceValues {
  readonly image: { readonly digest: string };
  readonly replicas: ChartedService['replicas'];
  readonly resources: ChartedService['resources'];
  /** What V8 may use for old objects, in MiB. */
  readonly heapMiB: number;
}

const [LEAST_REPLICAS, MOST_REPLICAS] = REPLICA_RANGE;
const replicas = { type: 'integer', minimum: LEAST_REPLICAS, maximum: MOST_REPLICAS } as const;
const cpu = { type: 'string', pattern: '^[1-9][0-9]*m?$' } as const;
const memory = { type: 'string', pattern: '^[1-9][0-9]*(Mi|Gi)$' } as const;

/** What stands for the values while a chart is written. */
export const values = new Placeholders<ServiceValues>({
  'image.digest': {
    type: 'string',
    pattern: `^(sha256:[0-9a-f]{64}|${UNRESOLVED})$`,
    description: `'${UNRESOLVED}' until the image has been pushed; such a chart can be read but not run`,
  },
  'replicas.min': replicas,
  'replicas.max': replicas,
  'resources.requests.cpu': cpu,
  'resources.requests.memory': memory,
  'resources.limits.cpu': cpu,
  'resources.limits.memory': memory,
  heapMiB: {
    type: 'integer',
    minimum: 1,
    description: 'What V8 may use for old objects, of the limit of memory',
  },
});

/** The values that a chart comes with. */
export function defaultValues({ image, replicas, resources, heap }: ChartedService): ServiceValues {
  return { image: { digest: image.digest }, replicas, resources, heapMiB: heap.heapMiB };
}

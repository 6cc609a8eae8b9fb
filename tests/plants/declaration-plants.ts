import type { AnyService } from '@meridian/components/model/service.ts';
import type { Topic } from '@meridian/language/topic.ts';
import type { Plant } from './plant.ts';

/** Something else in the declaration of a service, or in that of a topic. */
export type Misdeclaration =
  | {
      readonly service: string;
      readonly scale?: Partial<AnyService['scale']>;
      readonly limits?: Partial<AnyService['limits']>;
      readonly objectives?: Partial<AnyService['objectives']>;
    }
  | { readonly topic: string; readonly change: Partial<Topic> };

/** Declarations of which the graph is not built. */
export const DECLARATION_PLANTS: readonly Plant<Misdeclaration>[] = [
  {
    name: 'a topic with a single copy',
    mistake: { topic: 'orders.events.v1', change: { replication: 1 } },
    message:
      "Topic 'orders.events.v1': replication must be 3, got 1; set it in services/orders/topics.ts",
  },
  {
    name: 'a topic with more copies than zones',
    mistake: { topic: 'orders.events.v1', change: { replication: 4 } },
    message: "Topic 'orders.events.v1': replication must be 3, got 4",
  },
  {
    name: 'a topic without partitions',
    mistake: { topic: 'catalog.events.v1', change: { partitions: 0 } },
    message:
      "Topic 'catalog.events.v1': partitions must be 1 to 200, got 0; set it in services/catalog/topics.ts",
  },
  {
    name: 'less memory than Node.js takes',
    mistake: { service: 'catalog', scale: { memoryMiB: 64 } },
    message:
      "Service 'catalog': scale.memoryMiB must be 128 to 65536, got 64; set it in services/catalog/service.ts",
  },
  {
    name: 'a single replica',
    mistake: { service: 'orders', scale: { minReplicas: 1 } },
    message:
      "Service 'orders': scale.minReplicas must be 2 to 20, got 1; set it in services/orders/service.ts",
  },
  {
    name: 'more replicas than one service may take of a cluster',
    mistake: { service: 'catalog', scale: { maxReplicas: 1_000 } },
    message: "Service 'catalog': scale.maxReplicas must be 2 to 20, got 1000",
  },
  {
    name: 'more replicas at least than at most',
    mistake: { service: 'catalog', scale: { minReplicas: 10, maxReplicas: 5 } },
    message:
      "Service 'catalog': scale.minReplicas must not exceed scale.maxReplicas (5), got 10; set it in services/catalog/service.ts",
  },
  {
    name: 'a heap that leaves no memory to the rest of Node.js',
    mistake: { service: 'catalog', scale: { heapMiB: 300 } },
    message:
      "Service 'catalog': scale.heapMiB must be 32 to 256, of 320 MiB of memory, got 300; set it or scale.memoryMiB in services/catalog/service.ts",
  },
  {
    name: 'an answer in a millisecond, over the network and from a database',
    mistake: { service: 'catalog', objectives: { latencyP95Ms: 1 } },
    message:
      "Service 'catalog': objectives.latencyP95Ms must be a bound of the histograms (5, 10, 15,",
  },
  {
    name: 'a 95th percentile above the 99th',
    mistake: { service: 'catalog', objectives: { latencyP95Ms: 500 } },
    message:
      "Service 'catalog': objectives.latencyP95Ms must not exceed objectives.latencyP99Ms (200), got 500; set it in services/catalog/service.ts",
  },
  {
    name: 'no failure ever',
    mistake: { service: 'payments', objectives: { availabilityPercent: 100 } },
    message: "Service 'payments': objectives.availabilityPercent must be 90 to 99.999, got 100",
  },
  {
    name: 'a service that handles nothing',
    mistake: { service: 'search', limits: { concurrency: 0 } },
    message: "Service 'search': limits.concurrency must be 1 to 10000, got 0",
  },
];

/** Folders of migrations that are not there, by the store that names them. */
export const FOLDER_PLANTS: readonly Plant<{ readonly store: string; readonly folder: string }>[] =
  [
    {
      name: 'a folder of migrations that is misspelt',
      mistake: { store: 'orders', folder: 'services/orders/migratons' },
      message:
        "Store 'orders': migrations must be a folder of the program (services/orders has 'conservation', 'contract', 'migrations'",
    },
  ];

/** Who calls whom, where that is a cycle, in which the declarations cannot even be imported. */
export const CYCLE_PLANTS: readonly Plant<Readonly<Record<string, readonly string[]>>>[] = [
  {
    name: 'two services that call each other',
    mistake: { catalog: ['orders'], orders: ['catalog'] },
    message:
      "Service 'catalog': synchronous calls must not form a cycle, got catalog → orders → catalog; turn one of these calls into an event, or remove it, in services/catalog/service.ts or services/orders/service.ts",
  },
];

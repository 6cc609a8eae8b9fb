import type { Edit, Plant } from './plant.ts';

/** Something else in an object of staging, such as 'CronJob order-story', or in a chart of others. */
export type ObjectMistake = Edit & ({ readonly object: string } | { readonly chart: string });

/** What schemas allow, and what reads it refuses when it runs, ignores, or takes for something else. */
export const OBJECT_PLANTS: readonly Plant<ObjectMistake>[] = [
  {
    name: 'a schedule of five fields where six are read: at minute 3 of every hour',
    mistake: {
      object: 'ScheduledBackup meridian-nightly',
      at: ['spec', 'schedule'],
      value: '0 3 * * *',
    },
    message:
      "Object 'ScheduledBackup meridian-nightly': spec.schedule must have 6 fields (seconds, minutes, hours, days, months, weekdays), got '0 3 * * *' with 5; set it in components/postgres",
    operator: 'Schedule parameter may not have the right number of arguments',
  },
  {
    name: 'a schedule of six fields where five are read',
    mistake: {
      object: 'CronJob order-story',
      at: ['spec', 'schedule'],
      value: '0 0 3 * * *',
    },
    message:
      "Object 'CronJob order-story': spec.schedule must have 5 fields (minutes, hours, days, months, weekdays), got '0 0 3 * * *' with 6; set it in components/task",
  },
  {
    name: 'CPU in a form that a controller writes back in another one, and so makes its own',
    mistake: {
      object: 'Rollout payments',
      at: ['spec', 'template', 'spec', 'containers', '0', 'resources', 'limits', 'cpu'],
      value: '1000m',
    },
    message:
      "Object 'Rollout payments': spec.template.spec.containers.0.resources.limits.cpu must be in the form that Kubernetes gives it, '1', as controllers write it back so, got '1000m'; set it in components/service",
  },
  {
    name: 'the size of a volume that nobody can read, on a first deployment',
    mistake: { object: 'Cluster meridian', at: ['spec', 'storage', 'size'], value: '20 GB' },
    message:
      "Object 'Cluster meridian': spec.storage.size must be a quantity of Kubernetes, a number and right after it Ki, Mi, Gi, Ti, k, M, G, T or m, such as '20Gi', got '20 GB'; set it in components/postgres",
  },
  {
    name: 'a volume of brokers in the units of PostgreSQL',
    mistake: {
      object: 'KafkaNodePool a',
      at: ['spec', 'storage', 'volumes', '0', 'size'],
      value: '100GB',
    },
    message: 'spec.storage.volumes.0.size must be a quantity of Kuberne',
  },
  {
    name: 'memory of a container in words',
    mistake: {
      object: 'Rollout payments',
      at: ['spec', 'template', 'spec', 'containers', '0', 'resources', 'limits', 'memory'],
      value: '256 MiB',
    },
    message: 'resources.limits.memory must be a quantity of Kuberne',
  },
  {
    name: 'memory in words',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'postgresql', 'parameters', 'shared_buffers'],
      value: '512 megabytes',
    },
    message:
      "Object 'Cluster meridian': spec.postgresql.parameters.shared_buffers must be a number with a unit of memory (B, kB, MB, GB, TB), such as '512MB', got '512 megabytes'; set it in components/postgres",
    operator: 'Invalid value for configuration parameter shared_buffers',
  },
  {
    name: 'memory in the units of Kubernetes',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'postgresql', 'parameters', 'work_mem'],
      value: '4Mi',
    },
    message: 'spec.postgresql.parameters.work_mem must be a number with a unit of memory',
  },
  {
    name: 'a time in words',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'postgresql', 'parameters', 'statement_timeout'],
      value: '30 seconds',
    },
    message:
      'spec.postgresql.parameters.statement_timeout must have a unit that PostgreSQL knows (B, kB, MB, GB, TB, us, ms, s, min, h, d)',
  },
  {
    name: 'pods of a task in a class that is not there',
    mistake: {
      object: 'CronJob order-story',
      at: ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'priorityClassName'],
      value: 'meridian-tasks',
    },
    message:
      "Object 'CronJob order-story': spec.jobTemplate.spec.template.spec.priorityClassName must be a class that there is ('system-cluster-critical', 'system-node-critical', 'meridian-engine', 'meridian-service', 'meridian-telemetry', 'meridian-task'), got 'meridian-tasks'; set it in components/task",
  },
  {
    name: 'an engine in a class that is not there',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'priorityClassName'],
      value: 'high',
    },
    message: "Object 'Cluster meridian': spec.priorityClassName must be a class that there is",
  },
  {
    name: 'a service in a class that is not there',
    mistake: {
      object: 'Rollout catalog',
      at: ['spec', 'template', 'spec', 'priorityClassName'],
      value: 'meridian-services',
    },
    message:
      "Object 'Rollout catalog': spec.template.spec.priorityClassName must be a class that there is ('system-cluster-critical'",
  },
  {
    name: 'an operator in a class that is not there',
    mistake: {
      chart: 'argo-rollouts',
      at: ['controller', 'priorityClassName'],
      value: 'engine',
    },
    message: "Chart 'argo-rollouts': controller.priorityClassName must be a class that there is",
  },
  {
    name: 'a value of a chart that is misspelt',
    mistake: { chart: 'cert-manager', at: ['replicaCounts'], value: 2 },
    message: "Chart 'cert-manager': values.replicaCounts must be one of those that the chart reads",
  },
  {
    name: 'a value of a chart that is misspelt further down',
    mistake: { chart: 'trust-manager', at: ['app', 'trust', 'namespaces'], value: 'x' },
    message:
      "Chart 'trust-manager': values.app.trust.namespaces must be one of those that the chart reads",
  },
  {
    name: 'a value of a chart without a schema that is misspelt',
    mistake: { chart: 'eck-operator', at: ['podDisruptionBudget', 'enable'], value: true },
    message:
      "Chart 'eck-operator': values.podDisruptionBudget.enable must be one of those that the chart reads",
  },
];

/** What the schema of a kind refuses. */
export const SCHEMA_PLANTS: readonly Plant<Edit & { readonly object: string }>[] = [
  {
    name: 'a field that is misspelt',
    mistake: { object: 'Cluster meridian', at: ['spec', 'instanses'], value: 3 },
    message: 'spec.instanses: is not a property here',
  },
  {
    name: 'a number as a text',
    mistake: { object: 'KafkaTopic orders.events.v1', at: ['spec', 'partitions'], value: '12' },
    message: 'spec.partitions: must be',
  },
];

/** What an object cannot become once it is there. */
export const CHANGE_PLANTS: readonly Plant<Edit & { readonly object: string }>[] = [
  {
    name: 'fewer partitions than a topic has',
    mistake: { object: 'KafkaTopic orders.events.v1', at: ['spec', 'partitions'], value: 6 },
    message:
      'spec.partitions: must be 12 or more, since those that there are hold records, got 6; declare as many in services/orders/topics.ts, or a topic of another name there',
  },
  {
    name: 'another number of copies than a topic has',
    mistake: { object: 'KafkaTopic orders.events.v1', at: ['spec', 'replicas'], value: 2 },
    message: 'spec.replicas: must be as it was, 3, since copies are not moved, got 2',
  },
  {
    name: 'less room for a database than it has',
    mistake: { object: 'Cluster meridian', at: ['spec', 'storage', 'size'], value: '10Gi' },
    message: 'spec.storage.size: must be 20Gi or more, since volumes do not shrink, got 10Gi',
    operator: "can't shrink existing storage from 20Gi to 10Gi",
  },
];

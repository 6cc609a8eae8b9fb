import type { DeployedStack } from './deployed-stack.ts';
import { externals } from './deployment.ts';
import type { ProgramCopy } from './program-copy.ts';
import { imageDigest } from './staging.ts';

/** A change of the staging stack, as somebody makes one. */
export interface StagingChange {
  readonly name: string;
  readonly make: (program: ProgramCopy, stack: DeployedStack) => Promise<void> | void;
}

/** One of each kind. None touches what another does, so that all of them can be made at once. */
export const CHANGES: readonly StagingChange[] = [
  {
    name: 'more replicas of a service',
    make: (program) => {
      program.edit(
        'services/payments/service.ts',
        "exposure: 'internal',",
        "exposure: 'internal',\n  scale: { minReplicas: 3 },",
      );
    },
  },
  {
    name: 'another image of a service',
    make: (_program, stack) => stack.set('images', JSON.stringify({ audit: imageDigest('other') })),
  },
  {
    name: 'another variable of every task',
    make: (program) => {
      program.edit(
        'components/task/task-pod.ts',
        '...kitEnvironment(),',
        "...kitEnvironment(), { name: 'TZ', value: 'UTC' },",
      );
    },
  },
  {
    name: 'a topic',
    make: (program) => {
      program.edit(
        'services/identity/topics.ts',
        /$/,
        "\nexport const identityNotes = topic({ ...identityEvents, name: 'identity.events.v2' });\n",
      );
      program.edit(
        'services/identity/service.ts',
        '{ identityEvents }',
        '{ identityEvents, identityNotes }',
      );
      program.edit(
        'services/identity/service.ts',
        '[identityEvents]',
        '[identityEvents, identityNotes]',
      );
    },
  },
  {
    name: 'more partitions of a topic',
    make: (program) => {
      program.edit('services/catalog/topics.ts', 'events: [', 'partitions: 24,\n  events: [');
    },
  },
  {
    name: 'a network that a service may reach, and the address in the Secret of a binding, which is replaced',
    make: (_program, stack) =>
      stack.set(
        'externals',
        externals({ uri: 'https://api.provider.example:8443', networks: ['198.51.100.0/24'] }),
      ),
  },
  {
    name: 'another generation of passwords',
    make: (_program, stack) => stack.set('passwordGeneration', '2'),
  },
  {
    name: 'another content of a Job',
    make: (program) => {
      const migration = 'services/orders/migrations/9999_change-nothing.sql';
      program.write(migration, 'SELECT 1;\n');
    },
  },
  {
    name: 'a field of a kind of an operator',
    make: (program) => {
      program.edit(
        'components/postgres/kubernetes/cluster.ts',
        "DATA_SIZE = '20Gi'",
        "DATA_SIZE = '30Gi'",
      );
    },
  },
  {
    name: 'a task less',
    make: (program) => {
      program.edit('infra/platform.ts', /export \{ orderStory \}.*\n/, '');
    },
  },
  {
    name: 'a task of another name',
    make: (program) => {
      program.edit(
        'services/catalog/seed/task.ts',
        "name: 'catalogue-seed'",
        "name: 'catalogue-fill'",
      );
    },
  },
  {
    name: 'something else that a role gives',
    make: (program) => {
      program.edit(
        'components/observability/kubernetes/access.ts',
        "resources: ['pods'], verbs: WATCHES",
        "resources: ['pods', 'services'], verbs: WATCHES",
      );
    },
  },
];

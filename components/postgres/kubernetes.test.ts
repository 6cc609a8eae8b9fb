import { describe, expect, test } from '@jest/globals';
import type * as k8s from '../kubernetes/k8s.ts';
import { buildGraph } from '../model/build-graph.ts';
import { databaseGrants } from '../model/grants.ts';
import type { PlatformProps } from '../model/platform.ts';
import { postgres } from '../model/store.ts';
import { archive, samplePlatform } from '../model/testing/sample-platform.ts';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { MONITOR, MONITOR_CONNECTIONS } from '../observability/engines/monitor.ts';
import { sampleCluster, sampleClusterContext } from '../testing/sample-cluster.ts';
import { sampleStack } from '../testing/sample-stack.ts';
import { kubernetesPostgres, lowerPostgres } from './kubernetes.ts';
import { pgHbaConf } from './postgres-configuration.ts';

const withPress = (appendOnly: readonly string[]): PlatformProps => {
  const migrations = 'services/print-works/migrations';
  const stores = [postgres({ name: 'print-queue', migrations, appendOnly })];
  const press = {
    ...archive,
    name: 'print-works',
    slot: 3,
    consumes: [],
    implemented: true,
    stores,
  };
  return { ...samplePlatform, services: [...samplePlatform.services, press] };
};
const platform = withPress([]);
const graph = buildGraph(platform);

const manifestsOf = (kind: string, settings = {}): readonly ClusterObject[] =>
  sampleCluster(settings, platform)
    .postgres.steps.flatMap(({ manifests = [] }) => manifests)
    .filter((manifest) => manifest.kind === kind);

const clusterSpec = (settings = {}): k8s.Cluster['spec'] =>
  (manifestsOf('Cluster', settings)[0] as unknown as k8s.Cluster).spec;

/**
 * What CloudNativePG labels the pods that share a volume with: those of the Job that fills it and that of the instance.
 * Source: CloudNativePG 1.30.0, pkg/specs/jobs.go, CreatePrimaryJob, and pkg/specs/pods.go, NewInstance
 */
const LABELS_OF_PODS = {
  'pods of a Job that joins': {
    'cnpg.io/cluster': 'sample',
    'cnpg.io/instanceName': 'sample-2',
    'cnpg.io/jobRole': 'join',
    'app.kubernetes.io/name': 'postgresql',
    'app.kubernetes.io/instance': 'sample',
  },
  instances: {
    'cnpg.io/cluster': 'sample',
    'cnpg.io/instanceName': 'sample-2',
    'cnpg.io/podRole': 'instance',
    'app.kubernetes.io/name': 'postgresql',
    'app.kubernetes.io/instance': 'sample',
  },
};

describe('Postgres in a cluster', () => {
  const local = sampleStack({}, platform).postgres;

  test('has the roles that the landing on this machine has, and one that migrates', () => {
    const roles = clusterSpec().managed?.roles ?? [];
    expect(roles.map(({ name, login }) => [name, login])).toEqual([
      ...local.roles.map(({ name, kind }) => [name, kind !== 'owner']),
      ['migrator', true],
    ]);
    expect(roles.find(({ name }) => name === MONITOR)).toMatchObject({
      inRoles: ['pg_monitor'],
      connectionLimit: MONITOR_CONNECTIONS,
    });
    const owners = local.roles.filter(({ kind }) => kind === 'owner').map(({ name }) => name);
    expect(roles.at(-1)).toMatchObject({ inherit: false, inRoles: owners });
    for (const { superuser, createdb, createrole, disablePassword } of roles) {
      expect([superuser, createdb, createrole, disablePassword]).toEqual([
        false,
        false,
        false,
        true,
      ]);
    }
  });

  test('has the databases that the landing on this machine has', () => {
    const databases = manifestsOf('Database').map(
      (manifest) => (manifest as unknown as k8s.Database).spec,
    );
    expect(databases.map(({ name, owner }) => ({ name, owner }))).toEqual(local.databases);
  });

  test('lets in whom the landing on this machine lets in, and migrations', () => {
    const services = (lines: readonly string[]) =>
      lines.flatMap(
        (line) => /^hostssl (\S+) (\S+) \S+ cert(?!.*migrator)/.exec(line)?.slice(1, 3) ?? [],
      );
    const rules = clusterSpec().postgresql?.pg_hba ?? [];
    const here = services(pgHbaConf(databaseGrants(graph)).split('\n'));
    expect(services(rules)).toEqual(here);
    expect(rules).toContain('hostssl postgres monitor all cert');
    expect(rules).toContain('hostssl shelf migrator all cert map=migrator');
    expect(rules.at(-1)).toBe('host all all all reject');
    expect(rules.join('\n')).not.toMatch(/trust|password|md5|scram/);
  });

  test('has an instance in each zone, and a commit in two of them', () => {
    const spec = clusterSpec();
    expect(spec.instances).toBe(3);
    expect(spec.topologySpreadConstraints).toMatchObject([
      {
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
        minDomains: 3,
      },
    ]);
    expect(spec.postgresql?.synchronous).toEqual({
      method: 'any',
      number: 1,
      dataDurability: 'required',
      failoverQuorum: true,
    });
  });

  test('keeps less of its log for a standby that is away than the volume of the log holds', () => {
    const { postgresql, walStorage } = clusterSpec();
    const kept = /^(\d+)MB$/.exec(postgresql?.parameters?.['max_slot_wal_keep_size'] ?? '');
    const volume = /^(\d+)Gi$/.exec(String(walStorage?.size));
    // PostgreSQL's own `max_wal_size` is 1 GiB, twice of which may be between two checkpoints.
    const room = Number(volume?.[1]) * 1_024 - Number(kept?.[1]);
    expect(Number(kept?.[1])).toBeGreaterThan(1_024);
    expect(room).toBeGreaterThanOrEqual(2 * 1_024);
  });

  test.each(Object.entries(LABELS_OF_PODS))(
    'spreads %s over the zones by a label that they have',
    (_pods, labels) => {
      for (const { labelSelector } of clusterSpec().topologySpreadConstraints ?? []) {
        expect(labelSelector).toEqual({ matchLabels: expect.anything() });
        expect(labels).toMatchObject(labelSelector?.matchLabels ?? {});
      }
    },
  );

  test('has backups where the stack names a snapshot class, and else none that would be refused', () => {
    const snapshotClass = 'fast';
    expect(clusterSpec({ snapshotClass }).backup?.volumeSnapshot?.className).toBe('fast');
    expect(manifestsOf('ScheduledBackup', { snapshotClass })).toHaveLength(1);
    expect(clusterSpec()).not.toHaveProperty('backup');
    expect(manifestsOf('ScheduledBackup')).toEqual([]);
  });

  describe('with a bucket of backups', () => {
    const backup = {
      uri: 'https://s3.example:8443',
      region: 'eu-1',
      bucket: 'copies',
      networks: ['192.0.2.0/24'],
      secret: 'keys',
      retentionDays: 7,
      schedule: '0 30 2 * * *',
      encryption: 'aws:kms' as const,
    };
    const withBackup = { postgres: { backup } };
    const restoreFrom = { archive: 'sample', time: '2026-11-28T13:30:00Z' };
    const restored = { postgres: { backup: { ...backup, archive: 'sample-2' }, restoreFrom } };

    test('archives each change to it, and once a day a copy of the data, from the beginning', () => {
      const { plugins, postgresql } = clusterSpec(withBackup);
      const [store] = manifestsOf('ObjectStore', withBackup);
      expect(plugins).toEqual([
        {
          name: 'barman-cloud.cloudnative-pg.io',
          isWALArchiver: true,
          parameters: { barmanObjectName: store?.metadata.name, serverName: 'sample' },
        },
      ]);
      expect(postgresql?.parameters?.['archive_timeout']).toBe('60s');
      expect(store).toMatchObject({
        spec: {
          configuration: {
            destinationPath: 's3://copies/',
            endpointURL: 'https://s3.example:8443',
            s3Credentials: { accessKeyId: { name: 'keys', key: 'access-key-id' } },
            wal: { encryption: 'aws:kms' },
            data: { encryption: 'aws:kms' },
          },
          retentionPolicy: '7d',
        },
      });
      expect(manifestsOf('ScheduledBackup', withBackup)).toMatchObject([
        {
          spec: {
            schedule: '0 30 2 * * *',
            method: 'plugin',
            pluginConfiguration: { name: plugins?.[0]?.name },
            immediate: true,
          },
        },
      ]);
    });

    test.each([
      ['https://s3.example:8443', true],
      ['https://sfo3.digitaloceanspaces.com', true],
      ['https://amazonaws.com.example', true],
      ['https://s3.eu-central-1.amazonaws.com', false],
      ['https://s3.cn-north-1.amazonaws.com.cn', false],
    ])('sends %s only checksums that it must have: %p', (uri, isOther) => {
      const [store] = manifestsOf('ObjectStore', { postgres: { backup: { ...backup, uri } } });
      const { spec } = store as unknown as k8s.ObjectStore;
      const { env = [] } = spec.instanceSidecarConfiguration ?? {};
      expect(Object.fromEntries(env.map(({ name, value }) => [name, value]))).toEqual({
        AWS_DEFAULT_REGION: 'eu-1',
        ...(isOther
          ? {
              AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
              AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
            }
          : {}),
      });
    });

    test('lets instances reach it, and installs what writes to it and certifies itself', () => {
      const [policy] = manifestsOf('NetworkPolicy', withBackup).filter(
        ({ metadata }) => metadata.name === 'postgres',
      );
      expect(policy).toMatchObject({
        spec: {
          egress: expect.arrayContaining([
            {
              to: [{ ipBlock: { cidr: '192.0.2.0/24' } }],
              ports: [{ protocol: 'TCP', port: 8443 }],
            },
          ]),
        },
      });
      const charts = (settings = {}) =>
        sampleCluster(settings, platform).cluster.steps.flatMap(({ charts: some = [] }) => some);
      const [plugin] = charts(withBackup).filter(({ name }) => name === 'plugin-barman-cloud');
      const [certManager] = charts(withBackup).filter(({ name }) => name === 'cert-manager');
      const { issuerName } = plugin?.values['certificate'] as { readonly issuerName: string };
      expect(certManager?.values['approveSignerNames']).toContain(
        `issuers.cert-manager.io/${String(plugin?.namespace)}.${issuerName}`,
      );
      expect(charts().map(({ name }) => name)).not.toContain('plugin-barman-cloud');
    });

    test('begins with the data of an archive where it restores, and archives them elsewhere', () => {
      const { bootstrap, externalClusters, plugins } = clusterSpec(restored);
      expect(bootstrap).toEqual({
        recovery: {
          source: externalClusters?.[0]?.name,
          database: 'unused',
          owner: 'unused',
          recoveryTarget: { targetTime: '2026-11-28T13:30:00Z' },
        },
      });
      expect(externalClusters?.[0]?.plugin?.parameters).toMatchObject({ serverName: 'sample' });
      expect(plugins?.[0]?.parameters).toMatchObject({ serverName: 'sample-2' });
    });

    test('migrates what it restored, which may be older than the last migration', () => {
      const names = (settings: object) =>
        manifestsOf('Job', settings).map(({ metadata }) => metadata.name);
      expect(names(withBackup)).toEqual(names({}));
      expect(names(restored)).toHaveLength(names({}).length);
      expect(names(restored)).not.toEqual(names({}));
    });

    test('warns of nothing, and else of every database that could be lost', () => {
      const risk = (settings: object) =>
        kubernetesPostgres.dataAtRisk?.(sampleClusterContext(settings, platform));
      expect(risk({})).toEqual([
        expect.stringMatching(/no backup: .* print_queue, shelf .*Pulumi\.sample\.yaml/),
      ]);
      expect([risk(withBackup), risk({ snapshotClass: 'fast' })]).toEqual([[], []]);
    });
  });

  test('binds a service as this machine does, at the address of the primary', () => {
    const [binding] = manifestsOf('Secret').filter(
      ({ metadata }) => metadata.name === 'print-queue-postgres-binding',
    );
    expect(binding).toMatchObject({
      metadata: { namespace: 'sample' },
      stringData: {
        type: 'postgresql',
        host: 'sample-rw.data.svc.cluster.local',
        port: '5432',
        database: 'print_queue',
        username: 'print_works',
        'tls-folder': 'postgres-tls',
      },
    });
  });

  test('gives each service a certificate for its role, and the address of the server one too', () => {
    const certificates = manifestsOf('Certificate').map(({ metadata, ['spec']: spec }) => {
      const { commonName, dnsNames = [] } = spec as {
        readonly commonName: string;
        readonly dnsNames?: readonly string[];
      };
      return { name: metadata.name, commonName, dnsNames };
    });
    const named = (name: string) => certificates.find((candidate) => candidate.name === name);
    expect(named('print-works-postgres-tls')?.commonName).toBe('print_works');
    expect(named('postgres-replication-tls')?.commonName).toBe('streaming_replica');
    expect(named('postgres-server-tls')?.dnsNames).toContain('sample-rw.data.svc.cluster.local');
  });
});

describe('migrations in a cluster', () => {
  const jobs = (
    migrations: Readonly<Record<string, string>>,
    settings = {},
    appendOnly: readonly string[] = [],
  ) =>
    lowerPostgres({
      ...sampleClusterContext(settings, withPress(appendOnly)),
      migrations,
    }).steps.flatMap(({ manifests = [] }) => manifests.filter(({ kind }) => kind === 'Job'));
  const shelfOnly = { 'services/shelf/migrations': '1' };

  test('are a Job for each database that has some', () => {
    const both = { ...shelfOnly, 'services/print-works/migrations': '1' };
    expect(jobs(shelfOnly)).toHaveLength(1);
    expect(jobs(both)).toHaveLength(2);
    expect(jobs({})).toEqual([]);
  });

  test('are another Job when a file or the image is another, and else the same', () => {
    const nameOf = (...given: Parameters<typeof jobs>) => jobs(...given)[0]?.metadata.name;
    const digest = `sha256:${'1'.repeat(64)}`;
    expect(nameOf(shelfOnly)).toBe(nameOf(shelfOnly));
    expect(nameOf({ 'services/shelf/migrations': '2' })).not.toBe(nameOf(shelfOnly));
    expect(nameOf(shelfOnly, { images: { jobs: digest } })).not.toBe(nameOf(shelfOnly));
  });

  test('come after the databases that they fill', () => {
    const kinds = sampleCluster().postgres.steps.map(({ manifests = [] }) =>
      manifests.map(({ kind }): string => kind),
    );
    const stepOf = (kind: string) => kinds.findIndex((step) => step.includes(kind));
    expect(stepOf('Certificate')).toBeLessThan(stepOf('Cluster'));
    expect(stepOf('Cluster')).toBeLessThan(stepOf('Database'));
    expect(stepOf('Database')).toBeLessThan(stepOf('Job'));
  });

  test('take from a service the changing of what only grows', () => {
    const [job] = jobs({ 'services/print-works/migrations': '1' }, {}, ['prints']);
    expect(orderOf(job)).toMatchObject({
      database: 'print_queue',
      role: 'migrator',
      owner: 'print_queue_owner',
      serviceRoles: ['print_works'],
      appendOnly: ['prints'],
    });
  });
});

/** What the program of a Job is told. */
function orderOf(job: ClusterObject | undefined): unknown {
  const spec = job?.['spec'] as k8s.Job['spec'];
  return JSON.parse(spec.template.spec?.containers[0]?.args?.[0] ?? '');
}

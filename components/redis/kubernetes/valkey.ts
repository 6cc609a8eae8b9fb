import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { ForeignChart } from '../../kubernetes/manifest.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { READ_ONLY_CONTAINER, RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { SHARED_DIRECTIVES } from '../shared-directives.ts';
import { serverUsers } from '../redis-grants.ts';
import { redisPods, SERVER_NAME, SERVER_SECRET, USERS_SECRET, VALKEY_IMAGE } from './names.ts';
import type { ValkeyResources, ValkeyValues } from './valkey-values.ts';

/** Of its image. */
const USER_ID = 1_000;

/** Twice what Redis may hold: copies of what is being written, and clients' buffers. */
const RESOURCES: ValkeyResources = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '1', memory: '128Mi' },
};

/** A node that went away is given up after this and not after five minutes. */
const GIVEN_UP_AFTER_SECONDS = 10;

/** The user that Redis knows by itself: nobody, and nothing. */
export const DEFAULT_USER = 'default';
const NOTHING = 'off resetkeys resetchannels -@all';

/** Touched at each start of the server; a certificate that is newer was not read by it. */
const STARTED_FILE = '/data/conf/started';

/** The official chart: one server, whose address is that of its Service wherever it runs. */
export function valkeyChart(context: KubernetesContext): ForeignChart {
  const { settings } = context;
  const values: ValkeyValues = {
    ...placement(context),
    auth: {
      enabled: true,
      usersExistingSecret: USERS_SECRET,
      aclUsers: aclUsers(context),
    },
    tls: {
      enabled: true,
      existingSecret: SERVER_SECRET,
      serverPublicKey: 'tls.crt',
      serverKey: 'tls.key',
      caPublicKey: 'ca.crt',
      requireClientCertificate: true,
    },
    valkeyConfig: SHARED_DIRECTIVES.map((line) => `${line}\n`).join(''),
    ...probes(),
    resources: RESOURCES,
    initResources: RESOURCES,
  };
  return {
    name: SERVER_NAME,
    namespace: settings.namespaces.data,
    repository: 'https://valkey.io/valkey-helm/',
    chart: 'valkey',
    version: '0.11.0',
    values: { ...values },
  };
}

/** The rules of each user of the server, and the default user's, who is off. */
export function aclUsers({ graph }: KubernetesContext): ValkeyValues['auth']['aclUsers'] {
  return Object.fromEntries([
    [DEFAULT_USER, { permissions: NOTHING }],
    ...serverUsers(graph).map(
      ({ name, rules }) => [name, { permissions: rules.join(' ') }] as const,
    ),
  ]);
}

function placement(context: KubernetesContext) {
  const { graph, settings } = context;
  const [repository = '', tag = ''] = VALKEY_IMAGE.reference.split(':');
  const [registry = '', ...path] = repository.split('/');
  const seconds = { tolerationSeconds: GIVEN_UP_AFTER_SECONDS };
  return {
    nameOverride: SERVER_NAME,
    fullnameOverride: SERVER_NAME,
    clusterDomain: settings.clusterDomain,
    image: {
      registry,
      repository: path.join('/'),
      tag: `${tag}@${imageDigest(context, VALKEY_IMAGE)}`,
    },
    commonLabels: {
      'app.kubernetes.io/part-of': redisPods(graph.name)['app.kubernetes.io/part-of'],
    },
    // Passwords are read at the start alone.
    podAnnotations: { 'meridian/password-generation': String(settings.passwordGeneration) },
    ...pullSecrets(settings),
    priorityClassName: priorityClass(graph, 'engine'),
    // Never two behind one address: what one of them forgets, the other would still know.
    deploymentStrategy: 'Recreate' as const,
    podSecurityContext: {
      ...RESTRICTED_POD,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
    },
    securityContext: READ_ONLY_CONTAINER,
    tolerations: ['node.kubernetes.io/unreachable', 'node.kubernetes.io/not-ready'].map((key) => ({
      ...{ key, operator: 'Exists', effect: 'NoExecute' },
      ...seconds,
    })),
  };
}

/** The chart's own ask as the default user, who is off. */
function probes() {
  return {
    startupProbe: {
      enabled: true,
      customProbe: {
        exec: { command: ['touch', STARTED_FILE] },
        periodSeconds: 1,
        failureThreshold: 30,
      },
    },
    // Redis reads a renewed certificate only when it is told to, by a user that may; a start does it too.
    livenessProbe: {
      enabled: true,
      customProbe: {
        exec: { command: ['sh', '-c', `test ! /tls/tls.crt -nt ${STARTED_FILE}`] },
        periodSeconds: 60,
      },
    },
    readinessProbe: {
      enabled: true,
      customProbe: { tcpSocket: { port: 'tcp' }, periodSeconds: 5, failureThreshold: 2 },
    },
  };
}

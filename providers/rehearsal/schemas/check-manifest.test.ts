import { expect, test } from '@jest/globals';
import type { CheckedManifest } from './check-manifest.ts';
import { checkManifest } from './check-manifest.ts';
import { knownKinds } from './known-kinds.ts';
import { validatorOf } from './validators.ts';

const service = (spec: object, metadata: object = { name: 'catalog' }): CheckedManifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec,
});
const pod = (spec: object): CheckedManifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'catalog' },
  spec: { containers: [{ name: 'catalog', image: 'registry.example/catalog', ...spec }] },
});
const cluster = (spec: object): CheckedManifest => ({
  apiVersion: 'postgresql.cnpg.io/v1',
  kind: 'Cluster',
  metadata: { name: 'meridian' },
  spec: { instances: 3, storage: { size: '10Gi' }, ...spec },
});
const found = (manifest: CheckedManifest): readonly string[] =>
  checkManifest(manifest).map(({ path, message }) => `${path} ${message}`);

test.each([...knownKinds])('the schema of %s compiles', (kind) => {
  expect(validatorOf(kind)).toBeDefined();
});

test.each([
  service({
    ports: [
      { port: 80, targetPort: 'grpc' },
      { port: 81, targetPort: 8_443 },
    ],
  }),
  pod({ resources: { limits: { cpu: 0.5, memory: '64Mi' }, requests: { cpu: '250m' } } }),
  cluster({ enableSuperuserAccess: false, resources: { limits: { cpu: 2, memory: '4Gi' } } }),
])('an object that fits has no problem', (manifest) => {
  expect(checkManifest(manifest)).toEqual([]);
});

test('every problem of an object is found', () => {
  const ports = [{ port: '80', protocol: 'HTTP' }, { name: 'x' }];
  expect(found(service({ ports, typ: 'ClusterIP' }, { labels: { 'a.b/c': 1 } }))).toEqual([
    'metadata.name is missing',
    'metadata.labels["a.b/c"] must be string, got 1',
    expect.stringMatching(/^spec\.typ is not a property here; there are .*, type$/),
    'spec.ports[0].port must be integer, got "80"',
    'spec.ports[0].protocol must be one of "SCTP", "TCP", "UDP", got "HTTP"',
    'spec.ports[1].port is missing',
  ]);
});

test.each([
  [
    'a property of a custom resource',
    cluster({ instanses: 3 }),
    'spec.instanses is not a property here',
  ],
  [
    'what a custom resource lacks',
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'x' }, spec: {} },
    'spec.scaleTargetRef is missing',
  ],
  [
    'an enumeration of a custom resource',
    cluster({ primaryUpdateMethod: 'reboot' }),
    'spec.primaryUpdateMethod must be one of "switchover", "restart", got "reboot"',
  ],
  ['a lower bound', cluster({ instances: 0 }), 'spec.instances must be >= 1, got 0'],
  [
    'a quantity',
    pod({ resources: { limits: { memory: '64MB' } } }),
    'spec.containers[0].resources.limits.memory must match pattern',
  ],
  [
    'a number beyond 32 bits',
    service({ ports: [{ port: 2 ** 31 }] }),
    'spec.ports[0].port must be of the format int32, got 2147483648',
  ],
  [
    'a time',
    service({}, { name: 'x', deletionTimestamp: 'yesterday' }),
    'metadata.deletionTimestamp must be of the format date-time, got "yesterday"',
  ],
  ['a status', { ...service({}), status: {} }, 'status is not a property here'],
])('%s is looked at', (_what, manifest, expected) => {
  expect(found(manifest).filter((problem) => problem.startsWith(expected))).toHaveLength(1);
});

test('what a custom resource requires and has a default for may be left out', () => {
  expect(checkManifest({ ...cluster({}), spec: { storage: { size: '1Gi' } } })).toEqual([]);
});

test('that no alternative fits is one problem', () => {
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: {
      gatewayClassName: 'envoy',
      listeners: [{ name: 'https', port: 443, protocol: 'HTTPS' }],
      addresses: [{ type: 'IPAddress', value: 'nowhere' }],
    },
  };
  expect(found(gateway)).toEqual([
    expect.stringMatching(/^spec\.addresses\[0\] must fit exactly one of \[/),
  ]);
});

test('an unknown kind and an unknown version are one problem each', () => {
  const metadata = { name: 'x' };
  expect(found({ apiVersion: 'v1', kind: 'Widget', metadata })).toEqual([
    expect.stringMatching(/^kind must be a kind with a schema here \(.*\), got 'v1\/Widget'$/),
  ]);
  expect(found({ apiVersion: 'batch/v1beta1', kind: 'Job', metadata })).toEqual([
    "apiVersion must be one in which Job is served (batch/v1), got 'batch/v1beta1'",
  ]);
});

test('the value of a Secret is in no message', () => {
  const problems = found({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'x' },
    data: { password: 'not base64!' },
    stringData: { pin: 271_828 },
    type: ['marker'],
  });
  expect(problems).toHaveLength(3);
  expect(problems.join('\n')).not.toMatch(/base64!|271828|marker/);
});

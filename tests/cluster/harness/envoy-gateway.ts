import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addNamespace } from './controllers.ts';
import type { ApiObject } from './kubernetes-client.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';

const execute = promisify(execFile);

/** Where the stack's chart of Envoy Gateway is installed. */
const NAMESPACE = 'envoy-gateway-system';

interface Secret extends ApiObject {
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Starts Envoy Gateway for namespaces, as the chart of the stack does. It reads its keys at a fixed path and listens on fixed ports
 * of all addresses, so it gets folders and a network of its own, from which nothing but the API server is reached.
 * Source: Envoy Gateway 1.9.1, charts/gateway-helm/templates/_helpers.tpl and certgen.yaml; internal/xds/runner/runner.go
 */
export async function addEnvoyGateway(
  cluster: TestCluster,
  namespaces: readonly string[],
): Promise<void> {
  await addNamespace(cluster, NAMESPACE);
  const socket = join(cluster.folder, 'api.sock');
  await cluster.processes.start({
    name: 'api-relay',
    command: relay(socket, new URL(cluster.server).port),
    isReady: () => Promise.resolve(existsSync(socket)),
  });
  await cluster.processes.start({
    name: 'envoy-gateway',
    command: await command(cluster, socket, namespaces),
    environment: {
      KUBECONFIG: cluster.kubeconfig,
      ENVOY_GATEWAY_NAMESPACE: NAMESPACE,
      ENVOY_GATEWAY_POD_NAME: 'operator',
    },
  });
}

async function command(
  cluster: TestCluster,
  socket: string,
  namespaces: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const certificates = await writeCertificates(cluster);
  const configuration = await writeConfiguration(cluster, namespaces);
  return [
    ...(['unshare', '--user', '--map-root-user', '--mount', '--net', '--'] as const),
    ...['sh', join(import.meta.dirname, 'wall.sh'), join(cluster.folder, 'wall'), certificates],
    ...relay(new URL(cluster.server).port, socket),
    ...[program('envoy-gateway', 'envoy-gateway'), 'server', `--config-path=${configuration}`],
  ];
}

function relay(from: string, to: string): readonly [string, ...string[]] {
  return [process.execPath, join(import.meta.dirname, 'relay.ts'), from, to];
}

/** Has Envoy Gateway make its keys, as the first Job of its chart does, and puts those of the server into a folder. */
async function writeCertificates({ api, folder, kubeconfig }: TestCluster): Promise<string> {
  await execute(
    program('envoy-gateway', 'envoy-gateway'),
    ['certgen', '--disable-topology-injector'],
    { env: { HOME: folder, KUBECONFIG: kubeconfig, ENVOY_GATEWAY_NAMESPACE: NAMESPACE } },
  );
  const { data } = await api.get<Secret>(`/api/v1/namespaces/${NAMESPACE}/secrets/envoy-gateway`);
  const target = join(folder, 'envoy-gateway-keys');
  await mkdir(target, { mode: 0o700 });
  for (const name of ['ca.crt', 'tls.crt', 'tls.key']) {
    const content = Buffer.from(data[name] ?? '', 'base64');
    await writeFile(join(target, name), content, { mode: 0o600 });
  }
  return target;
}

async function writeConfiguration(
  { folder }: TestCluster,
  namespaces: readonly string[],
): Promise<string> {
  const file = join(folder, 'envoy-gateway.yaml');
  const configuration = {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyGateway',
    gateway: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
    logging: { level: { default: 'info' } },
    provider: {
      type: 'Kubernetes',
      kubernetes: {
        watch: { type: 'Namespaces', namespaces },
        leaderElection: { disable: true },
        proxyTopologyInjector: { disabled: true },
      },
    },
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration));
  return file;
}

import { join } from 'node:path';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { program } from './programs.ts';
import type { IdentityFiles } from './cluster-authority.ts';
import { LOOPBACK } from './loopback.ts';
import type { TestCluster } from './test-cluster.ts';

const SERVICE_NETWORK = '10.96.0.0/16';

/** Starts etcd, the API server, the controllers and the scheduler, and waits until they answer. */
export async function startControlPlane(
  cluster: TestCluster,
  controllerManagerFlags: readonly string[],
): Promise<void> {
  const { authority } = cluster;
  const store = await startEtcd(cluster);
  const tokens = await authority.writeTokenKeys();
  await startApiServer(cluster, store, tokens);
  const kubeconfig = (name: string): Promise<string> =>
    authority.writeKubeconfig(cluster.server, { name: `system:${name}` });
  await cluster.processes.start({
    name: 'kube-controller-manager',
    command: [
      program('kubernetes', 'kube-controller-manager'),
      `--kubeconfig=${await kubeconfig('kube-controller-manager')}`,
      '--secure-port=0',
      '--leader-elect=false',
      '--use-service-account-credentials',
      `--service-account-private-key-file=${tokens.key}`,
      `--root-ca-file=${authority.file}`,
      ...controllerManagerFlags,
    ],
    // Its first work in a new cluster.
    isReady: () => exists(cluster, '/api/v1/namespaces/default/serviceaccounts/default'),
  });
  await cluster.processes.start({
    name: 'kube-scheduler',
    command: [
      program('kubernetes', 'kube-scheduler'),
      `--kubeconfig=${await kubeconfig('kube-scheduler')}`,
      '--secure-port=0',
      '--leader-elect=false',
    ],
  });
}

interface Store {
  readonly url: string;
  readonly identity: IdentityFiles;
}

async function startEtcd({ authority, folder, processes }: TestCluster): Promise<Store> {
  const identity = await authority.issue({ name: 'etcd' });
  const url = `https://${LOOPBACK}:${await freePort(LOOPBACK)}`;
  const peerUrl = `https://${LOOPBACK}:${await freePort(LOOPBACK)}`;
  const tls = (prefix: string): readonly string[] => [
    `--${prefix}cert-file=${identity.certificate}`,
    `--${prefix}key-file=${identity.key}`,
    `--${prefix}trusted-ca-file=${authority.file}`,
    `--${prefix}client-cert-auth`,
  ];
  await processes.start({
    name: 'etcd',
    command: [
      program('etcd', 'etcd'),
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      ...tls(''),
      ...tls('peer-'),
      // Nothing has to outlive the test.
      '--unsafe-no-fsync',
    ],
  });
  return { url, identity: await authority.issue({ name: 'etcd-client' }) };
}

async function startApiServer(
  { authority, processes, server, api }: TestCluster,
  store: Store,
  tokens: { readonly key: string; readonly publicKey: string },
): Promise<void> {
  const serving = await authority.issue({
    name: 'kube-apiserver',
    dnsNames: ['kubernetes.default.svc'],
  });
  const aggregator = await authority.issue({ name: 'front-proxy' });
  await processes.start({
    name: 'kube-apiserver',
    command: [
      program('kubernetes', 'kube-apiserver'),
      `--etcd-servers=${store.url}`,
      `--etcd-cafile=${authority.file}`,
      `--etcd-certfile=${store.identity.certificate}`,
      `--etcd-keyfile=${store.identity.key}`,
      `--bind-address=${LOOPBACK}`,
      `--secure-port=${new URL(server).port}`,
      `--tls-cert-file=${serving.certificate}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${authority.file}`,
      '--authorization-mode=Node,RBAC',
      `--service-cluster-ip-range=${SERVICE_NETWORK}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${tokens.publicKey}`,
      `--service-account-signing-key-file=${tokens.key}`,
      // A loopback address cannot be the endpoint of a Service.
      '--endpoint-reconciler-type=none',
      `--requestheader-client-ca-file=${authority.file}`,
      '--requestheader-allowed-names=front-proxy',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${aggregator.certificate}`,
      `--proxy-client-key-file=${aggregator.key}`,
    ],
    isReady: () => exists({ api }, '/readyz'),
  });
}

/** Whether the API server has something to say at a path: it may not listen yet. */
async function exists({ api }: Pick<TestCluster, 'api'>, path: string): Promise<boolean> {
  try {
    await api.text(path);
    return true;
  } catch {
    return false;
  }
}

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { ClusterAuthority } from './cluster-authority.ts';
import { startControlPlane } from './control-plane.ts';
import { KubernetesClient } from './kubernetes-client.ts';
import { LOOPBACK } from './loopback.ts';
import { Processes } from './processes.ts';
import { program } from './programs.ts';

const execute = promisify(execFile);
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Holds everything: `system:masters` is the group that may do anything. */
const ADMINISTRATOR = { name: 'administrator', group: 'system:masters' } as const;

/** What kubectl or Helm said when it failed. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** What a cluster is started with. */
export interface TestClusterOptions {
  /** Further flags of kube-controller-manager. */
  readonly controllerManagerFlags?: readonly string[];
  /** Where its folder is made. @default the folder for temporary files */
  readonly parentFolder?: string;
}

/**
 * A Kubernetes control plane of a test's own, real and empty: etcd, API server, controllers and
 * scheduler, on loopback, with an authority of its own, in a temporary folder. It has no node until
 * `addNodes`.
 */
export class TestCluster implements AsyncDisposable {
  readonly folder: string;
  readonly authority: ClusterAuthority;
  readonly processes: Processes;
  readonly api: KubernetesClient;
  /** URL of the API server. */
  readonly server: string;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;

  private constructor(
    parts: Pick<
      TestCluster,
      'folder' | 'authority' | 'processes' | 'api' | 'server' | 'kubeconfig'
    >,
  ) {
    this.folder = parts.folder;
    this.authority = parts.authority;
    this.processes = parts.processes;
    this.api = parts.api;
    this.server = parts.server;
    this.kubeconfig = parts.kubeconfig;
  }

  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const folder = await mkdtemp(join(options.parentFolder ?? tmpdir(), 'meridian-cluster-'));
    const processes = new Processes(folder);
    try {
      const identities = join(folder, 'identities');
      await mkdir(identities, { mode: 0o700 });
      const authority = await ClusterAuthority.create(identities);
      const server = `https://${LOOPBACK}:${await freePort(LOOPBACK)}`;
      const identity = await authority.issue(ADMINISTRATOR);
      const kubeconfig = await authority.writeKubeconfig(server, ADMINISTRATOR);
      const api = new KubernetesClient(server, authority.file, identity);
      const cluster = new TestCluster({ folder, authority, processes, api, server, kubeconfig });
      await startControlPlane(cluster, options.controllerManagerFlags ?? []);
      return cluster;
    } catch (error) {
      await processes.stop();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs kubectl as the administrator and gives what it prints. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return await this.#client(program('kubernetes', 'kubectl'), args);
  }

  /** Runs Helm as the administrator and gives what it prints. */
  async helm(...args: readonly string[]): Promise<string> {
    return await this.#client(program('helm', 'helm'), args);
  }

  /** Stops every process and removes what was written. Throws when one had ended by itself. */
  async stop(): Promise<void> {
    try {
      this.processes.check();
    } finally {
      this.api.close();
      await this.processes.stop();
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #client(file: string, args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await execute(file, [...args], {
        env: { PATH: process.env['PATH'], HOME: this.folder, KUBECONFIG: this.kubeconfig },
        maxBuffer: MOST_OUTPUT_BYTES,
      });
      return stdout;
    } catch (cause) {
      const { stderr } = cause as { readonly stderr?: string };
      throw new ClientError(`${basename(file)} ${args[0] ?? ''}: ${stderr ?? String(cause)}`, {
        cause,
      });
    }
  }
}

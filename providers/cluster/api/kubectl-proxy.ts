import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';

/** How a cluster is reached. */
export interface ClusterAccess {
  /** Of the kubeconfig. @default its current one */
  readonly context?: string;
  /** A file, or the content of one. @default what kubectl takes: KUBECONFIG, then ~/.kube/config */
  readonly kubeconfig?: string;
}

/** A way to an API server that needs no credentials, for this user alone. */
export interface KubectlProxy {
  /** Path of a Unix socket that speaks HTTP. */
  readonly socket: string;
  readonly stop: () => Promise<void>;
}

/** What kubectl prints when it listens. Source: kubectl 1.36, pkg/cmd/proxy/proxy.go, RunProxy */
const LISTENS = 'Starting to serve';

type Kubectl = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts `kubectl proxy` on a socket in a folder that only this user can enter.
 *
 * @throws {CodedError} CLIENT_MISSING, CLUSTER_NOT_REACHED
 */
export async function startKubectlProxy({
  context,
  kubeconfig,
}: ClusterAccess): Promise<KubectlProxy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meridian-kubectl-'));
  const socket = path.join(folder, 'socket');
  const file = kubeconfig && (await kubeconfigFile(kubeconfig, folder));
  const kubectl = spawn(
    'kubectl',
    [
      'proxy',
      `--unix-socket=${socket}`,
      // A server may have a path of its own, as those behind Rancher have.
      '--append-server-path',
      ...(context === undefined ? [] : [`--context=${context}`]),
      ...(file === undefined ? [] : [`--kubeconfig=${file}`]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const end = (): void => void kubectl.kill('SIGTERM');
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', end);
    if (kubectl.pid !== undefined && kubectl.exitCode === null && kubectl.signalCode === null) {
      const exited = once(kubectl, 'exit');
      end();
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listening(kubectl);
    return { socket, stop };
  } catch (cause) {
    await stop();
    throw isSystemError(cause, 'ENOENT') ? kubectlMissing(cause) : cause;
  }
}

/** Whether it is a kubeconfig itself and not the path of one. */
function isKubeconfig(given: string): boolean {
  return given.includes('\n') || given.trimStart().startsWith('{');
}

/** Content goes to a file that is there as long as the proxy is: arguments of a process can be read by anybody. */
async function kubeconfigFile(given: string, folder: string): Promise<string> {
  if (!isKubeconfig(given)) return given.replace(/^~(?=\/)/, homedir());
  const file = path.join(folder, 'kubeconfig');
  await writeFile(file, given, { mode: 0o600 });
  return file;
}

async function listening(kubectl: Kubectl): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    kubectl.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      // Later it says of each connection that breaks off, which whoever asked is told, too.
      said = `${said}${chunk}`.slice(-1_000);
    });
    kubectl.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (chunk.includes(LISTENS)) resolve();
    });
    kubectl.on('error', reject).on('close', () => {
      reject(
        new CodedError(
          'CLUSTER_NOT_REACHED',
          `Kubeconfig: must lead to a cluster, got '${said.trim()}' of kubectl; give a context that 'kubectl config get-contexts' lists, and KUBECONFIG where the file is elsewhere`,
        ),
      );
    });
  });
}

function kubectlMissing(cause: unknown): CodedError {
  return new CodedError(
    'CLIENT_MISSING',
    "Command 'kubectl': must be on the PATH, got none; install it (https://kubernetes.io/docs/tasks/tools), with a kubeconfig of the cluster",
    { cause },
  );
}

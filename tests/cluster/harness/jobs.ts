import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { programFolder } from '../../../tools/meridian/places.ts';
import type { ApiObject } from './kubernetes-client.ts';
import type { RenderedStack } from './staging.ts';
import type { TestCluster } from './test-cluster.ts';

/** Where images have the program. */
const IMAGE_FOLDER = '/app/';

interface Job extends ApiObject {
  readonly kind: string;
  readonly metadata: ApiObject['metadata'] & { readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly [
          { readonly command: readonly string[]; readonly args: readonly string[] },
        ];
      };
    };
  };
}

interface TokenRequest extends ApiObject {
  readonly status?: { readonly token: string };
}

/** How a run of a program ended. */
export interface JobRun {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * Runs the program of a rendered Job as a process, since KWOK's pods run none: with the Job's
 * arguments, and with a token of its ServiceAccount against the API server.
 */
export async function runJob(cluster: TestCluster, stack: RenderedStack, name: string) {
  const job = await renderedJob(stack, name);
  const { serviceAccountName, containers } = job.spec.template.spec;
  const [{ command, args }] = containers;
  const main = command.find((word) => word.startsWith(IMAGE_FOLDER)) ?? '';
  const { hostname, port } = new URL(cluster.server);
  const environment = {
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    MERIDIAN_SERVICE_ACCOUNT: await credentials(
      cluster,
      job.metadata.namespace,
      serviceAccountName,
    ),
  };
  const argv = ['--disable-warning=ExperimentalWarning', main.replace(IMAGE_FOLDER, ''), ...args];
  return await new Promise<JobRun>((resolve) => {
    execFile(
      process.execPath,
      argv,
      { cwd: programFolder, env: { PATH: process.env['PATH'], ...environment } },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr });
      },
    );
  });
}

/** The only rendered Job whose name begins so. */
async function renderedJob({ manifests }: RenderedStack, name: string): Promise<Job> {
  const files = (await readdir(manifests, { recursive: true })).filter((file) =>
    /\d+-job-/.test(file),
  );
  const jobs = await Promise.all(
    files.map(async (file) => parse(await readFile(join(manifests, file), 'utf8')) as Job),
  );
  const [job, ...more] = jobs.filter(({ metadata }) => metadata.name.startsWith(name));
  if (job === undefined || more.length > 0) {
    throw new Error(`${job === undefined ? 'No' : 'More than one'} Job is named '${name}…'`);
  }
  return job;
}

/** A folder as a pod has it, with a token of the ServiceAccount and the cluster's certificate. */
async function credentials(
  { api, authority, folder }: TestCluster,
  namespace: string,
  serviceAccount: string,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const { status } = await api.create<TokenRequest>(path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name: serviceAccount },
  });
  const place = join(folder, `token-of-${serviceAccount}`);
  await mkdir(place, { recursive: true, mode: 0o700 });
  await writeFile(join(place, 'token'), status?.token ?? '', { mode: 0o600 });
  await copyFile(authority.file, join(place, 'ca.crt'));
  return place;
}

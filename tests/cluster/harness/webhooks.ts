import { mkdir, rename } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { LOOPBACK } from './loopback.ts';
import type { TestCluster } from './test-cluster.ts';

/** A kind that an operator judges. */
export interface JudgedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
}

/** Where an operator answers the API server. */
export interface Webhooks {
  /** Name of the configuration, which is the operator's. */
  readonly operator: string;
  readonly port: number;
  /** Refused or let in. */
  readonly validated: readonly JudgedKind[];
  /** Filled in before. @default none */
  readonly mutated?: readonly JudgedKind[];
}

/**
 * Writes a certificate with which an operator serves its webhooks, and gives the folder.
 *
 * @param names of its two files; operators name them each in their way. @default those of controller-runtime
 */
export async function webhookCertificate(
  { authority, folder }: TestCluster,
  operator: string,
  names = { certificate: 'tls.crt', key: 'tls.key' },
): Promise<string> {
  const issued = await authority.issue({ name: `${operator}-webhook` });
  const target = join(folder, `${operator}-webhook`);
  await mkdir(target, { mode: 0o700 });
  await rename(issued.certificate, join(target, names.certificate));
  await rename(issued.key, join(target, names.key));
  return target;
}

/**
 * Has the API server ask an operator outside of a pod, as the configuration of its chart has it ask the one in a pod: each kind at
 * the path that controller-runtime gives it, and nothing gets in while it does not answer.
 * Source: controller-runtime 0.23, pkg/builder/webhook.go, generateValidatePath and generateMutatePath
 */
export async function addWebhooks(
  { api, authority }: TestCluster,
  { operator, port, validated, mutated = [] }: Webhooks,
): Promise<void> {
  const caBundle = readFileSync(authority.file).toString('base64');
  const webhook = (verb: 'mutate' | 'validate', kind: JudgedKind) => ({
    name: `${verb}.${kind.plural}.${kind.group}`,
    clientConfig: { url: `https://${LOOPBACK}:${port}${pathOf(verb, kind)}`, caBundle },
    rules: [
      {
        apiGroups: [kind.group],
        apiVersions: [kind.version],
        operations: ['CREATE', 'UPDATE'],
        resources: [kind.plural],
      },
    ],
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  });
  for (const [kind, verb, judged] of [
    ['MutatingWebhookConfiguration', 'mutate', mutated],
    ['ValidatingWebhookConfiguration', 'validate', validated],
  ] as const) {
    if (judged.length === 0) continue;
    const configuration = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name: operator },
      webhooks: judged.map((each) => webhook(verb, each)),
    };
    await api.create(`/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}s`, configuration);
  }
}

/** Whether something takes connections on a port of loopback. */
export async function listens(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

function pathOf(verb: string, { group, version, kind }: JudgedKind): string {
  return `/${verb}-${group.replaceAll('.', '-')}-${version}-${kind.toLowerCase()}`;
}

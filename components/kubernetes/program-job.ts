import { createHash } from 'node:crypto';
import { priorityClass } from '../cluster/priority-classes.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { PROGRAM_FOLDER, SECRET_MODE, WORKING_FOLDER } from '../service/chart/names.ts';
import { NODE_FLAGS } from '../service/kit-process.ts';
import type * as k8s from './k8s.ts';
import type { KubernetesContext } from './lowering.ts';
import type { Labels } from './labels.ts';
import type { Manifest } from './manifest.ts';
import { imageDigest, jobsImage } from './other-images.ts';
import { pullSecrets } from './pull-secrets.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from './restricted.ts';

/** A folder of jobs/ whose main.ts runs once in a cluster. */
export type JobProgram = 'migrate' | 'credentials' | 'roles' | 'rollout-healthy';

/** One run of a program; what differs in any of it is another run. */
export interface ProgramJobProps<Order> {
  readonly program: JobProgram;
  /** What it is about, such as a database; with the program it names the Job. */
  readonly subject: string;
  readonly namespace: string;
  /** What the program is told: one JSON argument, so nothing secret. */
  readonly order: Order;
  /** Secrets to mount, by the folder below the working folder. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** For a program that talks to the API server. @default none, and no token either */
  readonly serviceAccount?: string;
  /** Digest of files that the image has for it; others than before are another run. @default none */
  readonly sources?: string;
  /** What it works on, where that can become another under the same name. @default always the same */
  readonly within?: string;
  /** Time that all tries have together. */
  readonly timeoutSeconds: number;
}

/** Tries besides the first. */
const RETRIES = 3;

const DIGEST_LENGTH = 10;

/** Small programs that wait more than they work: what one asks for, and the most memory that it may use. */
export const PROGRAM_JOB = { cpuMillicores: 50, memoryMiB: 256 } as const;

const RESOURCES = {
  requests: { cpu: `${PROGRAM_JOB.cpuMillicores}m`, memory: '128Mi' },
  limits: { cpu: '500m', memory: `${PROGRAM_JOB.memoryMiB}Mi` },
} as const;

/**
 * A Job named by a digest of all that it is: another content is another Job, which runs, and the same
 * content is the one that has run. It stays when it is done, or it would run again. One that failed, or that
 * nobody saw the end of, is replaced by the next `pulumi up`: a Job that failed never runs again by itself.
 * Source: pulumi-kubernetes 4.32.0, provider/pkg/provider/provider.go, Diff
 */
export function programJob<Order>(
  context: KubernetesContext,
  props: ProgramJobProps<Order>,
): Manifest {
  const { graph } = context;
  const { program, subject, namespace, timeoutSeconds } = props;
  const template = podTemplate(context, props);
  const digest = createHash('sha256').update(JSON.stringify(template)).digest('hex');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${program}-${subject}-${digest.slice(0, DIGEST_LENGTH)}`,
      namespace,
      labels: { ...jobPods(graph, program) },
      annotations: {
        // What Pulumi waits for a Job at most, and not its ten minutes for any.
        'pulumi.com/timeoutSeconds': String(timeoutSeconds),
        'pulumi.com/replaceUnready': 'true',
      },
    },
    spec: {
      backoffLimit: RETRIES,
      activeDeadlineSeconds: timeoutSeconds,
      template,
    },
  } satisfies k8s.Job;
}

/** What selects the pods of a program, whatever their subjects. */
export function jobPods(graph: Pick<PlatformGraph, 'name'>, program: JobProgram): Labels {
  return {
    'app.kubernetes.io/name': program,
    'app.kubernetes.io/component': 'job',
    'app.kubernetes.io/part-of': graph.name,
  };
}

function podTemplate<Order>(
  context: KubernetesContext,
  { program, subject, order, secrets = {}, serviceAccount, ...content }: ProgramJobProps<Order>,
): k8s.PodTemplateSpec {
  const { graph, settings } = context;
  const { sources, within } = content;
  const annotations = {
    ...(sources === undefined ? {} : { 'meridian/sources': sources }),
    ...(within === undefined ? {} : { 'meridian/within': within }),
  };
  const mounted = Object.entries(secrets).map(([folder, secret]) => ({ folder, secret }));
  return {
    metadata: {
      labels: { ...jobPods(graph, program), 'app.kubernetes.io/instance': subject },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      restartPolicy: 'Never',
      priorityClassName: priorityClass(graph, 'task'),
      ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
      automountServiceAccountToken: serviceAccount !== undefined,
      enableServiceLinks: false,
      securityContext: NOBODYS_POD,
      ...pullSecrets(settings),
      containers: [
        {
          name: program,
          image: `${settings.registry}/jobs@${imageDigest(context, jobsImage(context))}`,
          imagePullPolicy: 'IfNotPresent',
          command: ['node', ...NODE_FLAGS, `${PROGRAM_FOLDER}/jobs/${program}/main.ts`],
          args: [JSON.stringify(order)],
          workingDir: WORKING_FOLDER,
          env: [{ name: 'NODE_ENV', value: 'production' }],
          resources: RESOURCES,
          securityContext: READ_ONLY_CONTAINER,
          volumeMounts: mounted.map(({ folder }) => ({
            name: folder,
            mountPath: `${WORKING_FOLDER}/${folder}`,
            readOnly: true,
          })),
        },
      ],
      volumes: mounted.map(({ folder, secret }) => ({
        name: folder,
        secret: { secretName: secret, defaultMode: SECRET_MODE },
      })),
    },
  };
}

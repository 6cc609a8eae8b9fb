import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { defineTask } from '../model/task.ts';
import { filler, samplePlatform } from '../model/testing/sample-platform.ts';
import { chartedService, sampleCluster } from '../testing/sample-cluster.ts';

const told = defineTask({
  ...filler,
  inputs: [
    { name: 'e-mail', as: 'text' },
    { name: 'password', as: 'file' },
  ],
});
const object = (kind: string, tasks = samplePlatform.tasks): ClusterObject | undefined =>
  sampleCluster({}, { ...samplePlatform, ...(tasks === undefined ? {} : { tasks }) })
    .tasks.flatMap(({ steps }) => steps.flatMap(({ manifests = [] }) => manifests))
    .find((one) => one.kind === kind);

interface CronJob {
  readonly suspend: boolean;
  readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: unknown } } };
}
const podOf = (tasks = samplePlatform.tasks) =>
  (object('CronJob', tasks)?.['spec'] as CronJob).jobTemplate.spec.template.spec;

describe('Task in a cluster', () => {
  test('runs only when it is asked to', () => {
    expect(object('CronJob')?.['spec']).toMatchObject({ suspend: true });
  });

  test('is a program of the image of its service, under Pod Security `restricted`', () => {
    expect(podOf()).toMatchObject({
      serviceAccountName: 'filler',
      automountServiceAccountToken: false,
      priorityClassName: 'sample-task',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          image: 'registry.example/sample/shelf@unresolved',
          args: [],
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        },
      ],
    });
  });

  test('may reach what it calls, which lets it in, and nobody reaches it', () => {
    const labels = { 'app.kubernetes.io/name': 'filler' };
    expect(object('NetworkPolicy')?.['spec']).toMatchObject({
      podSelector: { matchLabels: labels },
      ingress: [],
      egress: [
        { ports: [{ port: 53 }, { port: 53 }] },
        { to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'shelf' } } }] },
        { to: [{ podSelector: { matchLabels: { 'meridian/telemetry': 'collector' } } }] },
      ],
    });
    expect(chartedService(sampleCluster(), 'shelf').ingress).toContainEqual(
      expect.objectContaining({ peers: [{ pods: expect.objectContaining(labels) }] }),
    );
  });

  test('is told what a Secret holds, and of a file only where it is', () => {
    const pod = podOf([told]) as {
      readonly containers: readonly [{ readonly env: readonly object[] }];
      readonly volumes: readonly object[];
    };
    expect(pod.containers[0]).toMatchObject({
      args: ['$(INPUT_E_MAIL)', '/run/meridian/input/password'],
    });
    expect(pod.containers[0].env).toContainEqual({
      name: 'INPUT_E_MAIL',
      valueFrom: { secretKeyRef: { name: 'filler-input', key: 'e-mail' } },
    });
    expect(pod.volumes).toContainEqual({
      name: 'input',
      secret: {
        secretName: 'filler-input',
        defaultMode: 0o440,
        items: [{ key: 'password', path: 'password' }],
      },
    });
  });
});

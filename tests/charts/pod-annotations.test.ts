import { describe, expect, test } from '@jest/globals';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { lowered } from './lowered-staging.ts';

/** What all annotations of a pod may have together. Source: Kubernetes 1.36.3, TotalAnnotationSizeLimitB. */
const MOST_BYTES = 256 * 1024;

/** A pod, or what pods are made from. */
interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: unknown; readonly volumes?: readonly Volume[] };
}

interface Volume {
  readonly downwardAPI?: {
    readonly items: readonly { readonly fieldRef: { readonly fieldPath: string } }[];
  };
}

function templatesIn(value: unknown): readonly Template[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(templatesIn);
  const { spec } = value as Partial<Template>;
  return spec?.containers === undefined ? below : [value as Template, ...below];
}

const pods = objectsOf(lowered).flatMap((object) =>
  templatesIn(object).map(
    (template) => [`${object.kind} ${object.metadata.name}`, template] as const,
  ),
);

describe.each(pods)('the pods of %s', (_name, { metadata, spec }) => {
  const annotations = metadata?.annotations ?? {};
  const read = (spec.volumes ?? []).flatMap(({ downwardAPI }) =>
    (downwardAPI?.items ?? []).flatMap(
      ({ fieldRef }) => /^metadata\.annotations\['(.*)'\]$/.exec(fieldRef.fieldPath)?.[1] ?? [],
    ),
  );

  // The kubelet writes an empty file for one that is not there.
  test('have every annotation that they read as a file, and read all that are their configuration', () => {
    const configuration = Object.keys(annotations).filter((name) => /^meridian\/.*\./.test(name));
    expect(read.toSorted()).toEqual(configuration.toSorted());
  });

  test('stay far below what the API server takes of annotations', () => {
    const bytes = Object.entries(annotations).map(([name, text]) => Buffer.byteLength(name + text));
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(MOST_BYTES / 8);
  });
});

test('services, tasks and programs that watch are told their configuration so', () => {
  const told = pods.filter(([, { metadata }]) => metadata?.annotations?.['meridian/service.json']);
  const kinds = new Set(told.map(([name]) => name.split(' ')[0]));
  expect([...kinds].toSorted()).toEqual(['CronJob', 'Deployment', 'Rollout']);
});

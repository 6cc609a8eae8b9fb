import { expect, test } from '@jest/globals';
import { sampleCluster } from '@meridian/components/testing/sample-cluster.ts';
import { wantedPins } from './wanted-pins.ts';

const charts = [
  {
    name: 'certs',
    chart: 'cert-manager',
    repository: 'https://charts.example/',
    version: 'v1.2.3',
  },
  { name: 'edge', chart: 'oci://registry.example/charts/edge', version: '1.5.0' },
].map((chart) => ({ ...chart, namespace: 'operators', values: {} }));

test('a stack takes its base, the images of services, and charts from registries', () => {
  const sample = sampleCluster();
  const images = [{ name: 'jobs', reference: 'registry.example/sample/jobs:1.2.3' }];
  const stack = {
    ...sample,
    images,
    cluster: { ...sample.cluster, steps: [{ charts }] },
    certificates: { ...sample.certificates, steps: [] },
    observability: { steps: [] },
  };
  expect(wantedPins('node:1', stack)).toEqual([
    { kind: 'chart', name: 'certs', reference: 'https://charts.example/cert-manager:v1.2.3' },
    { kind: 'chart', name: 'edge', reference: 'oci://registry.example/charts/edge:1.5.0' },
    { kind: 'image', name: 'base', reference: 'node:1' },
    { kind: 'image', name: 'jobs', reference: 'registry.example/sample/jobs:1.2.3' },
    { kind: 'image', name: 'archive', reference: 'registry.example/sample/archive:1.2.3' },
    { kind: 'image', name: 'door', reference: 'registry.example/sample/door:1.2.3' },
    { kind: 'image', name: 'shelf', reference: 'registry.example/sample/shelf:1.2.3' },
  ]);
});

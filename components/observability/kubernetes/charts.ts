import type { OtherImage } from '../../kubernetes/other-images.ts';

/** Repositories of the charts; Grafana's, Loki's and Tempo's moved to the community's in 2026. */
export const REPOSITORIES = {
  openTelemetry: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
  prometheus: 'https://prometheus-community.github.io/helm-charts',
  grafana: 'https://grafana-community.github.io/helm-charts',
} as const;

/**
 * What the charts run. Collector and Prometheus are those of `tools/engines/versions.ts`, by which their
 * configurations are checked here; the others are what the charts' versions are made for.
 */
export const TELEMETRY_IMAGES = {
  collector: {
    name: 'otelcol',
    reference: 'docker.io/otel/opentelemetry-collector-contrib:0.160.0',
  },
  prometheus: { name: 'prometheus', reference: 'quay.io/prometheus/prometheus:v3.13.5' },
  alertmanager: { name: 'alertmanager', reference: 'quay.io/prometheus/alertmanager:v0.34.0' },
  loki: { name: 'loki', reference: 'docker.io/grafana/loki:3.7.6' },
  tempo: { name: 'tempo', reference: 'docker.io/grafana/tempo:2.10.8' },
  grafana: { name: 'grafana', reference: 'docker.io/grafana/grafana:13.2.0' },
} as const satisfies Readonly<Record<string, OtherImage>>;

/** Parts of an image's reference: charts ask for them one by one. */
export function imageParts({ reference }: OtherImage) {
  const [path = '', tag = ''] = reference.split(':');
  const [registry = '', ...repository] = path.split('/');
  return { registry, repository: repository.join('/'), path, tag };
}

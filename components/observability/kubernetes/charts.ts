import type { OtherImage } from '../../kubernetes/other-images.ts';

const GRAFANA = 'https://grafana-community.github.io/helm-charts';
const PROMETHEUS = 'https://prometheus-community.github.io/helm-charts';

/**
 * The charts, at the versions at which they were read and rendered with our values. Grafana's, Loki's and Tempo's moved
 * to the community's in 2026.
 */
export const TELEMETRY_CHARTS = {
  collector: {
    chart: 'opentelemetry-collector',
    repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
    version: '0.170.0',
  },
  // Its own Prometheus is newer than what rules are checked by.
  prometheus: { chart: 'prometheus', repository: PROMETHEUS, version: '29.27.0' },
  alertmanager: { chart: 'alertmanager', repository: PROMETHEUS, version: '1.42.0' },
  loki: { chart: 'loki', repository: GRAFANA, version: '18.11.0' },
  // For Tempo 2.10: Tempo 3 takes spans by way of a Kafka of its own.
  tempo: { chart: 'tempo', repository: GRAFANA, version: '2.2.4' },
  grafana: { chart: 'grafana', repository: GRAFANA, version: '12.11.1' },
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

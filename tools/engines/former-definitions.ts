import type { Operator } from '../generators/manifest-schemas/sources.ts';

/** Where the CustomResourceDefinitions of an operator are. */
type Definitions = Omit<Operator, 'kinds'>;

/**
 * CustomResourceDefinitions from which docs/upgrades.md leads to the pinned ones: each operator as it was pinned
 * before. Of trust-manager no earlier release is on the Go proxy.
 */
export const FORMER_OPERATORS = {
  'argo-rollouts': {
    module: 'github.com/argoproj/argo-rollouts',
    version: '1.8.3',
    sum: 'h1:blbtQva4IK9r6gFh+dWkCrLnFdPOWiv9ubQYu36qeaA=',
    definitions: ['manifests/crds'],
  },
  'cert-manager': {
    module: 'github.com/cert-manager/cert-manager',
    version: '1.18.2',
    sum: 'h1:H2P75ycGcTMauV3gvpkDqLdS3RSXonWF2S49QGA1PZE=',
    definitions: ['deploy/crds'],
  },
  'cloudnative-pg': {
    module: 'github.com/cloudnative-pg/cloudnative-pg',
    version: '1.27.0',
    sum: 'h1:mp0zlYO4vKAJmQdArWORWKr1lmB4Hj8JeBQGX5RBnpg=',
    definitions: ['config/crd/bases'],
  },
  elasticsearch: {
    module: 'github.com/elastic/cloud-on-k8s/v2',
    version: '2.16.1',
    sum: 'h1:u1VSUsfj/I8I3mIhoFKGirON2TgonhU4Wq+x2qqD9hQ=',
    definitions: ['config/crds/v1/all-crds.yaml'],
  },
  'envoy-gateway': {
    module: 'github.com/envoyproxy/gateway',
    version: '1.5.0',
    sum: 'h1:wfHytSeNoinwu0vCtWT61XK23qJuRmJyU+CPWdIJp2I=',
    definitions: [
      'charts/gateway-helm/crds/generated',
      'charts/gateway-helm/crds/gatewayapi-crds.yaml',
    ],
  },
  keda: {
    module: 'github.com/kedacore/keda/v2',
    version: '2.17.0',
    sum: 'h1:Msot3UuN6WOhaOaOcVmokmVM0cu3uqSGvnDgg1LkESU=',
    definitions: ['config/crd/bases'],
  },
} satisfies Readonly<Record<string, Definitions>>;

/** Strimzi's last release before 1.0.1, which is not on Maven Central and serves no other API than v1, as the last did besides. */
export const FORMER_STRIMZI = {
  artifact: 'api',
  version: '0.51.0',
  sha256: '219b54d570c408523f62bffc999041c64ea926afbc784be942290709fbbcde62',
} as const;

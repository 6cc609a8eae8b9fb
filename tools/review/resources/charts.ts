import { wordOf } from '@meridian/policies/fields.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import { each, once, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { replicas, resources, spread } from './capacity.ts';
import { keepsVolumes, retention } from './kept.ts';
import { redisUsers } from './rights.ts';
import { configurationTexts } from './texts.ts';
import { imageTold } from './workloads.ts';

const BELIEVED =
  /^values\.(?:.*\.)?(?:trustDomain|issuer|signerName|approveSignerNames|sourceCABundle|certificateRequestDuration|tls|ca|caBundle|certificates|trust|oidc|oauth\w*|ldap|clientSecret)\b/;

/** What a chart of others is installed with. */
export const chart: readonly Aspect[] = [
  {
    field: /^(?:version|chart|repositoryOpts)\b/,
    tell: (_change, lines) =>
      lines.map((line) => ({
        kind: 'image-changed',
        property: line.property,
        ...sides(line),
        consequence: 'another version runs: docs/upgrades.md says what each step restarts',
      })),
  },
  retention(/^values\.(?:.*\.)?(?:retention\w*|keepDays|\w+Retention)$/),
  replicas(/^values\.(?:.*\.)?(?:replicaCount|replicas|minReplicas|maxReplicas)$/),
  spread(/^values\.(?:.*\.)?(?:topologySpreadConstraints|affinity|podDisruptionBudget)\b/),
  resources(/^values\.(?:.*\.)?(?:resources|initResources)\b/),
  each(BELIEVED, 'trust-changed', 'it believes others, or is believed for another'),
  redisUsers,
  {
    field: /^values\.(?:.*\.)?image\b/,
    tell: (_change, lines) => lines.flatMap(imageTold),
  },
  exposure(),
  ...volumes(),
  each(
    /^values\.(?:.*\.)?(?:rbac|serviceAccounts?|clusterRole\w*)\b/,
    'rights-added',
    'what the chart runs may do something else',
  ),
  // The name of a text that is told by itself.
  once(
    /^values\.(?:.*\.)?(?:configMapOverrideName|configObjectName|existingConfigMap|configMap\w*)\b/,
    'object-changed',
    'it reads the text of that name',
  ),
  configurationTexts(/^values\.(?:config|valkeyConfig)$/),
  once(
    /^values\.(?:.*\.)?(?:priorityClassName|podLabels|podAnnotations|commonLabels|logLevel)\b/,
    'object-changed',
    'its pods go one by one',
  ),
  once(/^(?:atomic|timeout|name|namespace)$/, 'object-changed', 'an upgrade is made another way'),
];

/** What of a chart is reached from outside of the cluster. */
function exposure(): Aspect {
  const opens = ({ property, after }: PropertyLine): boolean =>
    property.endsWith('.type')
      ? ['LoadBalancer', 'NodePort'].includes(wordOf(after))
      : property.endsWith('.enabled')
        ? after === true
        : after !== undefined;
  return {
    field:
      /^values\.(?:.*\.)?(?:ingress|route|service\.type|service\.externalIPs|hostNetwork|hostPort)\b/,
    tell: (_change, lines) =>
      lines.map((line): Told => {
        const isOpened = opens(line);
        return {
          kind: isOpened ? 'newly-reachable' : 'network-closed',
          property: line.property,
          ...sides(line),
          consequence: isOpened
            ? 'it is reached from outside of the cluster'
            : 'whoever comes that way is refused',
        };
      }),
  };
}

/** Where a chart keeps what it has. */
function volumes(): readonly Aspect[] {
  return [
    keepsVolumes(/^values\.(?:.*\.)?enableStatefulSetAutoDeletePVC$/, (value) => value !== true),
    {
      field: /^values\.(?:.*\.)?(?:persistence|persistentVolume|storage|dataStorage)\b/,
      tell: ({ after }, lines) =>
        lines
          .filter(({ property }) => !property.endsWith('enableStatefulSetAutoDeletePVC'))
          .map((line): Told => {
            const isOff = line.property.endsWith('.enabled') && line.after !== true;
            const isAny = valueAt(after, line.property) !== undefined;
            return {
              kind: isOff ? 'data-replaced' : 'store-changed',
              property: line.property,
              ...sides(line),
              consequence: isOff
                ? 'what it holds goes with its pods'
                : isAny
                  ? 'data are kept elsewhere, or volumes grow'
                  : 'data are kept as the chart has it by itself',
            };
          }),
    },
  ];
}

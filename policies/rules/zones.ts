import { fieldsOf, hasLabels, listOf, objectsIn, shown, valueAt } from '../fields.ts';
import { podTemplate } from '../pods.ts';
import type { ClusterObject, Fields, ObjectRule, StackRule } from '../rule.ts';

const ZONE = 'topology.kubernetes.io/zone';
const ZONES = 3;

export const replicasAreInThreeZones: StackRule = {
  id: 'replicas-are-in-three-zones',
  statement: 'Whatever has several replicas has them spread over three zones',
  reason: 'a zone that is lost takes all of them, or their quorum',
  fix: 'components/service/chart/placement.ts, components/<engine>/kubernetes',
  problemsAmong: (objects) => [
    ...objects.flatMap((object) => spreadProblems(object).map((problem) => ({ object, problem }))),
    ...objects
      .filter(({ kind }) => kind === 'Kafka')
      .flatMap((kafka) => poolProblems(kafka, objects)),
  ],
};

function spreadProblems(object: ClusterObject): readonly string[] {
  const { kind, fields } = object;
  if (kind === 'Elasticsearch') {
    return inZones(
      objectsIn(valueAt(fields, 'spec.nodeSets')).map(({ podTemplate: pod }) =>
        zonesOf(fieldsOf(pod)),
      ),
    );
  }
  if (kind === 'Cluster') {
    const instances = valueAt(fields, 'spec.instances');
    return [
      ...(Number(instances) >= ZONES ? [] : [`has ${shown(instances)} instances`]),
      ...constraintProblems(fieldsOf(fields['spec'])),
    ];
  }
  const pod = podTemplate(object);
  const replicas = valueAt(fields, 'spec.replicas');
  // A Rollout without a number is scaled.
  const isAlone = kind !== 'Rollout' && (replicas === undefined || Number(replicas) <= 1);
  return pod === undefined || !pod.isLasting || isAlone ? [] : constraintProblems(pod.spec);
}

function constraintProblems(spec: Fields): readonly string[] {
  const ofZones = objectsIn(spec['topologySpreadConstraints']).find(
    ({ topologyKey }) => topologyKey === ZONE,
  );
  if (ofZones === undefined) return [`has no topologySpreadConstraint over ${ZONE}`];
  return ofZones['maxSkew'] === 1 && ofZones['whenUnsatisfiable'] === 'DoNotSchedule'
    ? []
    : [
        `spreads over zones with maxSkew ${shown(ofZones['maxSkew'])} and whenUnsatisfiable ${shown(ofZones['whenUnsatisfiable'])}; must be 1 and DoNotSchedule`,
      ];
}

/** The zones in which pods must be placed by their affinity to nodes. */
function zonesOf(template: Fields): readonly unknown[] {
  const required = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution';
  const spec = fieldsOf(template['spec'] ?? template);
  return objectsIn(valueAt(spec, `${required}.nodeSelectorTerms`))
    .flatMap(({ matchExpressions }) => objectsIn(matchExpressions))
    .filter(({ key }) => key === ZONE)
    .flatMap(({ values }) => listOf(values));
}

function inZones(placed: readonly (readonly unknown[])[]): readonly string[] {
  const zones = new Set(placed.filter(({ length }) => length === 1).flat());
  return zones.size >= ZONES
    ? []
    : [`has members in ${zones.size} zones of their own, not ${ZONES}`];
}

function poolProblems(kafka: ClusterObject, objects: readonly ClusterObject[]) {
  const pools = objects.filter(
    ({ kind, namespace, fields }) =>
      kind === 'KafkaNodePool' &&
      namespace === kafka.namespace &&
      fieldsOf(valueAt(fields, 'metadata.labels'))['strimzi.io/cluster'] === kafka.name,
  );
  return ['controller', 'broker'].flatMap((role) =>
    inZones(
      pools
        .filter(({ fields }) => listOf(valueAt(fields, 'spec.roles')).includes(role))
        .map(({ fields }) => zonesOf(fieldsOf(valueAt(fields, 'spec.template.pod')))),
    ).map((problem) => ({ object: kafka, problem: `role ${role} ${problem}` })),
  );
}

export const aDrainTakesOne: StackRule = {
  id: 'a-drain-takes-one',
  statement: 'A node that is drained takes one replica at a time',
  reason: 'an upgrade of the nodes stops a service, or takes the quorum of an engine',
  fix: 'the PodDisruptionBudget of the noun',
  problemsAmong: (objects) => {
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    return objects.flatMap((object) => {
      const pod = podTemplate(object);
      if (object.kind !== 'Rollout' || pod === undefined) return [];
      const own = budgets.filter(
        ({ namespace, fields }) =>
          namespace === object.namespace &&
          hasLabels(pod.labels, fieldsOf(valueAt(fields, 'spec.selector.matchLabels'))),
      );
      const [budget] = own;
      if (budget === undefined) return [{ object, problem: 'has no PodDisruptionBudget' }];
      const taken = valueAt(budget.fields, 'spec.maxUnavailable');
      return own.length === 1 && taken === 1
        ? []
        : [
            {
              object,
              problem: `has ${own.length === 1 ? 'a budget' : `${own.length} budgets, the first`} with maxUnavailable ${shown(taken)}; must be one with 1`,
            },
          ];
    });
  },
};

/** Operators keep the budgets of their own pods; what is given here can only loosen them. */
export const enginesKeepTheirBudgets: ObjectRule = {
  id: 'engines-keep-their-budgets',
  statement: 'The budgets that operators keep for engines let one pod go at a time',
  reason: 'an upgrade of the nodes takes the quorum of an engine',
  fix: 'components/<engine>/kubernetes',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'Cluster' && valueAt(fields, 'spec.enablePDB') === false)
      return ['enablePDB is false'];
    const place = 'spec.kafka.template.podDisruptionBudget.maxUnavailable';
    const taken = valueAt(fields, place);
    return kind === 'Kafka' && taken !== undefined && taken !== 1
      ? [`${place} is ${shown(taken)}`]
      : [];
  },
};

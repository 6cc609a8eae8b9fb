import { fieldsOf, listOf, objectsIn, shown, textOf, valueAt, wordOf } from '../fields.ts';
import { containersOf, podTemplate } from '../pods.ts';
import type { PodTemplate } from '../pods.ts';
import type { ClusterObject, Fields, ObjectRule } from '../rule.ts';

const IN_POD_TEMPLATES =
  'components/service/chart/pod-template.ts, components/kubernetes/restricted.ts';

/** Source: Kubernetes, "Pod Security Standards", restricted: volume types. */
const VOLUMES: ReadonlySet<string> = new Set([
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral'],
  ...['persistentVolumeClaim', 'projected', 'secret'],
]);
const OF_THE_NODE = ['hostNetwork', 'hostPID', 'hostIPC'];
const SECRET_NAME = /PASSWORD|PASSPHRASE|SECRET|TOKEN|PRIVATE_KEY|API_KEY/i;
const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;
/** What a deployment is refused with by the program itself. */
const NOT_LOOKED_UP = '@unresolved';

/** A rule of what each object's own pods must be. */
function ofPods(
  text: Omit<ObjectRule, 'problemsOf'>,
  problemsOf: (pod: PodTemplate) => readonly string[],
): ObjectRule {
  return {
    ...text,
    problemsOf: (object) => {
      const pod = podTemplate(object);
      return pod === undefined ? [] : problemsOf(pod);
    },
  };
}

function ofContainers(pod: PodTemplate, problemsOf: (container: Fields) => readonly string[]) {
  return containersOf(pod).flatMap((container) =>
    problemsOf(container).map((problem) => `container '${wordOf(container['name'])}' ${problem}`),
  );
}

export const podsAreRestricted = ofPods(
  {
    id: 'pods-are-restricted',
    statement: "Pods are as Kubernetes' Pod Security standard 'restricted' has them",
    reason:
      'the API server refuses others in the namespaces of the platform, when a release is under way',
    fix: IN_POD_TEMPLATES,
  },
  (pod) => [
    ...OF_THE_NODE.filter((name) => pod.spec[name] === true).map(
      (name) => `uses ${name} of its node`,
    ),
    ...podSecurity(pod),
    ...objectsIn(pod.spec['volumes']).flatMap((volume) =>
      Object.keys(volume)
        .filter((type) => type !== 'name' && !VOLUMES.has(type))
        .map((type) => `volume '${wordOf(volume['name'])}' is of type ${type}`),
    ),
    ...ofContainers(pod, containerSecurity),
  ],
);

function podSecurity({ spec }: PodTemplate): readonly string[] {
  const security = fieldsOf(spec['securityContext']);
  const seccomp = valueAt(security, 'seccompProfile.type');
  return [
    ...(security['runAsNonRoot'] === true ? [] : ['may run as root: runAsNonRoot is not true']),
    ...(seccomp === 'RuntimeDefault' || seccomp === 'Localhost'
      ? []
      : [`seccompProfile.type must be RuntimeDefault or Localhost, got ${shown(seccomp)}`]),
  ];
}

function containerSecurity(container: Fields): readonly string[] {
  const security = fieldsOf(container['securityContext']);
  const added = listOf(valueAt(security, 'capabilities.add')).filter(
    (name) => name !== 'NET_BIND_SERVICE',
  );
  return [
    ...(security['allowPrivilegeEscalation'] === false ? [] : ['may gain privileges']),
    ...(listOf(valueAt(security, 'capabilities.drop')).includes('ALL')
      ? []
      : ['keeps capabilities: drop must be [ALL]']),
    ...(added.length === 0 ? [] : [`adds capabilities ${shown(added)}`]),
    ...(security['privileged'] === true ? ['is privileged'] : []),
    ...(objectsIn(container['ports']).some(({ hostPort }) => hostPort !== undefined)
      ? ['takes a port of its node']
      : []),
  ];
}

export const containersSayWhatTheyUse = ofPods(
  {
    id: 'containers-say-what-they-use',
    statement: 'Every container requests CPU and memory, and has a limit of memory',
    reason: 'the scheduler puts others on the same node until the kernel kills one of them',
    fix: 'cpuMillicores and memoryMiB of the service, or the resources of the object',
  },
  (pod) =>
    ofContainers(pod, ({ resources }) =>
      ['requests.cpu', 'requests.memory', 'limits.memory']
        .filter((place) => valueAt(resources, place) === undefined)
        .map((place) => `has no resources.${place}`),
    ),
);

export const imagesAreByDigest = ofPods(
  {
    id: 'images-are-by-digest',
    statement: 'Images are named by their digest',
    reason: 'a tag can be moved, and another program runs than was reviewed',
    fix: 'npm run pins',
  },
  (pod) =>
    ofContainers(pod, ({ image }) =>
      BY_DIGEST.test(textOf(image)) || textOf(image).endsWith(NOT_LOOKED_UP)
        ? []
        : [`has the image ${shown(image)}, which is not by digest`],
    ),
);

export const lastingPodsAreProbed = ofPods(
  {
    id: 'lasting-pods-are-probed',
    statement: 'Containers of lasting pods have a readiness probe and a liveness probe',
    reason: 'requests go to a replica that cannot answer, and one that hangs is not started again',
    fix: IN_POD_TEMPLATES,
  },
  (pod) =>
    pod.isLasting
      ? objectsIn(pod.spec['containers']).flatMap((container) =>
          ['readinessProbe', 'livenessProbe']
            .filter((probe) => container[probe] === undefined)
            .map((probe) => `container '${wordOf(container['name'])}' has no ${probe}`),
        )
      : [],
);

export const secretsAreInNoEnvironment = ofPods(
  {
    id: 'secrets-are-in-no-environment',
    statement: 'No container is given a password, key or token by its environment',
    reason: 'variables are in core dumps, in crash reports and in /proc of every child',
    fix: 'a file of a Secret, as bindings are (docs/bindings.md)',
  },
  (pod) =>
    ofContainers(pod, (container) => [
      ...objectsIn(container['env'])
        .filter(({ name }) => SECRET_NAME.test(wordOf(name)))
        .map(({ name }) => `is given ${wordOf(name)} by its environment`),
      ...objectsIn(container['envFrom'])
        .filter(({ secretRef }) => secretRef !== undefined)
        .map(() => 'is given a whole Secret by its environment'),
    ]),
);

/** Namespaces without a level take any pod. Source: Kubernetes, "Pod Security Admission". */
export const namespacesEnforcePodSecurity: ObjectRule = {
  id: 'namespaces-enforce-pod-security',
  statement: "Namespaces enforce the Pod Security standard 'restricted'",
  reason: 'whoever may make pods there may become root of a node',
  fix: 'components/cluster/namespaces.ts, or an exception in policies/exceptions.ts',
  problemsOf: ({ kind, fields }: ClusterObject) => {
    if (kind !== 'Namespace') return [];
    const labels = fieldsOf(valueAt(fields, 'metadata.labels'));
    const level = labels['pod-security.kubernetes.io/enforce'];
    return level === 'restricted' ? [] : [`enforces ${shown(level)}`];
  },
};

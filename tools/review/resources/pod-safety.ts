import { listOf } from '@meridian/policies/fields.ts';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import type { Finding } from '../finding.ts';
import { sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** When a field keeps whoever breaks into a pod from more, and what he may do else. */
interface SafeField {
  readonly isSafe: (value: unknown) => boolean;
  readonly otherwise: string;
}

const CONFINED: ReadonlySet<unknown> = new Set(['RuntimeDefault', 'Localhost']);
const ofTheNode = (what: string): SafeField => ({
  isSafe: (value) => value !== true,
  otherwise: `its pods see the ${what} of their node`,
});

/** Source: Kubernetes, "Configure a Security Context for a Pod or Container", "Pod Security Standards". */
const FIELDS: Readonly<Record<string, SafeField>> = {
  readOnlyRootFilesystem: {
    isSafe: (value) => value === true,
    otherwise: 'its containers may write to their own programs and files',
  },
  allowPrivilegeEscalation: {
    isSafe: (value) => value === false,
    otherwise: 'its programs may gain rights that they were not started with',
  },
  privileged: {
    isSafe: (value) => value !== true,
    otherwise: 'its containers are root on their node',
  },
  runAsNonRoot: { isSafe: (value) => value === true, otherwise: 'its programs may run as root' },
  runAsUser: {
    isSafe: (value) => value !== 0 && value !== '0' && value !== undefined,
    otherwise: 'its programs run as the user of their image, or as root',
  },
  'capabilities.drop': {
    isSafe: (value) => listOf(value).includes('ALL'),
    otherwise: 'its programs keep rights of root that they do not need',
  },
  'capabilities.add': {
    isSafe: (value) => listOf(value).every((name) => name === 'NET_BIND_SERVICE'),
    otherwise: 'its programs have rights of root',
  },
  'seccompProfile.type': {
    isSafe: (value) => CONFINED.has(value),
    otherwise: 'its programs may make any call of the kernel',
  },
  hostNetwork: ofTheNode('network'),
  hostPID: ofTheNode('processes'),
  hostIPC: ofTheNode('shared memory'),
};

const CONTEXT = /(?:^|\.)(?:\w*[sS]ecurityContext)(?=[.[]|$)/;
const OF_THE_NODE = /(?:^|\.)(hostNetwork|hostPID|hostIPC)$/;

/** Whether a field says what a pod may do to its node, to itself and to the kernel. */
export function isOfSafety(property: string): boolean {
  return CONTEXT.test(property) || OF_THE_NODE.test(property);
}

/** What keeps whoever breaks into a pod where he is, wherever an object or a chart writes its pods. */
export const podSafety: Aspect = {
  field: new RegExp(`${CONTEXT.source}|${OF_THE_NODE.source}`),
  // Containers of one pod are told together.
  tell: (_change, lines) => [
    ...new Map(lines.flatMap(safetyOf).map((told) => [JSON.stringify(told), told])).values(),
  ],
};

function safetyOf({ property, before, after }: PropertyLine): readonly Told[] {
  const host = OF_THE_NODE.exec(property)?.[1];
  if (host !== undefined) return [fieldTold(host, before, after)];
  const place = property.split(CONTEXT).at(-1)?.replace(/^\./, '') ?? '';
  const [was, is] = [leavesOf(place, before), leavesOf(place, after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)))
    .map((name) => fieldTold(name, was.get(name), is.get(name)));
}

/** What stands in a security context by its fields; an element of a list stands for the list. */
function leavesOf(place: string, value: unknown): ReadonlyMap<string, unknown> {
  const [, list, index] = /^(.+)\[(\d+)\]$/.exec(place) ?? [];
  if (list !== undefined && index !== undefined) {
    return new Map([[list, value === undefined ? [] : [value]]]);
  }
  if (!isRecord(value)) return value === undefined ? new Map() : new Map([[place, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, member]) => [
      ...leavesOf(place === '' ? key : `${place}.${key}`, member),
    ]),
  );
}

function fieldTold(name: string, before: unknown, after: unknown): Told {
  const of = { among: 'pods', property: name, ...sides({ before, after }) };
  const field = FIELDS[name];
  if (field === undefined) {
    return {
      ...of,
      kind: 'pod-weakened',
      consequence: 'it runs as somebody else, or by other rules',
    };
  }
  if (!field.isSafe(after)) return { ...of, kind: 'pod-weakened', consequence: field.otherwise };
  return {
    ...of,
    kind: 'object-changed',
    consequence: field.isSafe(before)
      ? 'whoever breaks into it may do as little as before'
      : 'whoever breaks into it may do less',
  };
}

/** Rules by which a policy refuses what a weaker pod, or a namespace for such pods, is. */
const REFUSED: Partial<Readonly<Record<Finding['kind'], string>>> = {
  'pod-weakened': 'pods-are-restricted',
  'policy-weakened': 'namespaces-enforce-pod-security',
};

/** Leaves out what a rule refuses of the same object: it is told once, as the danger that it is. */
export function withoutRefused(
  findings: readonly Finding[],
  titles: ReadonlyMap<Finding, string>,
  refused: readonly Finding[],
): readonly Finding[] {
  return findings.filter((finding) => {
    const rule = REFUSED[finding.kind];
    const isNamed = ({ after = '' }: Finding): boolean =>
      finding.kind === 'policy-weakened' || namesIt(finding.property ?? '', after);
    return !refused.some(
      (one) =>
        rule !== undefined &&
        one.property === rule &&
        one.subject === titles.get(finding) &&
        isNamed(one),
    );
  });
}

/** What the words of the rule say of a field. Source: policies/rules/pods.ts, containerSecurity. */
const WORDS: Readonly<Record<string, string>> = {
  allowPrivilegeEscalation: 'may gain privileges',
  privileged: 'is privileged',
  'capabilities.drop': 'keeps capabilities',
  'capabilities.add': 'adds capabilities',
};

function namesIt(property: string, words: string): boolean {
  return words.includes(WORDS[property] ?? property);
}

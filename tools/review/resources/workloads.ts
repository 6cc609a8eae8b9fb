import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { fieldsOf, objectsIn, textOf, valueAt } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { each, namedPlaces, short, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { rightsIn } from './rights.ts';

/** Where an image is named, in pods and in what operators make pods of. */
const IMAGE = /(?:^|\.)(?:image|imageName)(?:\.(?:repository|registry|tag|digest))?$/;

/** Another program in a container: the digests before and after; one of another registry is its owner's. */
export const images: Aspect = {
  field: IMAGE,
  tell: (_change, lines) => lines.flatMap(imageTold),
};

/** What another image means, wherever it is named. */
export function imageTold(line: PropertyLine): readonly Told[] {
  const [was, is] = [line.before, line.after].map((image) => registryIn(line.property, image));
  const isElsewhere = was !== undefined && is !== undefined && was !== is;
  const isAnother = !isElsewhere || ownName(line.before) !== ownName(line.after);
  return [
    ...(isElsewhere
      ? [
          {
            kind: 'images-elsewhere' as const,
            among: 'objects',
            ...{ before: was, after: is },
            consequence: 'whoever has that registry says which programs run',
          },
        ]
      : []),
    ...(isAnother
      ? [
          {
            kind: 'image-changed' as const,
            property: line.property.replace(/^.*\.containers/, 'containers'),
            ...imageSides(line),
            consequence: 'another program runs there',
          },
        ]
      : []),
  ];
}

function imageSides(line: PropertyLine): Pick<Told, 'before' | 'after'> {
  const { before, after } = { before: digestOf(line.before), after: digestOf(line.after) };
  return before === after ? sides(line) : sides({ before, after });
}

/** Of an image all but where it is pulled from. */
function ownName(image: unknown): unknown {
  return typeof image === 'string' ? image.split('/').at(-1) : image;
}

/** Where an image is pulled from: all of its name but its own; undefined for what names none. */
function registryIn(property: string, image: unknown): string | undefined {
  if (typeof image !== 'string') return undefined;
  return property.endsWith('.registry') ? image : /^(.+)\/[^/]+$/.exec(image)?.[1];
}

/** Of an image that is named by its digest the name and the beginning of that. */
function digestOf(image: unknown): unknown {
  return typeof image === 'string'
    ? image.replace(/^(?:.*\/)?([^/@]+)@sha256:([0-9a-f]{12})[0-9a-f]*$/, '$1@$2')
    : image;
}

/** Other rights by another account, or other places that a pod may be in. */
const podAccount: Aspect = {
  field:
    /^spec\.(?:jobTemplate\.spec\.)?template\.spec\.(?:serviceAccountName|automountServiceAccountToken)$/,
  tell: (_change, lines) =>
    lines.map((line) => ({
      kind: 'rights-added',
      property: line.property.split('.').at(-1) ?? '',
      ...sides(line),
      consequence: 'its pods may do what another account may',
    })),
};

/** Where pods are written: in a workload, or in what makes Jobs. */
const POD = String.raw`^spec\.(?:jobTemplate\.spec\.)?template`;
const CONTAINER = String.raw`${POD}\.spec\.(?:initC|c)ontainers\[\d+\]`;

/** What of pods matters to others than those who wait for their restart. */
export const pods: readonly Aspect[] = [
  images,
  podAccount,
  volumeSources(),
  bindings(),
  each(
    // The version is another with every release.
    new RegExp(String.raw`${POD}\.metadata\.labels\b(?!\["app\.kubernetes\.io/version"\])`),
    'network-opened',
    'policies and Services take its pods for others',
  ),
  instructions(),
  each(
    new RegExp(
      String.raw`${CONTAINER}\.\w+Probe\b|${POD}\.spec\.(?:terminationGracePeriodSeconds|priorityClassName|activeDeadlineSeconds)$`,
    ),
    'limits-changed',
    'it is stopped, or taken for ready, by other signs',
  ),
];

/** A release of a program, by which each Job that waits for it is named. Source: components/service/kubernetes/service-part.ts. */
const RELEASE = /\d+\.\d+\.\d+\+[0-9a-f]{12}/g;

/** What a program is told by its command line and environment; another release alone is nothing new. */
function instructions(): Aspect {
  const withoutRelease = (value: unknown): string =>
    JSON.stringify(value ?? null).replaceAll(RELEASE, '');
  return {
    field: new RegExp(
      String.raw`${CONTAINER}\.(?:command|args|env|envFrom|lifecycle|workingDir)\b`,
    ),
    tell: (_change, lines) => {
      const told = lines.filter(
        ({ before, after }) => withoutRelease(before) !== withoutRelease(after),
      );
      return told.length === 0
        ? []
        : [
            {
              kind: 'unknown-change',
              among: 'settings',
              property: namedPlaces(
                told.map(({ property }) => property.replace(/^.*\.spec\./, '')),
              ),
              consequence: 'its program is told something else',
            },
          ];
    },
  };
}

/** Secrets, claims and drivers that pods have volumes of: each gives them what is in it. */
function volumeSources(): Aspect {
  const sourcesOf = (object: Fields | undefined): readonly string[] => {
    const place =
      object?.['kind'] === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
    return objectsIn(fieldsOf(valueAt(object, place))['volumes']).flatMap(
      ({ secret, persistentVolumeClaim, csi, hostPath, projected }) => [
        ...(secret === undefined ? [] : [`Secret ${textOf(fieldsOf(secret)['secretName'])}`]),
        ...(persistentVolumeClaim === undefined
          ? []
          : [`claim ${textOf(fieldsOf(persistentVolumeClaim)['claimName'])}`]),
        ...(csi === undefined ? [] : [`driver ${textOf(fieldsOf(csi)['driver'])}`]),
        ...(hostPath === undefined
          ? []
          : [`folder ${textOf(fieldsOf(hostPath)['path'])} of a node`]),
        ...(projected === undefined ? [] : [`projected ${short(projected)}`]),
      ],
    );
  };
  return rightsIn(
    new RegExp(String.raw`${POD}\.spec\.volumes\b`),
    (object) => new Map(sourcesOf(object).map((source) => [`read ${source}`, false])),
    { isOfWholes: false },
  );
}

/** Where a binding leads, and whom its service believes there; a new one is told as what it is for. */
function bindings(): Aspect {
  return {
    field: new RegExp(
      String.raw`${POD}\.metadata\.annotations\["meridian/(?!service\.json")[\w-]+\.[\w-]+"\]`,
    ),
    tell: (_change, lines) =>
      lines
        .filter(({ before, after }) => before !== undefined && after !== undefined)
        .map((line) => {
          const isIdentity = line.property.endsWith('spiffe-id"]');
          return {
            kind: isIdentity ? 'trust-changed' : 'unknown-change',
            property: /"meridian\/(.+)"\]$/.exec(line.property)?.[1] ?? line.property,
            ...sides(line),
            consequence: isIdentity
              ? 'it believes somebody else there'
              : 'its requests go elsewhere',
          };
        }),
  };
}

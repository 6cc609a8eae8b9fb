import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import type { Finding } from '../finding.ts';
import { sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** Tags of a resource of a cloud, by itself and by its provider: no right of the platform asks for one. */
export const TAGS = /^tags(?:All)?(?:[.[]|$)/;

const SAID = {
  kind: 'object-changed',
  consequence: 'costs are told apart by them, and nothing runs otherwise',
} as const;

/** A tag with its value on both sides. */
type ChangedTag = readonly [name: string, before: unknown, after: unknown];

/** What becomes of tags: of one its values, of several what each side has. */
export const tags: Aspect = {
  field: TAGS,
  tell: (_change, lines): readonly Told[] => {
    const changed = [...new Map(lines.flatMap(changedTags).map((one) => [one[0], one])).values()];
    const [only, ...more] = changed;
    if (only === undefined) return [{ ...SAID, property: 'tags' }];
    if (more.length > 0) {
      const side = (place: 1 | 2): string =>
        changed
          .flatMap((one) => (isText(one[place]) ? [`${one[0]}=${one[place]}`] : []))
          .toSorted()
          .join(', ') || 'none';
      return [{ ...SAID, property: 'tags', ...sides({ before: side(1), after: side(2) }) }];
    }
    const [name, before, after] = only;
    return [{ ...SAID, property: `tag ${name}`, ...sides({ before, after }) }];
  },
};

/** The tags of a line, which is of one of them or of all. */
function changedTags({ property, before, after }: PropertyLine): readonly ChangedTag[] {
  const [, name] = /^tags(?:All)?(?:\.|\["?)([^"\]]+)/.exec(property) ?? [];
  if (name !== undefined) return [[name, before, after]];
  const [was, is] = [before, after].map((side) => new Map(Object.entries(side ?? {})));
  const names = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...names]
    .map((one): ChangedTag => [one, was?.get(one), is?.get(one)])
    .filter(([, one, other]) => one !== other);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** The same tag of many resources, as when their provider adds another one to all of them, is one change. */
export function tagsTogether(findings: readonly Finding[]): readonly Finding[] {
  const isOfTags = ({ consequence }: Finding): boolean => consequence === SAID.consequence;
  const groups = Map.groupBy(findings.filter(isOfTags), ({ property, before, after }) =>
    JSON.stringify([property, before, after]),
  );
  return [
    ...findings.filter((finding) => !isOfTags(finding)),
    ...[...groups.values()].flatMap((group): readonly Finding[] => {
      const [first, ...more] = group;
      if (first === undefined || more.length === 0) return group;
      const { property = 'tags', before = 'none', after = 'none' } = first;
      return [
        {
          ...SAID,
          ...{ subject: 'tags', among: 'tags', property, before, after },
          follows: [...new Set(group.map(({ subject }) => subject))].toSorted(),
        },
      ];
    }),
  ];
}

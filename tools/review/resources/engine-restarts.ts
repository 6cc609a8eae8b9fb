import { restartEffect } from '../../meridian/rehearsal/restarts.ts';
import { namedPlaces, sides } from './aspect.ts';
import type { Told } from './aspect.ts';
import type { ObjectChange } from './object-change.ts';

/** What the table of restarts says of changed fields: who is restarted, and which fields nobody has looked up. */
export interface Restarts {
  readonly told: readonly Told[];
  /** Fields that the table knows. */
  readonly explained: ReadonlySet<string>;
}

/** From this weight on what runs stops and begins again. Source: tools/meridian/rehearsal/restart-table.ts. */
const RESTARTS = 3;

/** Kinds of which a restart is a release or a rollout as on any day, and holds up nobody. */
const RELEASED: ReadonlySet<string> = new Set(['apps:Deployment', 'argoproj.io:Rollout']);
/** Charts install what other tables tell of. */
const CHART = 'helm.sh:Release';

/** What becomes of what runs by a change, as the table of restarts has it; labels and annotations are not for it to judge. */
export function engineRestarts({ type, kind, properties }: ObjectChange): Restarts {
  const judged = properties.filter(({ property }) => !property.startsWith('metadata'));
  const sidesAt = (place: string) =>
    sides(properties.find(({ property }) => property === place) ?? {});
  const effects = (kind === CHART ? [] : judged).flatMap(({ property }) => {
    const effect = restartEffect(type, property);
    return effect === undefined ? [] : [{ property, ...effect }];
  });
  const restarted = RELEASED.has(kind) ? 'service-restarted' : 'engine-restarted';
  const known = effects.filter(({ isKnown }) => isKnown);
  const felt = Map.groupBy(
    known.filter(({ weight }) => weight > 0),
    ({ text, weight }) => `${weight} ${text}`,
  );
  return {
    explained: new Set(known.map(({ property }) => property)),
    told: [...felt.values()].flatMap(([first, ...more]): readonly Told[] => {
      if (first === undefined) return [];
      return [
        {
          kind: first.weight < RESTARTS ? 'object-changed' : restarted,
          // Of a release it is nobody's matter which of its fields did it.
          ...(RELEASED.has(kind)
            ? {}
            : {
                property: namedPlaces([first, ...more].map(({ property }) => shortPlace(property))),
              }),
          ...(RELEASED.has(kind) || more.length > 0 ? {} : sidesAt(first.property)),
          consequence: first.text,
        },
      ];
    }),
  };
}

/** A setting by its name alone, where that says it: a line has no room for the way to it. */
function shortPlace(property: string): string {
  return /^spec\.\w+\.config\["(.+)"\]$/.exec(property)?.[1] ?? property.replace(/^spec\./, '');
}

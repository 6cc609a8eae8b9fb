import { fieldsOf, listOf, textOf, valueAt } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Aspect } from './aspect.ts';
import { rightsIn } from './rights.ts';

const SERVICE_FILE = /^spec\.template\.metadata\.annotations\["meridian\/service\.json"\]$/;

/** Who may call which method, as a service reads it from its own file. Source: language/service-file.ts. */
export const allowLists = rightsIn(
  SERVICE_FILE,
  (workload) => {
    const settings = settingsOf(workload);
    if (settings === undefined) return new Map([['what nobody can read', true]]);
    return new Map(
      Object.entries(fieldsOf(settings['allow'])).flatMap(([method, callers]) =>
        listOf(callers).map((caller) => {
          const who = String(caller).split('/sa/').at(-1) ?? '';
          return [`${who} → ${method.split('/').at(-1) ?? method}`, who === '*'] as const;
        }),
      ),
    );
  },
  { isOfWholes: false },
);

/** What else stands in that file, by its settings. */
export const serviceSettings: Aspect = {
  field: SERVICE_FILE,
  tell: ({ before, after }) => {
    const [was, is] = [settingsOf(before ?? {}) ?? {}, settingsOf(after ?? {}) ?? {}];
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
    const changed = names.filter(
      (name) => name !== 'allow' && !isDeepStrictEqual(was[name], is[name]),
    );
    return changed.length === 0
      ? []
      : [
          {
            kind: 'unknown-change',
            among: 'settings',
            property: changed.join(', '),
            consequence: 'its program is told something else',
          },
        ];
  },
};

/** What a service is told by its file, empty where it has none; undefined for a file that cannot be read. */
function settingsOf(workload: Fields): Fields | undefined {
  const annotations = fieldsOf(valueAt(workload, 'spec.template.metadata.annotations'));
  const file = textOf(annotations['meridian/service.json']);
  if (file === '') return {};
  try {
    return fieldsOf(JSON.parse(file));
  } catch {
    // Told as rights that nobody knows.
    return undefined;
  }
}

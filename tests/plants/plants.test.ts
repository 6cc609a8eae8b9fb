import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { KUBERNETES_ENGINES } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import { checkStackObjects } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { checkMigrationFolders } from '@meridian/components/service/declared-files.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { manifestProblems } from '@meridian/provider-rehearsal/provider/manifest-problems.ts';
import { refusedChanges } from '@meridian/provider-rehearsal/provider/refused-changes.ts';
import { importDeclarations } from '../../infra/import-declarations.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { graph } from '../charts/lowered-staging.ts';
import { CYCLE_PLANTS, DECLARATION_PLANTS, FOLDER_PLANTS } from './declaration-plants.ts';
import { misdeclared } from './misdeclared.ts';
import { CHANGE_PLANTS, OBJECT_PLANTS, SCHEMA_PLANTS } from './object-plants.ts';
import type { ObjectMistake } from './object-plants.ts';
import { OPERATOR_PLANTS } from './operator-plants.ts';
import { edited } from './plant.ts';
import type { Edit, Plant } from './plant.ts';
import { CONTRADICTION_PLANTS, SETTING_PLANTS } from './setting-plants.ts';
import { stagingObject, stagingWith, wholeStaging } from './staging-objects.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const folder = mkdtempSync(path.join(tmpdir(), 'meridian-plants-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The problems that a refusal lists. Throws what is not one. */
const refusalOf = async (work: () => unknown): Promise<readonly string[]> => {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof CodedError) return error.problems;
    throw error;
  }
};

/** Staging with one object or chart that is wrong. */
const withMistake = (mistake: ObjectMistake): KubernetesStack => {
  const wrong = (value: unknown, name: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((member) => wrong(member, name));
    const { kind, metadata, chart } = value as Partial<Manifest> & { readonly chart?: string };
    if (metadata !== undefined && `${String(kind)} ${metadata.name}` === name) {
      return edited(value, mistake);
    }
    if (chart !== undefined && 'name' in value && value.name === name) {
      return edited(value, { ...mistake, at: ['values', ...mistake.at] });
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]: [string, unknown]) => [key, wrong(member, name)]),
    );
  };
  return wrong(
    wholeStaging,
    'chart' in mistake ? mistake.chart : mistake.object,
  ) as KubernetesStack;
};

/** Each is refused by its layer, by one problem that says all that it should. */
const refuses = <Mistake>(
  layer: string,
  plants: readonly Plant<Mistake>[],
  problemsOf: (mistake: Mistake) => Promise<readonly string[]>,
): void => {
  describe(layer, () => {
    test.each(plants.map((plant) => [plant.name, plant] as const))(
      'refuses %s',
      async (_name, { mistake, message }) => {
        const problems = await problemsOf(mistake);
        expect(problems).toContainEqual(expect.stringContaining(message));
      },
    );
  });
};

const changed = ({ object, ...edit }: Edit & { readonly object: string }) => {
  const before = stagingObject(object);
  return { before, after: edited(before, edit) };
};

refuses('the settings of a stack', SETTING_PLANTS, (raw) => refusalOf(() => stagingSettings(raw)));

refuses('the imports of the declarations', CYCLE_PLANTS, (calls) =>
  refusalOf(() => {
    for (const [service, callees] of Object.entries(calls)) {
      const place = path.join(folder, 'services', service);
      mkdirSync(place, { recursive: true });
      const imports = callees.map((name) => `import { x } from '@meridian/${name}/service.ts';`);
      writeFileSync(path.join(place, 'service.ts'), imports.join('\n'));
    }
    return importDeclarations(() => Promise.reject(new ReferenceError('no value yet')), folder);
  }),
);

refuses('the graph', DECLARATION_PLANTS, (mistake) => refusalOf(() => misdeclared(mistake)));

refuses('the folders of the program', FOLDER_PLANTS, ({ store, folder: migrations }) =>
  refusalOf(() => {
    const services = graph.services.map((service) => ({
      ...service,
      stores: service.stores.map((each) =>
        each.kind === 'postgres' && each.name === store ? { ...each, migrations } : each,
      ),
    }));
    checkMigrationFolders(root, landed({ ...graph.declared, services }));
  }),
);

refuses('settings beside the graph', CONTRADICTION_PLANTS, (raw) =>
  refusalOf(() => stagingWith(raw)),
);

refuses('the rules for objects', OBJECT_PLANTS, (mistake) =>
  refusalOf(() => {
    checkStackObjects(withMistake(mistake), KUBERNETES_ENGINES);
  }),
);

refuses('the schemas of objects', SCHEMA_PLANTS, (mistake) =>
  Promise.resolve(manifestProblems(changed(mistake).after)),
);

refuses('a preview against what is there', CHANGE_PLANTS, (mistake) => {
  const { before, after } = changed(mistake);
  return Promise.resolve(refusedChanges(before, after));
});

describe('operators, where they run', () => {
  test.each(OPERATOR_PLANTS.map((plant) => [plant.name, plant] as const))(
    'are the first that can tell %s',
    (_name, { mistake }) => {
      const { after } = changed(mistake);
      expect(manifestProblems(after)).toEqual([]);
      expect(() => checkStackObjects(withMistake(mistake), KUBERNETES_ENGINES)).not.toThrow();
    },
  );
});

import { expect, test } from '@jest/globals';
import { isDatabase } from '../../components/model/store.ts';
import { declaredServices } from '../../infra/platform-graph.ts';
import { codeOf, programSources } from './code-of.ts';

/** Each of these opens a connection outside the pool, which the limit of the service's role must hold. */
const DEDICATED = /\.dedicate\(/g;

const services = declaredServices();

test('a service declares the sessions that its processes open beside their pools', () => {
  const sources = programSources(['ts']);
  const opened = Object.fromEntries(
    services.map(({ name }) => [
      name,
      sources
        .filter((file) => file.startsWith(`services/${name}/`))
        .reduce((sum, file) => sum + (codeOf(file).match(DEDICATED)?.length ?? 0), 0),
    ]),
  );
  const declared = Object.fromEntries(
    services.map(({ name, stores }) => [
      name,
      stores.filter(isDatabase).reduce((sum, { sessions }) => sum + sessions, 0),
    ]),
  );
  expect(declared).toEqual(opened);
  expect(opened['orders']).toBe(1);
});

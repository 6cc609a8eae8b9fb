import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { bindingForms, BINDING_TYPES } from '@meridian/language/bindings.ts';

test('docs/bindings.md lists the properties that bindings have, and no others', () => {
  const document = readFileSync(new URL('../../docs/bindings.md', import.meta.url), 'utf8');
  const rows = document.matchAll(/^\| `([a-z]+)` +\| `([a-z-]+)` +\|/gm);
  const listed = Array.from(rows, ([, type, property]) => `${type} ${property}`);
  const spoken = BINDING_TYPES.flatMap((type) => {
    const { required, optional } = bindingForms(type);
    return Object.keys({ ...required, ...optional }).map((property) => `${type} ${property}`);
  });
  expect(listed.toSorted()).toEqual(spoken.toSorted());
});

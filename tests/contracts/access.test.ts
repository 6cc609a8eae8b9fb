import { expect, test } from '@jest/globals';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import { compareText } from '@meridian/components/model/order.ts';
import { rolesOfStaff, STAFF_ROLES } from '@meridian/identity/roles.ts';
import { answerOf, answerTo, WHOSE } from '@meridian/language/access.ts';
import { declaredServices } from '../../infra/platform-graph.ts';
import { DRAWN, drawAccess } from './access-document.ts';

const services = declaredServices().toSorted((one, other) => compareText(one.name, other.name));
const rows = services.flatMap(({ access }) => Object.entries(access));

test('docs/access.md shows the tables that decide', () => {
  expectDrawn('docs/access.md', DRAWN, drawAccess(services));
});

test.each(STAFF_ROLES)(
  'an account of the role %s gets what the column of that role says',
  (role) => {
    for (const [method, row] of rows) {
      if (row === undefined) continue;
      for (const whose of WHOSE) {
        const answer = answerTo(row, rolesOfStaff(role), whose);
        expect([method, whose, answer]).toEqual([method, whose, answerOf(row[role], whose)]);
      }
    }
  },
);

test('a role that no table knows opens nothing', () => {
  const got = rows.flatMap(([, row]) =>
    row === undefined ? [] : WHOSE.map((whose) => answerTo(row, ['owner'], whose)),
  );
  expect(new Set(got)).toEqual(new Set(['PERMISSION_DENIED']));
});

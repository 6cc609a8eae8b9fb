import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compareText } from '@meridian/components/model/order.ts';
import { rolesOfStaff, STAFF_ROLES } from '@meridian/identity/roles.ts';
import { answerOf, answerTo, WHOSE } from '@meridian/language/access.ts';
import { declaredServices } from '../../infra/platform-graph.ts';
import { DRAWN, drawAccess } from './access-document.ts';

const services = declaredServices().toSorted((one, other) => compareText(one.name, other.name));
const rows = services.flatMap(({ access }) => Object.entries(access));

test('docs/access.md shows the tables that decide', () => {
  const [begin, end] = DRAWN;
  const text = readFileSync('docs/access.md', 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  const drawn = `${before}${begin}\n\n${drawAccess(services)}\n\n${end}${after}`;
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync('docs/access.md', drawn);
  else expect(text).toBe(drawn);
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

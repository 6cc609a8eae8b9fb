import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  CancelCause,
  EffectKind,
  OrderStatus,
} from '../contract/gen/meridian/orders/v1/orders_pb.js';
import { PHASES } from './phases.ts';
import { DRAWN, drawTables } from './transition-table.ts';
import { TRANSITIONS } from './transitions.ts';

test('docs/orders.md shows the table that the saga runs on', () => {
  const [begin, end] = DRAWN;
  const text = readFileSync('docs/orders.md', 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  const drawn = `${before}${begin}\n\n${drawTables()}\n\n${end}${after}`;
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync('docs/orders.md', drawn);
  else expect(text).toBe(drawn);
});

test('a fact has one row in each phase at most', () => {
  const places = TRANSITIONS.map(({ in: phase, on }) => `${on} in ${phase}`);
  expect(places).toEqual([...new Set(places)]);
});

test('a phase is entered for a cause exactly where an order begins to be cancelled', () => {
  const cancels = TRANSITIONS.filter(({ in: from, to }) => to === 'cancelling' && from !== to);
  expect(TRANSITIONS.filter(({ cause }) => cause !== undefined)).toEqual(cancels);
});

test('phases, effects and causes cover the contract', () => {
  const named = (given: object): string[] =>
    Object.keys(given).filter((key) => Number.isNaN(Number(key)) && key !== 'UNSPECIFIED');
  expect(new Set(Object.values(PHASES).map(({ status }) => status))).toEqual(
    new Set(named(OrderStatus)),
  );
  const asked = TRANSITIONS.flatMap(({ asks }) => asks);
  expect(new Set(['RESERVE_STOCK', ...asked])).toEqual(new Set(named(EffectKind)));
  expect(named(CancelCause)).toEqual(
    expect.arrayContaining(
      TRANSITIONS.flatMap(({ cause }) => cause ?? []).filter((each) => each !== 'given'),
    ),
  );
});

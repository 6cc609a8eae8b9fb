import { expect, test } from '@jest/globals';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import {
  CancelCause,
  EffectKind,
  OrderStatus,
} from '../contract/gen/meridian/orders/v1/orders_pb.js';
import { PHASES } from './phases.ts';
import { DRAWN, drawTables } from './transition-table.ts';
import { TRANSITIONS } from './transitions.ts';

test('docs/orders.md shows the table that the saga runs on', () => {
  expectDrawn('docs/orders.md', DRAWN, drawTables());
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

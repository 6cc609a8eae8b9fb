import { describe, expect, test } from '@jest/globals';
import { cutAlike } from './cut-alike.ts';

const LONG = 'alertmanager.monitoring.svc.cluster.local/receivers/owners/';

describe('two values that are too long', () => {
  test('are shown by what differs, wherever it is', () => {
    expect(cutAlike(`${LONG}payments/page`, `${LONG}payments/ticket`, 40)).toEqual([
      '…owners/payments/page',
      '…owners/payments/ticket',
    ]);
    expect(cutAlike(`a ${LONG}`, `b ${LONG}`, 40)).toEqual([
      'a alertmanager.mo…',
      'b alertmanager.mo…',
    ]);
    expect(cutAlike(`${LONG}1 ${LONG}`, `${LONG}2 ${LONG}`, 60)).toEqual([
      '…eceivers/owners/1 alertmanager.mo…',
      '…eceivers/owners/2 alertmanager.mo…',
    ]);
  });

  test('never take more than they may, and the shorter of two is not cut where it ends', () => {
    for (const [one, other] of [
      [LONG.repeat(9), ''],
      ['x'.repeat(500), 'y'.repeat(500)],
      [LONG, LONG.slice(0, 30)],
      ['𝒳'.repeat(200), '𝒳'.repeat(201)],
    ] as const) {
      for (const shown of cutAlike(one, other, 40)) {
        expect(Array.from(shown).length).toBeLessThanOrEqual(40);
      }
    }
    expect(cutAlike(`${LONG}all`, LONG, 40)).toEqual(['…eceivers/owners/all', '…eceivers/owners/']);
  });

  test('stay as they are where they fit', () => {
    expect(cutAlike('role support', 'authorisation removed', 40)).toEqual([
      'role support',
      'authorisation removed',
    ]);
  });
});

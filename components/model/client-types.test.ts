import { describe, expect, test } from '@jest/globals';
import { call } from './call.ts';
import type { CalleeContract, CalleeMethod, CalleeName, StoreBinding } from './client-types.ts';
import { defineService } from './service.ts';
import { archive, door, shelf } from './testing/sample-platform.ts';

/** What the kit makes of these types: one function for each method that a caller may call. */
type Clients<Declaration extends Parameters<typeof clientsOf>[0]> = {
  readonly [Name in CalleeName<Declaration>]: Record<CalleeMethod<Declaration, Name>, () => string>;
};

function clientsOf(declaration: { readonly calls: typeof door.calls }): Clients<typeof door> {
  const clients = declaration.calls.map(({ service, methods }) => [
    service.name,
    Object.fromEntries(methods.map((method) => [method, () => `${service.name}.${method}`])),
  ]);
  return Object.fromEntries(clients) as Clients<typeof door>;
}

describe('the types of a declaration', () => {
  test('give a client for each declared call', () => {
    expect(clientsOf(door).shelf.listBooks()).toBe('shelf.listBooks');
  });

  test('do not let an undeclared method or service compile', () => {
    const clients = clientsOf(door);
    // @ts-expect-error the gateway of the sample may list books and not import them
    expect(clients.shelf.importBooks).toBeUndefined();
    // @ts-expect-error nobody declared a call to this service
    expect(clients.payments).toBeUndefined();
  });

  test('do not let a call of a method that the contract lacks compile', () => {
    // @ts-expect-error the contract has listBooks and importBooks
    expect(call(shelf, 'burnBooks').methods).toEqual(['burnBooks']);
    // @ts-expect-error a call names a method at least
    expect(call(shelf).methods).toEqual([]);
  });

  test('leave a service without calls without clients', () => {
    // @ts-expect-error there is no name in `never`
    const name: CalleeName<typeof archive> = 'shelf';
    expect([archive.calls.length, name]).toEqual([0, 'shelf']);
  });

  test('carry the contract of a callee and the bindings of stores', () => {
    const contract: CalleeContract<typeof door, 'shelf'> = shelf.contract;
    const binding: StoreBinding<typeof shelf, 'postgres'> = 'shelf-postgres';
    expect(contract.typeName).toBe('sample.shelf.v1.ShelfService');
    expect(shelf.stores[0].binding).toBe(binding);
  });
});

describe('defineService', () => {
  test('fills in what is not given', () => {
    const { summary, owner, slot, exposure, objectives, implemented } = archive;
    expect(
      defineService({ name: 'bare', summary, owner, slot, exposure, objectives, implemented }),
    ).toMatchObject({
      calls: [],
      publishes: [],
      consumes: [],
      stores: [],
      internalMethods: [],
      scale: { minReplicas: 2, maxReplicas: 20, targetCpuPercent: 70, targetQueueDepth: 8 },
      limits: { concurrency: 64, queueDepth: 256 },
    });
  });

  test('keeps the defaults of what is given in part', () => {
    const scaled = defineService({ ...archive, scale: { minReplicas: 3 } });
    expect(scaled.scale).toMatchObject({ minReplicas: 3, maxReplicas: 20 });
  });
});

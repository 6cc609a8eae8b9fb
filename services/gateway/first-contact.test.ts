import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import { FirstContact } from './first-contact.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await TestWorld.create();
});
afterAll(async () => {
  await world.close();
});

describe('first contact', () => {
  test('fails until the service has answered, and never again', async () => {
    const { client, runtime, folder } = await world.client([1]);
    const contact = new FirstContact([client], runtime.log, 60_000);
    expect(contact.check).toThrow('not reached yet: echo');
    const server = await world.serve({}, { allow: {} });
    world.bind(folder, [server.port]);
    await eventually(() => {
      contact.check();
    });
    await server.runtime.stop();
    expect(contact.check).not.toThrow();
    contact.close();
  });

  test('gives up after its patience, and says so in the log', async () => {
    const { client, runtime, lines } = await world.client([1]);
    const contact = new FirstContact([client], runtime.log, 50);
    expect(contact.check).toThrow();
    await eventually(() => {
      contact.check();
    });
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', peer: 'echo' }));
  });

  test('with nothing to reach is there at once', async () => {
    const { runtime } = await world.client([1]);
    expect(new FirstContact([], runtime.log).check).not.toThrow();
  });
});

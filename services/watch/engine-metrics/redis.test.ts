import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MONITOR_REDIS_RULES } from '@meridian/components/observability/engines/monitor.ts';
import { startRedis } from '../../../tests/engines/redis.ts';
import type { ThrowAwayRedis } from '../../../tests/engines/redis.ts';
import { redisPoll } from './redis.ts';
import { EngineWorld } from './testing/engine-world.ts';

let world: EngineWorld;
let server: ThrowAwayRedis;

beforeAll(async () => {
  world = await EngineWorld.create();
  server = await startRedis(world.kit.authority);
}, 90_000);
afterAll(async () => {
  await world.close();
  await server.stop();
});

const up = (value: 0 | 1) => `engine_up{engine="redis",node="redis"} ${value}`;

test('says what it holds to whom may do nothing else, and nothing while it is stopped or ended', async () => {
  const user = await server.createUser('monitor', 'monitor:');
  await server.admin(
    ...['ACL', 'SETUSER', user.name, 'resetkeys', 'resetchannels', ...MONITOR_REDIS_RULES],
  );
  await server.admin('ACL', 'SAVE');
  await world.ask(
    (folder) => server.bind(folder, 'redis', user),
    (runtime) => redisPoll(runtime, 'redis'),
  );
  await world.told(
    ...[up(1), /^redis_memory_used_bytes [1-9]/, /^redis_connected_clients [1-9]/],
    'redis_evicted_keys_total 0',
  );
  // A counter stays where it was: what was dropped was dropped.
  const silent = () => world.toldAlone(up(0), 'redis_evicted_keys_total 0');
  server.signal('SIGSTOP');
  await silent();
  server.signal('SIGCONT');
  await world.told(up(1));
  for (const command of [
    ['GET', 'monitor:x'],
    ['CONFIG', 'GET', 'maxmemory'],
    ['CLIENT', 'LIST'],
  ]) {
    const answer = await server.admin('ACL', 'DRYRUN', user.name, ...command);
    expect(answer).toMatch(/has no permissions/);
  }
  await server.kill();
  await silent();
  await server.start();
  await world.told(up(1), /^redis_memory_used_bytes [1-9]/);
}, 60_000);

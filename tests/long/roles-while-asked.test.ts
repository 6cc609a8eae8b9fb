import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { expect, test } from '@jest/globals';
import { startElasticsearch } from '../engines/elasticsearch.ts';
import type { ThrowAwayElasticsearch } from '../engines/elasticsearch.ts';
import type { IndexAccess } from '../engines/index-access.ts';

const ROUNDS = 10;
const USERS = 24;

/** One request after the other over one connection, as a service that waits for its rights asks. */
async function askUntil(
  ended: AbortSignal,
  node: ThrowAwayElasticsearch,
  { host, port, username, index }: IndexAccess,
  answered: (status: number) => void,
): Promise<void> {
  const { cert, key, ca } = await node.authority.issue({ commonName: username });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const auth = `${username}:password-of-${username}`;
  const path = `/${index}.*/_alias`;
  while (!ended.aborted) {
    const request = get({ ...{ host, port, path, cert, key, ca, auth }, agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    answered(response.statusCode ?? 0);
    await once(response.resume(), 'end');
  }
  agent.destroy();
}

/**
 * Elasticsearch 8.19 may remember a role as one that there is not when it is asked for in the moment in
 * which its file is read: without the setting of components/search/node-settings.ts about one round of
 * these in ten locks a user out until the node is started again.
 */
test('users who ask while they get their rights are never locked out', async () => {
  await using node = await startElasticsearch();
  for (let round = 0; round < ROUNDS; round += 1) {
    const indices = Array.from({ length: USERS }, (_, user) => `r${round}u${user}`);
    const users = await node.createPowerlessUsers(indices);
    const ended = new AbortController();
    const forbidden = new Set<string>();
    const asking = users.map((user) =>
      askUntil(ended.signal, node, user, (status) => {
        if (status === 403) forbidden.add(user.username);
      }),
    );
    try {
      await eventually(() => expect(forbidden.size).toBe(USERS), 30_000);
      await node.empower(users);
    } finally {
      ended.abort();
      await Promise.allSettled(asking);
    }
  }
}, 600_000);

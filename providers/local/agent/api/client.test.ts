import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { agentSocket, type Folders } from '../../folders.ts';
import { AgentClient } from './client.ts';

describe('an agent that hangs', () => {
  let root = '';
  let folders: Folders;
  let agent: Server;

  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'meridian-'));
    const at = (name: string) => path.join(root, name);
    folders = {
      ...{ state: at('state'), data: at('data'), runtime: at('run') },
      ...{ cache: at('cache'), program: at('program') },
    };
    const socket = agentSocket(folders, 'b');
    mkdirSync(path.dirname(socket), { recursive: true });
    // As one that is stopped: the kernel takes what is said to it, and nobody reads it.
    agent = createServer({ pauseOnConnect: true }).listen(socket);
    await once(agent, 'listening');
  });

  afterEach(() => {
    agent.close();
    rmSync(root, { recursive: true });
  });

  test('is waited for as long as it may take, and then is as one that does not run', async () => {
    expect(await new AgentClient(folders, 'b').statusIfRunning(100)).toBeUndefined();
  });
});

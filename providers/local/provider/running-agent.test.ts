import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AgentClient } from '../agent-client.ts';
import { ZoneFolders } from '../agent/zone/zone-folders.ts';
import { foldersEnvironment } from '../folders.ts';
import type { Context } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';
import { askAgent, retireForeignAgent } from './running-agent.ts';
import { zoneAgentHandler } from './zone-agent.ts';

describe('an agent of another version', () => {
  let context: Context;
  let child: ChildProcess;
  let ended: Promise<unknown[]>;

  beforeEach(async () => {
    const root = mkdtempSync('/tmp/mf-');
    context = {
      folders: {
        state: join(root, 'state'),
        data: join(root, 'data'),
        runtime: join(root, 'run'),
        cache: root,
        program: root,
      },
      signal: new AbortController().signal,
      status: () => undefined,
      warn: () => undefined,
      rollouts: new Rollouts(),
    };
    const script = join(import.meta.dirname, '..', 'testing', 'foreign-agent.ts');
    child = spawn(process.execPath, [script], {
      env: foldersEnvironment(context.folders),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout === null) {
      throw new Error('The child has no output');
    }
    ended = once(child, 'exit');
    await once(child.stdout, 'data');
  });

  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(context.folders.program, { recursive: true, force: true });
  });

  test('shows as drift of the version, not as dead and not as an error', async () => {
    expect(await askAgent(context.folders, 'a')).toBe('foreign');
    const found = await zoneAgentHandler.read({ zone: 'a' }, { programVersion: '1' }, context);
    expect(found).toEqual({ programVersion: 'another' });
  });

  test('is ended before one of this version takes its place', async () => {
    await retireForeignAgent(context.folders, 'a');
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(await askAgent(context.folders, 'a')).toBeUndefined();
  });

  test('may end by itself meanwhile', async () => {
    const { socket } = new ZoneFolders(context.folders, 'a');
    rmSync(socket);
    // It dies between its answer and the signal: the answer is given for it once it is gone.
    const heir = createServer((_request, response) => {
      child.kill('SIGKILL');
      void ended.then(() => response.end('{"version":"of another time"}'));
    }).listen(socket);
    await once(heir, 'listening');
    try {
      await retireForeignAgent(context.folders, 'a');
      expect(await ended).toEqual([null, 'SIGKILL']);
    } finally {
      heir.close();
    }
  });

  test('is stopped well when it ends by itself before it hears of it', async () => {
    const { socket } = new ZoneFolders(context.folders, 'a');
    rmSync(socket);
    const heir = createServer((request) => {
      child.kill('SIGKILL');
      void ended.then(() => request.destroy());
    }).listen(socket);
    await once(heir, 'listening');
    try {
      await new AgentClient(context.folders, 'a').stop();
      expect(await ended).toEqual([null, 'SIGKILL']);
    } finally {
      heir.close();
    }
  });

  test('is ended with its zone, and leaves nothing', async () => {
    await zoneAgentHandler.delete({ zone: 'a' }, context);
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(existsSync(join(context.folders.state, 'zones'))).toBe(false);
    expect(existsSync(context.folders.runtime)).toBe(false);
  });
});

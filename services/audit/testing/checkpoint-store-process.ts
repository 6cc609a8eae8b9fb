import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import { StandInProcess } from '@meridian/kit/testing/stand-in-process.ts';
import { TROUBLE_FILE } from '../checkpoint-store-stand-in/trouble.ts';
import { bindingTo, PARAMETERS } from './store-binding.ts';

const MAIN = fileURLToPath(new URL('../checkpoint-store-stand-in/main.ts', import.meta.url));

/** What a test may write into the trouble file. */
export type StoreTroubleWord = 'unavailable' | 'full' | 'read-only' | 'slow';

/** The stand-in of the checkpoint store in a process of its own; where the objects lie as files outlives it. */
export class CheckpointStoreProcess extends StandInProcess {
  static async start(
    folder: string,
    behaviour: Readonly<Record<string, number>> = {},
  ): Promise<CheckpointStoreProcess> {
    const secrets = { 'access-key-id': 'test-id', 'secret-access-key': 'test-secret' };
    const store = new CheckpointStoreProcess(MAIN, folder, secrets, {
      name: 'checkpoint-store-stand-in',
      parameters: PARAMETERS,
      behaviour,
    });
    await store.restart();
    return store;
  }

  /** As a service finds it; its secrets are read again at each use. */
  get binding(): ExternalBinding {
    return bindingTo(this.uri, {}, (name) =>
      readFileSync(join(this.folder, name), 'utf8').trim().split('\n'),
    );
  }

  /** Makes trouble until it is told to stop. */
  trouble(word: StoreTroubleWord | undefined): void {
    const file = join(this.dataFolder, TROUBLE_FILE);
    if (word === undefined) rmSync(file, { force: true });
    else writeFileSync(file, `${word}\n`);
  }
}

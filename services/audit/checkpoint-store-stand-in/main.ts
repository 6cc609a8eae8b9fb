import { mkdirSync } from 'node:fs';
import { runStandIn } from '@meridian/kit/external/run-stand-in.ts';
import { createStoreServer } from './http-server.ts';
import { ObjectFiles } from './object-files.ts';
import { readBehaviour } from './trouble.ts';

/*
 * Plays the object store to which heads are published where there is none: a folder, which is as safe as this
 * machine and in the hands of whoever runs the platform. How to make trouble is in trouble.ts.
 */

await runStandIn(({ configuration, log, secrets }) => {
  const { dataFolder, parameters = {}, behaviour } = configuration;
  const { bucket = '', region = '' } = parameters;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const admission = () => {
    const ids = secrets('access-key-id');
    const keys = secrets('secret-access-key');
    return { keys: new Map(ids.map((id, place) => [id, keys[place] ?? ''])), region };
  };
  admission();
  const server = createStoreServer({
    ...{ bucket, dataFolder, admission, log },
    files: new ObjectFiles(dataFolder),
    behaviour: readBehaviour(behaviour),
  });
  return { server, what: `an object store, with a folder of this machine (bucket ${bucket})` };
});

import { join } from 'node:path';
import { runStandIn } from '@meridian/kit/external/run-stand-in.ts';
import { Heartbeats } from './heartbeats.ts';
import { createPagerServer } from './http-server.ts';
import { Incidents } from './incidents.ts';
import { readPagerSettings, Trouble } from './trouble.ts';

/*
 * Plays PagerDuty where there is none, and whoever outside waits for the platform's heartbeat: nobody is woken.
 */

await runStandIn(({ configuration, log, secrets }) => {
  const { dataFolder, behaviour } = configuration;
  const settings = readPagerSettings(behaviour);
  const incidents = new Incidents(join(dataFolder, 'events.jsonl'));
  const heartbeats = new Heartbeats(incidents, settings.heartbeatSeconds);
  const routingKeys = (): readonly string[] =>
    Object.keys(configuration.secretFiles).flatMap((name) => secrets(name));
  routingKeys();
  return {
    server: createPagerServer({
      ...{ incidents, heartbeats, routingKeys, log },
      trouble: new Trouble(settings),
    }),
    what: 'PagerDuty, which wakes nobody',
    close: () => heartbeats.close(),
  };
});

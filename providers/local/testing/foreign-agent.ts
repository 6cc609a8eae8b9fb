import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { ZoneFolders } from '../agent/zone/zone-folders.ts';
import { takeZoneLock } from '../agent/zone/zone-lock.ts';
import { readFolders } from '../folders.ts';

/** Run by a test as a program: holds zone a as an agent of another version would, and says what none of ours says. */
const folders = readFolders(process.env);
const zone = new ZoneFolders(folders, 'a');
mkdirSync(zone.root, { recursive: true });
mkdirSync(folders.runtime, { recursive: true });
writeFileSync(zone.settings, '{}');
takeZoneLock(zone.lock, 'a');
createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"version":"of another time"}');
}).listen(zone.socket, () => console.log('listening'));

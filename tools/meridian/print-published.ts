import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { publishedObjects } from './kept-heads.ts';

// Run as the account of the platform by root, which reads no file of that account itself: what the checkpoint
// store has of what is not named on standard input, a line of JSON each.
const [data = '', store = ''] = process.argv.slice(2);
const known = new Set(readFileSync(0, 'utf8').split('\n'));
for (const zone of readdirSync(data)) {
  for (const object of publishedObjects(path.join(data, zone, store), known)) {
    process.stdout.write(`${JSON.stringify(object)}\n`);
  }
}

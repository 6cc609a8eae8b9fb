import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '@meridian/kit/process.ts';
import { serveGateway } from './gateway.ts';
import type { Comments } from './openapi/comments.ts';
import type { ExampleTable } from './openapi/examples.ts';
import { PUBLIC_SERVICES } from './gen/public-contracts.ts';

// Named in full: what a program reads is told by its text (components/service/program-files.ts).
const COMMENTS = join(import.meta.dirname, 'gen/comments.json');
const EXAMPLES = join(import.meta.dirname, 'gen/examples.json');

await runProcess(async (runtime) => {
  const comments = (await jsonOf(COMMENTS)) as Comments;
  const examples = (await jsonOf(EXAMPLES)) as ExampleTable;
  await serveGateway(runtime, { services: PUBLIC_SERVICES, comments, examples });
});

async function jsonOf(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

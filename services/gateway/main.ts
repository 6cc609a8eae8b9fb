import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '@meridian/kit/process.ts';
import { serveGateway } from './gateway.ts';
import type { Comments } from './openapi/comments.ts';
import type { ExampleTable } from './openapi/examples.ts';
import { PUBLIC_SERVICES } from './gen/public-contracts.ts';

await runProcess(async (runtime) => {
  const comments = (await generated('comments')) as Comments;
  const examples = (await generated('examples')) as ExampleTable;
  await serveGateway(runtime, { services: PUBLIC_SERVICES, comments, examples });
});

async function generated(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(import.meta.dirname, `gen/${name}.json`), 'utf8'));
}

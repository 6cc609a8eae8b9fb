import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '@meridian/kit/process.ts';
import { serveGateway } from './gateway.ts';
import type { Comments } from './openapi/comments.ts';
import { PUBLIC_SERVICES } from './gen/public-contracts.ts';

await runProcess(async (runtime) => {
  const file = join(import.meta.dirname, 'gen/comments.json');
  const comments = JSON.parse(await readFile(file, 'utf8')) as Comments;
  await serveGateway(runtime, { services: PUBLIC_SERVICES, comments });
});

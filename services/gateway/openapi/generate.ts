import { writeFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getComments } from '@bufbuild/protoplugin';
import type { DescEnum, DescMessage, DescService, FileRegistry } from '@bufbuild/protobuf';
import { nestedTypes } from '@bufbuild/protobuf/reflect';
import { routeAccess } from '@meridian/components/model/route-access.ts';
import { accessTable } from '../token/access-table.ts';
import type { AccessTable } from '../token/access-table.ts';
import { gateway } from '../service.ts';
import { PUBLIC_SERVICES } from '../public-contracts.ts';
import { buildRouteTable } from '../transcode/route-table.ts';
import { fullName } from './comments.ts';
import type { Comments } from './comments.ts';
import { buildDescriptorSet } from './descriptor-set.ts';
import { openApiDocument } from './document.ts';

/** Where the generated files lie, relative to the repository. */
export const GENERATED_FOLDER = 'services/gateway/openapi/gen';

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** Modules whose comments the document shows: the public services' contracts and the shared types. */
const MODULES = ['gateway', 'kit', ...PUBLIC_SERVICES.map(([name]) => name)].map(
  (name) => `services/${name}/contract/proto`,
);

/**
 * The generated files by name: the comments that generated code lacks, and the document of all public
 * services together, for review and for tests; a gateway serves that of the services it has.
 */
export async function generateFiles(): Promise<Readonly<Record<string, string>>> {
  const comments = commentsOf(await buildDescriptorSet(ROOT, MODULES));
  const routes = buildRouteTable(PUBLIC_SERVICES.map(([, service]) => service));
  return {
    'comments.json': format(comments),
    'openapi.json': format(openApiDocument(routes, comments, declaredAccess())),
  };
}

/** The access that the public services declare to their routes. */
export function declaredAccess(): AccessTable {
  const rules = gateway.calls.flatMap(({ service }) => routeAccess(service));
  return accessTable(Object.fromEntries(rules));
}

/** The comments of all elements in Meridian's own packages, sorted by full name. */
function commentsOf(registry: FileRegistry): Comments {
  const found: [string, string][] = [];
  const note = (desc: Parameters<typeof fullName>[0]): void => {
    const text = getComments(desc).leading?.trim().replace(/^ /gm, '');
    if (text !== undefined && text !== '') found.push([fullName(desc), reflow(text)]);
  };
  for (const file of registry.files) {
    if (!file.proto.package.startsWith('meridian.')) continue;
    for (const type of nestedTypes(file)) {
      if (type.kind === 'extension') continue;
      note(type);
      for (const member of membersOf(type)) note(member);
    }
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function membersOf(
  type: DescMessage | DescEnum | DescService,
): readonly Parameters<typeof fullName>[0][] {
  switch (type.kind) {
    case 'message':
      return type.fields;
    case 'enum':
      return type.values;
    case 'service':
      return type.methods;
  }
}

/** Lines that the .proto file breaks for its width become one; paragraphs stay. */
function reflow(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
    .join('\n\n');
}

function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  const folder = join(ROOT, GENERATED_FOLDER);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(await generateFiles())) {
    await writeFile(join(folder, name), content);
  }
}

import { lines } from '../lines.ts';
import type { NewService } from '../new-service-files.ts';

/** What the platform and npm know of the service. */
export function declarationFiles(service: NewService): Readonly<Record<string, string>> {
  return {
    'package.json': manifest(service),
    'service.ts': declaration(service),
    ...(service.isPublic ? { 'access.ts': access(service) } : {}),
    ...(service.publishes ? { 'topics.ts': topics(service) } : {}),
  };
}

function manifest({ service, Resource }: NewService): string {
  const content = {
    name: `@meridian/${service}`,
    version: '0.1.0',
    description: `Keeps each ${Resource.toLowerCase()}.`,
    private: true,
    license: 'Apache-2.0',
    type: 'module',
    exports: { './*': './*' },
    dependencies: {
      '@bufbuild/protobuf': '2.17.0',
      '@meridian/kit': '0.1.0',
      '@meridian/language': '0.1.0',
    },
    devDependencies: { '@meridian/components': '0.1.0' },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function declaration(given: NewService): string {
  const { service, Service, resource, slot, isPublic, publishes, consumes } = given;
  return lines(
    ...consumes.map((one) => `import { ${one.topic} } from '@meridian/${one.service}/topics.ts';`),
    `import { defineService } from '@meridian/components/model/service.ts';`,
    `import { postgres } from '@meridian/components/model/store.ts';`,
    isPublic && `import { ${service}Access } from './access.ts';`,
    `import { ${Service}Service } from './contract/gen/meridian/${service}/v1/${service}_pb.js';`,
    publishes && `import { ${service}Events } from './topics.ts';`,
    '',
    `/** Keeps each ${resource}. */`,
    `export const ${service} = defineService({`,
    `  name: '${service}',`,
    `  summary: 'Keeps each ${resource}',`,
    `  owner: 'platform-team',`,
    `  slot: ${slot},`,
    `  contract: ${Service}Service,`,
    publishes && `  publishes: [${service}Events],`,
    consumes.length > 0 && `  consumes: [${consumes.map(({ topic }) => topic).join(', ')}],`,
    `  stores: [postgres({ name: '${service}', migrations: 'services/${service}/migrations' })],`,
    `  exposure: '${isPublic ? 'public' : 'internal'}',`,
    '  // As long as nobody knows better: every replica takes connections of PostgreSQL from the others.',
    '  scale: { maxReplicas: 4 },',
    isPublic && `  access: ${service}Access,`,
    `  objectives: { availabilityPercent: 99.9, latencyP95Ms: 50, latencyP99Ms: 200 },`,
    `  implemented: true,`,
    `});`,
  );
}

function access({ service, Service, resource, Resource }: NewService): string {
  return lines(
    `import { everybody, NO, SIGN_IN, YES } from '@meridian/language/access.ts';`,
    `import type { AccessTable } from '@meridian/language/access.ts';`,
    `import type { ${Service}Service } from './contract/gen/meridian/${service}/v1/${service}_pb.js';`,
    '',
    `/** Each ${resource} is the shop's: whoever may call does so with any. */`,
    `const any = { another: YES, absent: 'NOT_FOUND' } as const;`,
    '',
    `/** Who may call ${service}. */`,
    `export const ${service}Access = {`,
    `  get${Resource}: everybody(any),`,
    `  put${Resource}: { anonymous: SIGN_IN, customer: YES, merchant: YES, support: YES, auditor: NO },`,
    `} as const satisfies AccessTable<keyof typeof ${Service}Service.method>;`,
  );
}

function topics({ service, resource, Resource }: NewService): string {
  return lines(
    `import { topic } from '@meridian/language/topic.ts';`,
    `import { ${Resource}ChangedSchema } from './contract/gen/meridian/${service}/v1/events_pb.js';`,
    '',
    `/** What happened to each ${resource}. */`,
    `export const ${service}Events = topic({`,
    `  name: '${service}.events.v1',`,
    `  key: '${resource}_id',`,
    `  events: [${Resource}ChangedSchema],`,
    `});`,
  );
}

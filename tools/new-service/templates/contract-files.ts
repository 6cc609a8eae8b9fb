import { lines } from '../lines.ts';
import type { NewService } from '../new-service-files.ts';

/** Its API, and its events if it has some. */
export function contractFiles(service: NewService): Readonly<Record<string, string>> {
  const folder = `contract/proto/meridian/${service.service}/v1`;
  return {
    [`${folder}/${service.service}.proto`]: api(service),
    ...(service.isPublic ? { 'contract/examples.ts': examples(service) } : {}),
    ...(service.publishes ? { [`${folder}/events.proto`]: events(service) } : {}),
  };
}

function api({ service, Service, resource, Resource, isPublic }: NewService): string {
  return lines(
    'syntax = "proto3";',
    '',
    `package meridian.${service}.v1;`,
    '',
    isPublic && 'import "google/api/annotations.proto";',
    'import "google/protobuf/timestamp.proto";',
    isPublic && 'import "meridian/type/v1/method_options.proto";',
    '',
    `// Keeps each ${resource}.`,
    `service ${Service}Service {`,
    `  // Gets one ${resource}; NOT_FOUND if there is none with this id.`,
    `  rpc Get${Resource}(Get${Resource}Request) returns (Get${Resource}Response) {`,
    '    option idempotency_level = NO_SIDE_EFFECTS;',
    isPublic && '    option (meridian.type.v1.refused_by_state) = "not-found";',
    ...(isPublic ? route(`get: "/v1/${service}/{${resource}_id}"`, resource) : []),
    '  }',
    '',
    `  // Keeps a ${resource} under an id that the caller chooses; one that is there is replaced. Repeating it`,
    '  // changes nothing.',
    `  rpc Put${Resource}(Put${Resource}Request) returns (Put${Resource}Response) {`,
    '    option idempotency_level = IDEMPOTENT;',
    ...(isPublic
      ? route(`put: "/v1/${service}/{${resource}_id}"`, resource, `body: "${resource}"`)
      : []),
    '  }',
    '}',
    '',
    `// One ${resource}.`,
    `message ${Resource} {`,
    `  // Lower-case letters, digits and hyphens, 1 to 63; given by the path when it is put.`,
    `  string ${resource}_id = 1;`,
    '',
    '  // 1 to 1000 characters.',
    '  string text = 2;',
    '',
    '  // When it was put last.',
    '  google.protobuf.Timestamp update_time = 3;',
    '}',
    '',
    `message Get${Resource}Request {`,
    `  string ${resource}_id = 1;`,
    '}',
    '',
    `message Get${Resource}Response {`,
    `  ${Resource} ${resource} = 1;`,
    '}',
    '',
    `message Put${Resource}Request {`,
    `  string ${resource}_id = 1;`,
    `  ${Resource} ${resource} = 2;`,
    '}',
    '',
    `message Put${Resource}Response {`,
    `  ${Resource} ${resource} = 1;`,
    '}',
  );
}

function route(verb: string, resource: string, body?: string): readonly string[] {
  return [
    '    option (google.api.http) = {',
    `      ${verb}`,
    ...(body === undefined ? [] : [`      ${body}`]),
    `      response_body: "${resource}"`,
    '    };',
  ];
}

function events({ service, resource, Resource }: NewService): string {
  return lines(
    'syntax = "proto3";',
    '',
    `package meridian.${service}.v1;`,
    '',
    `import "meridian/${service}/v1/${service}.proto";`,
    '',
    `// A ${resource} was put: the whole of it, as it is now.`,
    `message ${Resource}Changed {`,
    `  ${Resource} ${resource} = 1;`,
    '}',
  );
}

function examples({ service, Service, resource, Resource }: NewService): string {
  return lines(
    "import { SOME_TIME } from '@meridian/kit/contract/example.ts';",
    "import type { Examples } from '@meridian/kit/contract/example.ts';",
    `import type { ${Service}Service } from './gen/meridian/${service}/v1/${service}_pb.js';`,
    '',
    `const ${resource} = { ${resource}Id: 'first', text: 'Hello', updateTime: SOME_TIME };`,
    '',
    `/** What is shown of ${service}: by the OpenAPI document, and executed by its test. */`,
    `export const examples: Examples<typeof ${Service}Service> = {`,
    `  put${Resource}: [`,
    '    {',
    "      name: 'put',",
    `      summary: 'A customer puts a ${resource} under an id of their own.',`,
    "      as: 'customer',",
    `      request: { ${resource}Id: 'first', ${resource}: { text: 'Hello' } },`,
    `      response: ${resource},`,
    '    },',
    '  ],',
    `  get${Resource}: [`,
    '    {',
    "      name: 'got',",
    `      summary: 'Somebody reads it.',`,
    "      as: 'customer',",
    `      request: { ${resource}Id: 'first' },`,
    `      response: ${resource},`,
    `      after: ['Put${Resource}'],`,
    '    },',
    '  ],',
    '};',
  );
}

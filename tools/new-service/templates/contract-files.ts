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
    'import "buf/validate/validate.proto";',
    isPublic && 'import "google/api/annotations.proto";',
    'import "google/api/field_behavior.proto";',
    'import "google/protobuf/timestamp.proto";',
    'import "meridian/type/v1/field_options.proto";',
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
    '  // 1 to 1000 characters; line breaks and tabs are the only control characters.',
    '  string text = 2 [',
    '    (google.api.field_behavior) = REQUIRED,',
    '    (buf.validate.field).string = {',
    '      min_len: 1',
    '      max_len: 1000',
    String.raw`      pattern: "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]*$"`,
    '    },',
    '    (meridian.type.v1.wording).allowed = "a text without control characters but tabs and line breaks"',
    '  ];',
    '',
    '  // When it was put last.',
    '  google.protobuf.Timestamp update_time = 3;',
    '}',
    '',
    `message Get${Resource}Request {`,
    ...identifier(resource),
    '}',
    '',
    `message Get${Resource}Response {`,
    `  ${Resource} ${resource} = 1;`,
    '}',
    '',
    `message Put${Resource}Request {`,
    ...identifier(resource),
    '',
    `  ${Resource} ${resource} = 2 [`,
    '    (google.api.field_behavior) = REQUIRED,',
    '    (buf.validate.field).required = true',
    '  ];',
    '}',
    '',
    `message Put${Resource}Response {`,
    `  ${Resource} ${resource} = 1;`,
    '}',
  );
}

/** The field of a request that says which one is meant. */
function identifier(resource: string): readonly string[] {
  return [
    `  string ${resource}_id = 1 [`,
    '    (google.api.field_behavior) = REQUIRED,',
    '    (buf.validate.field).string.pattern = "^[a-z0-9-]{1,63}$",',
    `    (meridian.type.v1.wording).allowed = "1 to 63 lower-case letters, digits or '-'"`,
    '  ];',
  ];
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

import type { DescField, DescService } from '@bufbuild/protobuf';
import { ProblemSchema } from '../contract/gen/meridian/gateway/v1/problem_pb.js';
import { IF_MATCH_PATTERN } from '../http/conditions.ts';
import { LONGEST_WAIT_SECONDS } from '../http/waiting.ts';
import { problemType } from '../problem/catalogue.ts';
import { PROBLEM_MEDIA_TYPE } from '../problem/http-problem.ts';
import { versionField } from '../transcode/http-binding.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { readerOf } from '../transcode/location.ts';
import { shape } from '../transcode/path-template.ts';
import type { RouteTable } from '../transcode/route-table.ts';
import { accessTo } from '../token/access-table.ts';
import type { AccessTable } from '../token/access-table.ts';
import { firstSentence, fullName, tagOf } from './comments.ts';
import type { Comments } from './comments.ts';
import { OperationExamples } from './examples.ts';
import type { ExampleTable } from './examples.ts';
import { webhookOperation } from './webhook.ts';
import { IDEMPOTENCY_KEY_PARAMETERS, idempotencyParameter } from './idempotency.ts';
import { problemResponses, sharedProblemResponses, stateProblems } from './problem-responses.ts';
import { pathNames, pathParameters, queryParameters } from './parameters.ts';
import type { PathNames } from './parameters.ts';
import { Schemas } from './schemas.ts';
import type { Schema } from './schemas.ts';
import { ACCESS_TOKEN, ACCESS_TOKEN_SCHEME, securityOf } from './security.ts';

/** An OpenAPI document as plain JSON; every reader of it validates by itself. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

/**
 * Describes exactly the routes of a table as OpenAPI 3.1. The same table and comments give the same
 * document to the byte.
 */
export function openApiDocument(
  routes: RouteTable,
  comments: Comments,
  access: AccessTable,
  examples: ExampleTable = {},
): OpenApiDocument {
  const schemas = new Schemas(comments);
  schemas.message(ProblemSchema);
  const paths = new Map<string, Record<string, unknown>>();
  const names = new Map<string, PathNames>();
  for (const binding of sorted(routes.bindings)) {
    // OpenAPI allows a path once, whatever its parameters are called: the first binding names them.
    const key = shape(binding.template);
    const named = names.get(key) ?? pathNames(binding);
    names.set(key, named);
    const item = paths.get(named.path) ?? {};
    item[binding.verb.toLowerCase()] =
      binding.webhook === undefined
        ? operation(binding, named, schemas, access, new OperationExamples(examples, binding))
        : {
            ...heading(binding, schemas),
            ...webhookOperation(binding.webhook, pathParameters(binding, named, schemas)),
            responses: {
              200: success(binding, schemas),
              '4XX': PROBLEM,
              '5XX': PROBLEM,
            },
          };
    paths.set(named.path, item);
  }
  const services = [...new Set(routes.bindings.map(({ method }) => method.parent))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Meridian',
      version: 'v1',
      summary: 'The edge API',
      description:
        'JSON over HTTPS, by the protobuf JSON mapping. Field names may be given in camelCase or as in ' +
        'the .proto files and are answered in camelCase. 64-bit integers are strings. Unknown fields ' +
        'and parameters are refused. Errors are RFC 9457 problem details. ' +
        'Every operation lists under x-refused-by-state the types of problems by which it refuses a request ' +
        'that fits this document: those say how things are.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: services
      .map((service) => ({ name: tagOf(service), ...tagDescription(service, routes, schemas) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    paths: Object.fromEntries([...paths].sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: schemas.components,
      parameters: {
        RequestId: REQUEST_ID_PARAMETER,
        ...IDEMPOTENCY_KEY_PARAMETERS,
        ...CONDITION_PARAMETERS,
      },
      headers: { RequestId: REQUEST_ID_RESPONSE_HEADER },
      responses: {
        Problem: PROBLEM_RESPONSE,
        ...sharedProblemResponses(),
      },
      securitySchemes: { [ACCESS_TOKEN]: ACCESS_TOKEN_SCHEME },
    },
  };
}

/** What a service does; of one that users do not reach no more than that. */
function tagDescription(service: DescService, { bindings }: RouteTable, schemas: Schemas) {
  const isForUsers = bindings.some(
    ({ method, webhook }) => method.parent === service && webhook === undefined,
  );
  return isForUsers
    ? schemas.description(service.typeName)
    : { description: 'For systems outside the platform alone.' };
}

const CONDITION_PARAMETERS = {
  IfMatch: {
    name: 'if-match',
    in: 'header',
    description:
      'Entity tags in quotes, as ETag has them: unless the resource still has one of them nothing is changed and the answer is 412 (RFC 9110).',
    schema: { type: 'string', pattern: IF_MATCH_PATTERN },
  },
  Prefer: {
    name: 'prefer',
    in: 'header',
    description: `\`wait=N\` together with If-None-Match: answers when the resource has another entity tag, after N seconds at the latest and never after more than ${LONGEST_WAIT_SECONDS} (RFC 7240). Preference-Applied says whether the answer was waited for; without it, come again a little later.`,
    schema: { type: 'string' },
  },
  IfNoneMatch: {
    name: 'if-none-match',
    in: 'header',
    description: 'Entity tags in quotes: the answer is 304 if the resource still has one of them.',
    schema: { type: 'string' },
  },
} as const;

const REQUEST_ID_SCHEMA = { type: 'string', pattern: '^[A-Za-z0-9._~:-]{1,128}$' } as const;

const REQUEST_ID_PARAMETER = {
  name: 'x-request-id',
  in: 'header',
  description:
    'Names the request in logs and in problems: at most 128 letters, digits and `._~:-`. Another one is replaced, not refused.',
  schema: { type: 'string' },
} as const;

const REQUEST_ID_RESPONSE_HEADER = {
  description: 'The id of the request, as given or new.',
  schema: REQUEST_ID_SCHEMA,
} as const;

const PROBLEM_RESPONSE = {
  description: 'The request was refused or failed.',
  headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
  content: {
    [PROBLEM_MEDIA_TYPE]: { schema: { $ref: `#/components/schemas/${ProblemSchema.typeName}` } },
  },
} as const;

const PROBLEM = { $ref: '#/components/responses/Problem' } as const;

function operation(
  binding: HttpBinding,
  names: PathNames,
  schemas: Schemas,
  access: AccessTable,
  examples: OperationExamples,
): unknown {
  const { method } = binding;
  const needs = accessTo(access, method);
  const own = [...pathParameters(binding, names, schemas), ...queryParameters(binding, schemas)];
  const parameters = [
    ...own.map((each) => examples.parameter(each)),
    { $ref: '#/components/parameters/RequestId' },
    ...idempotencyParameter(method, needs),
    ...conditionParameters(binding),
  ];
  return {
    ...heading(binding, schemas),
    parameters,
    security: securityOf(needs),
    ...requestBody(binding, schemas, examples),
    responses: {
      [readerOf(binding) === undefined ? 200 : 201]: success(binding, schemas, examples.response),
      ...(etagField(binding) === undefined || binding.verb !== 'GET'
        ? {}
        : { 304: { description: 'The entity tag in If-None-Match still fits.' } }),
      ...problemResponses(binding, needs),
    },
    'x-refused-by-state': stateProblems(binding, needs).map(problemType),
    ...examples.execution,
  };
}

/** What an operation is called, and what it does. */
function heading({ method, index }: HttpBinding, schemas: Schemas) {
  const { description } = schemas.description(fullName(method));
  const suffix = index === 0 ? '' : `_${index + 1}`;
  return {
    operationId: `${tagOf(method.parent)}_${method.name}${suffix}`,
    tags: [tagOf(method.parent)],
    summary: firstSentence(description ?? method.name),
    ...(description === undefined ? {} : { description }),
  };
}

/** The conditions that can be asked of an operation; every other one is refused. */
function conditionParameters(binding: HttpBinding): readonly unknown[] {
  if (binding.verb === 'GET') {
    return [
      ...(etagField(binding) === undefined ? [] : ['IfNoneMatch']),
      ...(binding.waits === undefined ? [] : ['Prefer']),
    ].map((name) => ({ $ref: `#/components/parameters/${name}` }));
  }
  return versionField(binding.method.input) === undefined
    ? []
    : [{ $ref: '#/components/parameters/IfMatch' }];
}

function requestBody(
  binding: HttpBinding,
  schemas: Schemas,
  examples: OperationExamples,
): { requestBody?: unknown } {
  const { body, method } = binding;
  if (body === 'none') return {};
  const message = body === 'whole' ? method.input : body.message;
  if (message !== undefined) schemas.close(message);
  const schema = body === 'whole' ? wholeBody(binding, schemas) : schemas.field(body);
  const content = { 'application/json': { schema, ...examples.body } };
  return { requestBody: { required: true, content } };
}

/** The message but what the path gives; who gives it twice is held to give the same. */
function wholeBody({ method, pathFields }: HttpBinding, schemas: Schemas): Schema {
  const { input } = method;
  const inPath = input.fields.filter((field) => pathFields.some(([first]) => first === field));
  return inPath.length === 0 ? schemas.message(input) : schemas.without(input, inPath);
}

function success(binding: HttpBinding, schemas: Schemas, examples: Schema = {}): unknown {
  const { method, responseBody } = binding;
  const schema: Schema =
    responseBody === undefined ? schemas.message(method.output) : schemas.field(responseBody);
  const etag = { ETag: { description: 'Version of the resource.', schema: { type: 'string' } } };
  const created = readerOf(binding) !== undefined;
  return {
    description: created ? 'Created.' : 'OK',
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(etagField(binding) === undefined ? {} : etag),
      ...(created ? { Location: LOCATION } : {}),
      ...(binding.waits === undefined ? {} : { 'Preference-Applied': PREFERENCE_APPLIED }),
    },
    content: { 'application/json': { schema, ...examples } },
  };
}

const LOCATION = {
  description: 'The path of what was created.',
  schema: { type: 'string', format: 'uri-reference' },
} as const;

const PREFERENCE_APPLIED = {
  description: 'For how many seconds a change was waited for at most, as `wait=N`.',
  schema: { type: 'string' },
} as const;

/** The field of the resource in the response body that becomes its entity tag. */
function etagField({ method, responseBody }: HttpBinding): DescField | undefined {
  const resource = responseBody === undefined ? method.output : responseBody.message;
  return resource?.fields.find(({ name }) => name === 'etag');
}

function sorted(bindings: readonly HttpBinding[]): readonly HttpBinding[] {
  const key = ({ template, verb }: HttpBinding): string => `${template.source} ${verb}`;
  return [...bindings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

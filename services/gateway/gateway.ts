import type { AddressInfo } from 'node:net';
import type { DescService } from '@bufbuild/protobuf';
import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { cannotListen } from '@meridian/kit/cannot-listen.ts';
import { openClient } from '@meridian/kit/clients.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type {
  ListenAddress,
  ServiceConfiguration,
} from '@meridian/language/service-configuration.ts';
import { EVERY_METHOD } from '@meridian/language/method.ts';
import { RATE_LIMIT_CLASSES } from '@meridian/language/rate-limit.ts';
import { ContextSigner } from '@meridian/kit/context/context-signer.ts';
import { Admission, observeAdmission } from '@meridian/kit/rpc/admission.ts';
import { openRedis } from '@meridian/kit/redis/redis.ts';
import type { Redis } from '@meridian/kit/redis/redis.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { openSigningKey } from '@meridian/kit/tls/open-signing-key.ts';
import { openPreviewShare } from './canary/preview-share.ts';
import { FirstContact } from './first-contact.ts';
import { LIMITS } from './http/limits.ts';
import type { Limits } from './http/limits.ts';
import { buildServer } from './http/server.ts';
import { HttpTelemetry } from './http/telemetry.ts';
import { Waits } from './http/waiting.ts';
import type { Comments } from './openapi/comments.ts';
import type { ExampleTable } from './openapi/examples.ts';
import { openApiDocument } from './openapi/document.ts';
import { accessTable } from './token/access-table.ts';
import { tokenAuthenticator } from './token/authenticator.ts';
import { trustIdentity } from './token/identity-trust.ts';
import type { Trust } from './token/identity-trust.ts';
import { limitToken } from './rate-limit/limit-request.ts';
import { rateLimitDecisions } from './rate-limit/limit-metrics.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import type { gateway } from './service.ts';
import { buildRouteTable } from './transcode/route-table.ts';

/** What a gateway serves. */
export interface GatewaySettings {
  /** The public services by the name of their binding; one without a binding is not routed. */
  readonly services: readonly (readonly [name: string, contract: DescService])[];
  /** Descriptions for the OpenAPI document. */
  readonly comments: Comments;
  /** For the document too. @default none */
  readonly examples?: ExampleTable;
  /** @default LIMITS */
  readonly limits?: Limits;
  /** @default TRUST */
  readonly trust?: Trust;
}

/**
 * Serves the edge API within a runtime until the runtime stops: what of the public services is bound
 * is routed, documented and called.
 *
 * @returns the port it listens on.
 * @throws {CodedError} if service.json lacks `listen` or names no client.
 */
export async function serveGateway(runtime: Runtime, settings: GatewaySettings): Promise<number> {
  const { configuration, identity, log, metrics, readiness } = runtime;
  const listen = requireListen(configuration);
  const allowedPeers = requirePeers(configuration);
  const bound = settings.services.filter(([name]) => runtime.bindings.has(name));
  const clients = bound.map(([name, contract]) => openClient(runtime, name, contract));
  const byContract = new Map(clients.map((client) => [client.service.typeName, client]));
  const routes = buildRouteTable(bound.map(([, contract]) => contract));
  const admission = new Admission(configuration.limits);
  observeAdmission(admission, metrics.registry);
  const limits = settings.limits ?? LIMITS;
  const waits = new Waits(limits.waitingMost);
  const access = accessTable(configuration.context.methods);
  const rateLimiter = new RateLimiter(
    openLimits(runtime),
    requireRateLimits(configuration),
    rateLimitDecisions(metrics.registry),
  );
  const telemetry = new HttpTelemetry(runtime);
  telemetry.existsFor(routes.bindings);
  const app = buildServer({
    routes,
    openApi: JSON.stringify(openApiDocument(routes, settings.comments, access, settings.examples)),
    readiness,
    identity,
    allowedPeers,
    log,
    telemetry,
    rateLimiter,
    admission,
    waits,
    limits,
    contexts: new ContextSigner(openSigningKey(runtime, 'context')),
    colours: openPreviewShare(runtime),
    authenticator: tokenAuthenticator(
      access,
      trustIdentity(runtime, clients, settings.trust),
      (request) => limitToken(request, rateLimiter),
    ),
    connectionMaxAgeMs: configuration.connectionMaxAgeSeconds * 1_000,
    invoke: (method, request, options) => {
      const client = byContract.get(method.parent.typeName);
      if (client === undefined) throw new Error(`no client for ${method.parent.typeName}`);
      const timeoutMs = limits.callTimeoutMs + (options.waitMs ?? 0);
      return client.unary(method, request, { ...options, timeoutMs });
    },
  });
  const contact = new FirstContact(clients, log);
  readiness.add('first-contact', contact.check);
  runtime.onDrain('HTTPS server', async (graceMs) => {
    contact.close();
    waits.answerAll();
    const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
    await app.close();
    clearTimeout(timer);
  });
  try {
    await app.listen({ host: listen.address, port: listen.port });
  } catch (cause) {
    throw cannotListen('HTTPS server', listen, cause as Error);
  }
  const { port } = app.server.address() as AddressInfo;
  readiness.serving();
  log.info({ address: listen.address, port, services: bound.map(([name]) => name) }, 'serving');
  return port;
}

/** The store that the declaration names; without its binding each replica limits by itself. */
const LIMITS_STORE: StoreBinding<typeof gateway, 'redis'> = 'gateway-redis';

function openLimits(runtime: Runtime): Redis | undefined {
  return runtime.bindings.has(LIMITS_STORE) ? openRedis(runtime, LIMITS_STORE) : undefined;
}

function requireListen({ service, listen }: ServiceConfiguration): ListenAddress {
  if (listen !== undefined) return listen;
  throw new CodedError(
    'KIT_CONFIGURATION',
    `Configuration of '${service}': listen must be given, as it serves the edge API`,
  );
}

function requireRateLimits({
  service,
  rateLimits,
}: ServiceConfiguration): ServiceConfiguration['rateLimits'] {
  if (RATE_LIMIT_CLASSES.every((name) => rateLimits[name] !== undefined)) return rateLimits;
  throw new CodedError(
    'KIT_CONFIGURATION',
    `Configuration of '${service}': rateLimits must have the classes ${RATE_LIMIT_CLASSES.join(', ')}, got ${Object.keys(rateLimits).join(', ') || 'none'}; the graph has them in services/gateway/service.ts`,
  );
}

function requirePeers({ service, allow }: ServiceConfiguration): readonly string[] {
  const peers = allow[EVERY_METHOD] ?? [];
  if (peers.length > 0) return peers;
  throw new CodedError(
    'KIT_CONFIGURATION',
    `Configuration of '${service}': allow["${EVERY_METHOD}"] must name the edge's SPIFFE ID, got nothing; the gateway would serve nobody`,
  );
}
